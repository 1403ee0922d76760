import { dump } from 'js-yaml'
import type { Json } from '../../src/schema/json.ts'

/** A way to write the same values. */
export interface WrittenForm {
  readonly name: string
  readonly file: string
  readonly write: (value: Json) => string
}

/** YAML as people write it, with a comment in every line that can have one, and YAML and JSON as programs do. */
export const FORMS: readonly WrittenForm[] = [
  { name: 'YAML block', file: 'apis.yaml', write: (value) => commented(dump(value, { noRefs: true, lineWidth: -1 })) },
  { name: 'YAML flow', file: 'apis.yml', write: (value) => dump(value, { noRefs: true, lineWidth: -1, flowLevel: 1 }) },
  { name: 'YAML with flow items', file: 'apis.yaml', write: (value) => dump(value, { noRefs: true, flowLevel: 3 }) },
  { name: 'JSON', file: 'apis.json', write: (value) => `${JSON.stringify(value, null, 2)}\n` },
  { name: 'JSON in one line', file: 'apis.json', write: (value) => JSON.stringify(value) },
  {
    name: 'YAML with CR LF and no last line break',
    file: 'apis.yaml',
    write: (value) => dump(value, { noRefs: true, lineWidth: -1 }).trimEnd().replaceAll('\n', '\r\n'),
  },
]

function commented(yaml: string): string {
  let count = 0
  const lines = yaml.split('\n').map((line) => {
    count++
    if (!/^[- ]*(?:'[^']*'|[\w$]+):(?: [^|>].*)?$/.test(line)) return line
    const indent = /^[- ]*/.exec(line)?.[0].replaceAll('-', ' ') ?? ''
    return `${indent}# above ${count}\n${line} # beside ${count}`
  })
  return lines.join('\n')
}
