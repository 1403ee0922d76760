#!/usr/bin/env node
// npm run generate: the files that are derived from the field catalogue and our schemas. `--check` writes nothing and fails when a committed
// one differs.
// Run by the Node 24 of node_modules: it loads the catalogue's TypeScript as it is.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, runTool, say } from './run.mjs'

await runTool(async () => {
  const { declaredJsonSchema } = await import('../src/schema/json-schema.ts')
  const { fieldsTable } = await import('../src/schema/docs-table.ts')
  const { configJsonSchema } = await import('../src/schema/config.ts')
  const { reportJsonSchema } = await import('../src/schema/report-schema.ts')
  const { resourceServerTypes } = await import('../src/schema/type-text.ts')
  const files = {
    'src/schema/resource-server.ts': resourceServerTypes(),
    'schema/declared.schema.json': `${JSON.stringify(declaredJsonSchema(), null, 2)}\n`,
    'schema/config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    'schema/report.schema.json': `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
    'docs/fields.md': `${fieldsTable().trimEnd()}\n`,
  }
  const stale = Object.entries(files).filter(([file, text]) => contentOf(file) !== text)
  if (process.argv.includes('--check')) {
    for (const [file] of stale) say(`${file} is not what its source in src/schema says. Run: npm run generate`)
    return stale.length > 0 ? 1 : 0
  }
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(ROOT, file)), { recursive: true })
    writeFileSync(join(ROOT, file), text)
    say(`wrote ${file}`)
  }
  return 0
})

/** @param {string} file */
function contentOf(file) {
  const path = join(ROOT, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
