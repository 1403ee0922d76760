import { html } from 'hono/html'
import { GRAVEST_FIRST } from '../schema/finding.ts'
import { FINDING_INFO } from '../words/kinds.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { plural } from '../words/plural.ts'
import { arrange, partsOf } from '../words/arrange.ts'
import { groupFindings } from '../words/group-findings.ts'
import { byReason, groupLine, groupNotices } from '../words/group-notices.ts'
import { cardOf } from './html-card.ts'
import { htmlPage, type Markup } from './html-page.ts'
import { REPORT_SCRIPT } from './html-script.ts'
import { REPORT_STYLE } from './html-style.ts'
import { harmlessLine } from '../words/harmless.ts'
import { judgedParts } from '../words/judged.ts'
import {
  countsText,
  errorTexts,
  nextSteps,
  notesOf,
  proofText,
  ruleTexts,
  tenantText,
  verdictText,
  verdictWords,
} from '../words/summary.ts'
import { apiOf, settingText } from '../words/told.ts'

/** One page on its own: light and dark, with a filter that needs no server, readable without its script and by a screen reader. */
export function renderHtml(given: Report): Promise<string> {
  const report = arrange(given)
  const title = `${verdictWords(report)}: ${tenantText(report)}`
  const body = html`<a class="skip" href="#findings">Skip to the findings</a>
${htmlHead(report)}
<main>
${errors(report)}
${next(report)}
${findings(report)}
${ignored(report)}
${resolved(report)}
${listSection('Accept rules to look at', ruleTexts(report))}
${listSection(
  'Notes',
  notesOf(report).map((note) => harmlessLine(note)),
)}
</main>
${htmlFoot(report)}`
  return htmlPage({ title, style: REPORT_STYLE, script: REPORT_SCRIPT, body })
}

function htmlHead(report: Report): Markup {
  const counts = countsText(report)
  return html`<header>
<p class="verdict ${report.verdict}">${verdictWords(report)}</p>
<h1><code>${tenantText(report)}</code></h1>
<p class="lead">${verdictText(report)}</p>
${judgedMarkup(report)}
${counts.length === 0 ? '' : html`<ul class="counts">${counts.map((count) => html`<li>${count}</li>`)}</ul>`}
</header>`
}

function judgedMarkup(report: Report): Markup {
  const parts = judgedParts(report)
  if (parts.length === 0) return ''
  return html`<p class="judged">${parts.map(({ text, isCode }) => (isCode ? html`<code>${text}</code>` : text))}</p>`
}

function errors(report: Report): Markup {
  if (report.errors.length === 0) return ''
  return html`<section aria-labelledby="errors"><h2 id="errors">Why nothing is claimed</h2>
<ul>${errorTexts(report).map(
    ({ title, what, advice }) => html`
<li><code>${title}</code> ${what} <strong>${advice}</strong></li>`,
  )}
</ul></section>`
}

function next(report: Report): Markup {
  const steps = nextSteps(report).map(({ text, isCode }) => (isCode ? html` <code>${text}</code>` : html` ${text}`))
  return html`<p class="next"><strong>Next:</strong>${steps}</p>`
}

function findings(report: Report): Markup {
  const { weaker, counting, notices } = partsOf(report)
  return html`<section id="findings" aria-label="Findings" tabindex="-1">
${report.findings.length === 0 ? '' : filter(report)}
${cards('weaker', 'The declaration became less safe', weaker)}
${cards('counting', 'What counts', counting)}
${
  notices.length === 0
    ? ''
    : html`<section class="group" aria-labelledby="notices"><h2 id="notices">Notices <span class="count">${notices.length}</span></h2>
${byReason(groupNotices(report, notices)).map(
  ({ title, groups }) => html`
<h3>${title}</h3>
<ul class="settings">${groups.map((group) => html`<li><code>${groupLine(group)}</code></li>`)}</ul>`,
)}
<details class="all"><summary>Each of them</summary>
<ol class="cards">${groupFindings(notices).map(cardOf)}</ol>
</details>
</section>`
}
</section>`
}

function cards(id: string, title: string, list: readonly ReportFinding[]): Markup {
  if (list.length === 0) return ''
  return html`<section class="group" aria-labelledby="${id}"><h2 id="${id}">${title} <span class="count">${list.length}</span></h2>
<ol class="cards">${groupFindings(list).map(cardOf)}</ol></section>`
}

/** Hidden until the script is there that makes it work. */
function filter(report: Report): Markup {
  const kinds = [...new Set(report.findings.map(({ kind }) => kind))].sort()
  return html`<form id="filter" role="search" aria-label="Filter the findings" hidden>
<label>Search <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="API, setting, value, file"></label>
<label>At least <select id="severity"><option value="">any severity</option>${GRAVEST_FIRST.map((severity) => html`<option>${severity}</option>`)}</select></label>
<label>Kind <select id="kind"><option value="">any kind</option>${kinds.map((kind) => html`<option value="${kind}">${FINDING_INFO[kind].title}</option>`)}</select></label>
${report.against.previous ? html`<label class="check"><input id="new" type="checkbox"> only new</label>` : ''}
<output id="shown" role="status">${plural(report.findings.length, 'finding')}</output>
</form>`
}

function ignored(report: Report): Markup {
  if (report.ignored.length === 0) return ''
  return html`<section aria-labelledby="ignored"><h2 id="ignored">Ignored <span class="count">${report.ignored.length}</span></h2>
<div class="scroll" role="region" aria-label="Ignored findings" tabindex="0"><table>
<thead><tr><th scope="col">Setting</th><th scope="col">API</th><th scope="col">Reason</th><th scope="col">Owner</th><th scope="col">Until</th></tr></thead>
<tbody>${report.ignored.map(
    ({ finding, reason, owner, expires }) => html`
<tr><td><code>${settingText(finding)}</code></td><td><code>${apiOf(finding)}</code></td><td>${harmlessLine(reason, 300)}</td><td>${harmlessLine(owner, 100)}</td><td>${harmlessLine(expires, 20)}</td></tr>`,
  )}
</tbody></table></div></section>`
}

function resolved(report: Report): Markup {
  if (report.resolved.length === 0) return ''
  return html`<section aria-labelledby="resolved"><h2 id="resolved">Resolved <span class="count">${report.resolved.length}</span></h2>
<ul class="settings">${report.resolved.map((finding) => html`<li><code>${settingText(finding)}</code> of <code>${apiOf(finding)}</code></li>`)}</ul></section>`
}

function listSection(title: string, lines: readonly string[]): Markup {
  if (lines.length === 0) return ''
  return html`<section><h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`
}

function htmlFoot(report: Report): Markup {
  const proof = proofText(report)
  return html`<footer>${proof === null ? '' : html`<p>${proof}</p>`}<p>tenant-drift ${harmlessLine(report.tool.version, 50)}</p></footer>`
}
