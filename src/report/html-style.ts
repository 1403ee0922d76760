import { PALETTE } from '../words/palette.ts'

/** The look of the page: system fonts, nothing told by colour alone. */
export const REPORT_STYLE = `
${PALETTE}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 1.5rem; max-width: 64rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
code { font-family: ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace; font-size: 0.92em; overflow-wrap: anywhere; unicode-bidi: isolate; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; } .skip:focus { position: static; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1rem; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h1 code { font-size: 1em; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.75rem; } h3 { font-size: 1rem; margin: 0; }
section > h3 { margin: 1rem 0 0.25rem; font-weight: 600; }
.verdict { display: inline-block; margin: 0; padding: 0.2rem 0.8rem; border-radius: 0.3rem; font-weight: 700; background: var(--good); color: var(--on); }
.verdict.drifted { background: var(--critical); } .verdict.incomplete { background: var(--medium); }
.lead { font-size: 1.1rem; margin: 0.25rem 0; }
.counts { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.5rem 0 0; padding: 0; list-style: none; color: var(--quiet); }
.count { font-weight: 400; color: var(--quiet); }
.next { background: var(--raised); border-left: 4px solid var(--link); padding: 0.6rem 0.9rem; margin: 1.25rem 0; }
.next code { display: block; }
#filter { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: end; background: var(--ground); border-bottom: 1px solid var(--line); padding: 0.75rem 0; }
#filter label { display: flex; flex-direction: column; font-size: 0.85rem; color: var(--quiet); }
#filter label.check { flex-direction: row; gap: 0.4rem; align-items: center; min-height: 2.25rem; }
#filter input[type='search'], #filter select { font: inherit; font-size: 0.95rem; min-height: 2.25rem; padding: 0.2rem 0.5rem; color: var(--text); background: var(--ground); border: 1px solid var(--quiet); border-radius: 0.3rem; }
#filter input[type='search'] { width: min(18rem, 80vw); }
#shown { margin-left: auto; min-height: 2.25rem; display: flex; align-items: center; color: var(--quiet); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.card { background: var(--raised); border: 1px solid var(--line); border-left: 0.35rem solid var(--low); border-radius: 0.3rem; padding: 0.75rem 1rem; }
.card.critical { border-left-color: var(--critical); } .card.high { border-left-color: var(--high); } .card.medium { border-left-color: var(--medium); }
.card p { margin: 0.4rem 0 0; }
.card h3 { display: flex; flex-wrap: wrap; gap: 0.25rem 0.6rem; align-items: baseline; }
.severity { text-transform: uppercase; font-size: 0.8rem; letter-spacing: 0.04em; font-weight: 700; color: var(--low); }
.critical .severity { color: var(--critical); } .high .severity { color: var(--high); } .medium .severity { color: var(--medium); }
.tag { font-size: 0.8rem; font-weight: 400; color: var(--quiet); border: 1px solid var(--line); border-radius: 1rem; padding: 0 0.55rem; }
.api { color: var(--quiet); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: 0.5rem; margin: 0.5rem 0 0; }
dl div { border-radius: 0.25rem; padding: 0.3rem 0.6rem; border: 1px solid var(--line); }
dl .old { background: var(--old); } dl .new { background: var(--new); }
dt { font-size: 0.8rem; color: var(--quiet); } dd { margin: 0; }
.meta { display: flex; flex-wrap: wrap; gap: 0.15rem 1.25rem; font-size: 0.85rem; color: var(--quiet); }
.apis summary { cursor: pointer; padding: 0.3rem 0; } .apis ul { margin: 0.25rem 0 0.5rem; padding-left: 1.2rem; } .apis .meta { display: inline-flex; }
.settings { margin: 0.25rem 0 0; padding-left: 1.2rem; } .all { margin-top: 0.75rem; } .all summary { cursor: pointer; padding: 0.3rem 0; } .all .cards { margin-top: 0.5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.9rem; } footer p { margin: 0.25rem 0; }
@media (min-width: 48rem) and (min-height: 30rem) { #filter { position: sticky; top: 0; z-index: 1; } }
@media print { #filter, .skip { display: none; } body { max-width: none; } .card { break-inside: avoid; } }
`
