import { PALETTE } from '../../words/palette.ts'

/** The look of all pages: system fonts, nothing told by colour alone. */
export const PAGE_STYLE = `
${PALETTE}
* { box-sizing: border-box; }
html { scrollbar-gutter: stable; }
body { margin: 0 auto; padding: 0 1.25rem 2rem; max-width: 76rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
code, pre { font-family: ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace; font-size: 0.92em; overflow-wrap: anywhere; unicode-bidi: isolate; }
bdi { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; margin: 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; } .skip:focus { position: static; display: inline-block; padding: 0.5rem 0; }
.top { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; border-bottom: 1px solid var(--line); padding: 0.9rem 0; }
.top .brand { font-weight: 700; color: var(--text); text-decoration: none; }
.top form { margin-left: auto; display: flex; gap: 0.5rem; flex-wrap: wrap; align-items: center; }
input, button { font: inherit; min-height: 2.25rem; padding: 0.2rem 0.7rem; color: var(--text); background: var(--ground); border: 1px solid var(--quiet); border-radius: 0.3rem; }
input[type='search'] { width: min(18rem, 70vw); }
button { cursor: pointer; background: var(--raised); font-weight: 600; }
h1 { font-size: 1.5rem; margin: 1.25rem 0 0.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 0.75rem; } h3 { font-size: 1rem; margin: 0; }
.lead { font-size: 1.1rem; margin: 0.25rem 0; } .quiet { color: var(--quiet); } p { margin: 0.4rem 0; }
.where { margin: 1rem 0 0; font-size: 0.9rem; }
.act { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; margin: 0.75rem 0; }
.badge { display: inline-block; padding: 0 0.55rem; border-radius: 0.3rem; font-weight: 700; font-size: 0.9rem; background: var(--quiet); color: var(--on); white-space: nowrap; }
.badge.in-sync { background: var(--good); } .badge.drifted { background: var(--critical); } .badge.incomplete { background: var(--medium); }
.severity { font-weight: 700; white-space: nowrap; color: var(--low); } .severity.critical { color: var(--critical); } .severity.high { color: var(--high); } .severity.medium { color: var(--medium); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
caption { text-align: left; color: var(--quiet); padding: 0 0 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.9rem 0.4rem 0; border-bottom: 1px solid var(--line); }
th { font-size: 0.85rem; color: var(--quiet); font-weight: 600; } td.time { white-space: nowrap; }
svg.strip { display: block; width: 9rem; height: 1.1rem; border: 1px solid var(--line); background: var(--ground); }
svg.strip .in-sync { fill: var(--good); } svg.strip .drifted { fill: var(--critical); } svg.strip .incomplete { fill: var(--medium); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.card { background: var(--raised); border: 1px solid var(--line); border-left: 0.35rem solid var(--low); border-radius: 0.3rem; padding: 0.75rem 1rem; }
.card.critical { border-left-color: var(--critical); } .card.high { border-left-color: var(--high); } .card.medium { border-left-color: var(--medium); }
.card.ended, .card.accepted { border-left-color: var(--line); }
.card h3 { display: flex; flex-wrap: wrap; gap: 0.25rem 0.6rem; align-items: baseline; } .card p { margin: 0.3rem 0 0; }
.meta { display: flex; flex-wrap: wrap; gap: 0.15rem 1.25rem; font-size: 0.88rem; color: var(--quiet); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1.25rem; margin: 0.75rem 0; } dl.facts dt { color: var(--quiet); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 0.75rem; margin: 0.75rem 0; }
.sides div { border: 1px solid var(--line); border-radius: 0.25rem; padding: 0.4rem 0.75rem; } .sides .old { background: var(--old); } .sides .new { background: var(--new); }
.sides dt { font-size: 0.85rem; color: var(--quiet); } .sides dd { margin: 0; }
.box { background: var(--raised); border-left: 4px solid var(--link); padding: 0.6rem 0.9rem; margin: 1rem 0; } .box.bad { border-left-color: var(--critical); }
ol.moves { list-style: none; margin: 0; padding: 0; } ol.moves li { padding: 0.3rem 0; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0 1.25rem; } ol.moves time { color: var(--quiet); white-space: nowrap; }
.pages { display: flex; gap: 1rem; margin: 1rem 0; flex-wrap: wrap; }
footer { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.9rem; display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
@media (max-width: 34rem) { dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: 0.4rem; } .top form { margin-left: 0; } }
@media print { .top form, .skip, .act button { display: none; } body { max-width: none; } }
`

/** A square of the house: without one, each page asks for a picture that is not there. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0a56b8"/><path d="M3 6h10M3 10h6" stroke="#fff" stroke-width="2"/></svg>`

/**
 * What a browser with scripts does more: the page is asked for again when the service says that something moved, and only where it is another one its middle is
 * put in place, with the focus where it was.
 */
export const PAGE_SCRIPT = `'use strict'
const state = document.getElementById('live')
let timer = null
async function renew() {
  timer = null
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, credentials: 'same-origin' }).catch(() => null)
  if (answer === null || !answer.ok) {
    // What stands here may be old: whoever reads it must know.
    if (state !== null) state.textContent = 'Not up to date: ' + (answer === null ? 'the service does not answer' : 'the service answers ' + answer.status)
    return
  }
  if (state !== null && state.textContent.startsWith('Not up')) state.textContent = 'Live'
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
  const main = document.querySelector('main')
  if (next === null || main === null || next.innerHTML === main.innerHTML) return
  const focus = document.activeElement
  const id = focus !== null && main.contains(focus) ? focus.id : ''
  main.replaceChildren(...next.childNodes)
  if (id !== '') document.getElementById(id)?.focus()
  if (state !== null) state.textContent = 'Updated ' + new Date().toISOString().slice(11, 19) + ' UTC'
}
function soon() {
  if (timer === null && !document.hidden) timer = setTimeout(renew, 200)
}
const source = new EventSource('/events')
source.addEventListener('changed', soon)
source.addEventListener('open', () => { if (state !== null) state.textContent = 'Live' })
source.addEventListener('error', () => { if (state !== null) state.textContent = 'Not connected; trying again' })
document.addEventListener('visibilitychange', soon)
setInterval(soon, 60000)
`
