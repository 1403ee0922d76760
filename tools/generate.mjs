#!/usr/bin/env node
// npm run generate: what is derived from the sources: from the catalogues of fields and settings, from the commands and the words; from the imports the diagram
// of the architecture page.
// `--check` writes nothing and fails when a committed one differs.
// Run by the Node 24 of node_modules: it loads the catalogue's TypeScript as it is.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pageWithArrows } from './arrows.mjs'
import { ROOT, runTool, say } from './run.mjs'

await runTool(async () => {
  const { configJsonSchema } = await import('../src/schema/config.ts')
  const { declaredJsonSchema } = await import('../src/schema/declared-json-schema.ts')
  const { fieldsTable } = await import('./docs/docs-table.ts')
  const { eventJsonSchema } = await import('../src/schema/event.ts')
  const { historyJsonSchema } = await import('../src/schema/history-view.ts')
  const { repairJsonSchema } = await import('../src/schema/repair-schema.ts')
  const { reportJsonSchema } = await import('../src/schema/report-schema.ts')
  const { resourceServerTypes } = await import('./docs/type-text.ts')
  const { fieldPolicyPages } = await import('./docs/policy-page.ts')
  const { policyIndex } = await import('./docs/policy-index.ts')
  const { actionFile } = await import('./docs/action-file.ts')
  const { withMarked } = await import('./docs/marked.ts')
  const { commandsTable } = await import('./docs/commands.ts')
  const { errorCodesTable, historyWordsTable, kindsTable, reportWordsTable, wordsTable } =
    await import('./docs/words-tables.ts')
  const { reachTable } = await import('./docs/reach-table.ts')
  const { referencePage } = await import('./docs/reference-page.ts')
  /** @type {(file: string, parts: Readonly<Record<string, string>>) => string} */
  const marked = (file, parts) =>
    Object.entries(parts).reduce((text, [name, part]) => withMarked(text, name, part), contentOf(file) ?? '')
  const action = actionFile(contentOf('action.yml') ?? '')
  const pages = Object.entries(fieldPolicyPages()).map(([file, text]) => [`docs/policies/${file}`, trimmed(text)])
  const files = {
    'src/schema/resource-server.ts': resourceServerTypes(),
    'schema/declared.schema.json': `${JSON.stringify(declaredJsonSchema(), null, 2)}\n`,
    'schema/config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    'schema/report.schema.json': `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
    'schema/repair.schema.json': `${JSON.stringify(repairJsonSchema(), null, 2)}\n`,
    'schema/event.schema.json': `${JSON.stringify(eventJsonSchema(), null, 2)}\n`,
    'schema/history.schema.json': `${JSON.stringify(historyJsonSchema(), null, 2)}\n`,
    'docs/fields.md': trimmed(fieldsTable()),
    'docs/policies/README.md': trimmed(policyIndex()),
    ...Object.fromEntries(pages),
    'action.yml': action,
    'README.md': marked('README.md', { commands: commandsTable() }),
    'docs/command.md': marked('docs/command.md', { commands: commandsTable() }),
    'docs/glossary.md': marked('docs/glossary.md', {
      words: wordsTable(),
      'report words': reportWordsTable(),
      'history words': historyWordsTable(),
      kinds: kindsTable(),
    }),
    'docs/affected.md': marked('docs/affected.md', { reach: reachTable() }),
    'docs/tenant.md': marked('docs/tenant.md', { 'error codes': errorCodesTable() }),
    'docs/reference.md': trimmed(referencePage(action)),
    'docs/ARCHITECTURE.md': await pageWithArrows('docs/ARCHITECTURE.md'),
  }
  const stale = Object.entries(files).filter(([file, text]) => contentOf(file) !== text)
  if (process.argv.includes('--check')) {
    for (const [file] of stale) say(`${file} is out of date. Run: npm run generate`)
    return stale.length > 0 ? 1 : 0
  }
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(ROOT, file)), { recursive: true })
    writeFileSync(join(ROOT, file), text)
    say(`wrote ${file}`)
  }
  return 0
})

/** @param {string} text */
function trimmed(text) {
  return `${text.trimEnd()}\n`
}

/** @param {string} file */
function contentOf(file) {
  const path = join(ROOT, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
