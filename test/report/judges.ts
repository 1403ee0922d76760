import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft4 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import { validateXML } from 'xmllint-wasm'

const { resolve } = createRequire(import.meta.url)

function readJson(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8'))
}

const sarifJudge = makeSarifJudge()

function makeSarifJudge() {
  const schema = readJson(join(dirname(resolve('@microsoft/jest-sarif')), 'schemas', 'sarif-2.1.0-rtm.5.json'))
  const Draft4 = AjvDraft4 as unknown as typeof AjvDraft4.default
  // The schema's patterns escape characters that a regular expression with the u flag does not let escape.
  const ajv = new Draft4({ strict: false, allErrors: true, unicodeRegExp: false })
  const withFormats = addFormats as unknown as typeof addFormats.default
  withFormats(ajv)
  return ajv.compile(schema)
}

/** What the OASIS schema of SARIF 2.1.0 has against a log; null where it has nothing. */
export function sarifMistakes(log: unknown): unknown {
  return sarifJudge(log) ? null : sarifJudge.errors
}

const reportJudge = new Ajv2020({ allErrors: true }).compile(
  readJson(join(import.meta.dirname, '../../schema/report.schema.json')),
)

/** What the published schema has against a JSON report; null where it has nothing. */
export function reportMistakes(report: unknown): unknown {
  return reportJudge(report) ? null : reportJudge.errors
}

/** What xmllint has against JUnit XML; empty where it has nothing. */
export async function junitMistakes(xml: string): Promise<readonly string[]> {
  const schema = readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8')
  const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema })
  return errors.map(({ rawMessage }) => rawMessage)
}
