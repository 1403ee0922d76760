import { runTool, say } from '../tools/run.mjs'
import { gateCases } from './gate/cases/all.ts'
import { RUNNERS } from './gate/case.ts'
import { runGate, shown } from './gate/run.ts'

await runTool(async () => {
  const ids = process.argv.slice(2)
  const cases = gateCases().filter(
    ({ id }) => ids.length === 0 || ids.some((each) => id === each || id.startsWith(`${each}-`)),
  )
  const t = performance.now()
  const judged = await runGate(cases, RUNNERS, (each) => {
    const { wrong, ms, log } = each
    say(`${wrong.length === 0 ? 'ok   ' : 'WRONG'} ${Math.round(ms)} ms ${shown(each)}`)
    if (process.env.LOG === '1') say(log)
  })
  say(
    `${judged.length} runs, ${judged.filter(({ wrong }) => wrong.length > 0).length} wrong, ${Math.round(performance.now() - t)} ms`,
  )
})
