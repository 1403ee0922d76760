// node bench/hide.ts: what it costs to take secrets out of a long text, with and without finds.
import { randomBytes } from 'node:crypto'
import { createHider } from '../src/words/hide.ts'

const LETTERS = 6_000_000
const SECRETS = 20

const secrets = Array.from({ length: SECRETS }, (_each, index) => {
  const letters = randomBytes(24).toString('base64')
  if (index === 0) return letters.slice(0, 8)
  return index % 2 === 0 ? letters : `${letters} "with" <signs> & ${letters}\nand lines of ${letters}`
})
const line = JSON.stringify({ identifier: 'https://api.example.com/orders/', name: 'Orders', token_lifetime: 86_400 })
const clean = `${line}\n`.repeat(Math.ceil(LETTERS / line.length)).slice(0, LETTERS)
const full = clean.replaceAll(/Orders/g, (word, at: number) => (at % 50 === 0 ? (secrets[at % SECRETS] ?? word) : word))

const begun = performance.now()
const hider = createHider(secrets)
hider.hide('')
console.log(`${SECRETS} secrets made ready: ${Math.round(performance.now() - begun)} ms`)
for (const [name, text] of [
  ['nothing in it', clean],
  ['secrets in it', full],
] as const) {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    hider.hide(text)
    return performance.now() - start
  }).sort((a, b) => a - b)
  console.log(`${text.length} letters, ${name}, ${hider.count(text)} finds: median ${Math.round(times[2] ?? 0)} ms`)
}
