import { stripVTControlCharacters } from 'node:util'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { terminalSvg } from '../../tools/terminal-svg.mjs'
import { DRIFTED, runPack, tenantCheck } from '../policies/run-policies.ts'
import { read, ROOT } from './pages.ts'

const ORDERS = 'https://orders.example.com/'
const PICTURES = ['docs/pictures/demo.svg', 'docs/pictures/report.png', 'docs/pictures/report-dark.png']
const svg = read('docs/pictures/demo.svg')

/** What the picture shows, one text a line, without marks of the markup. */
function textsOf(picture: string): readonly string[] {
  return [...picture.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, inside = '']) =>
    inside
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  )
}

/** What the policies say today of what the demo does to its tenant. */
function violations(): string {
  const { live: _there, ...gone } = DRIFTED
  const found = runPack([
    tenantCheck({
      'urn:example:warehouse': { identifier: { ...gone, kind: 'missing' } },
      [ORDERS]: {
        signing_alg: DRIFTED,
        token_dialect: {
          ...DRIFTED,
          declared: 'access_token_authz',
          live: 'access_token',
          direction: 'neutral',
          severity: 'high',
          impact: 'breaks-clients',
        },
        token_lifetime: {
          ...DRIFTED,
          origin: 'conflict',
          base: 7200,
          declared: 3600,
          live: 14_400,
          severity: 'medium',
        },
      },
    }),
  ])
  return found
    .map(({ policy, level, severity, message }) => `- [${level}] [severity: ${severity}]  ${policy}  \n${message}`)
    .join('\n')
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('the pictures', () => {
  it.each(PICTURES)('%s is there, in the README with a text for who cannot see it, and small', (file) => {
    expect(existsSync(join(ROOT, file))).toBe(true)
    expect(read('README.md')).toMatch(new RegExp(`(!\\[[^\\]]{20,}\\]\\(|srcset="|<img [^>]*src=")${file}`))
    expect(statSync(join(ROOT, file)).size).toBeLessThan(200_000)
  })

  it('are well-formed, run nothing, fetch nothing and name no machine', async () => {
    const { valid, errors } = await validateXML({ xml: [{ fileName: 'demo.svg', contents: svg }], schema: [ANY] })
    expect([valid, errors]).toEqual([true, []])
    expect(svg).not.toMatch(/<(script|style|image|use|foreignObject|a)\b|\son\w+=|href|url\(|@import|font-face/)
    expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/127\.0\.0\.1|\/(root|home|work|tmp|Users)\//)
    expect(svg).toMatch(/<title id="title">.{20,}<\/title>\n<desc id="description">.{20,}<\/desc>/)
  })

  it('show what the demo and the policies say today', () => {
    const said = words(
      [
        read('tools/demo-story.mjs').replaceAll(/^\s*'|',?$|\['|'\],?$/gm, ''),
        violations(),
        '2. 4. (pulumi-nodejs:dynamic/tenantDrift:TenantCheck: tenant) exit 1',
        '$ pulumi preview --policy-pack dist/bin/tenant-drift-policies.js',
        '❌ tenant-drift@v0.1.0 (local: dist/bin/tenant-drift-policies.js)',
      ].join('\n'),
    )
    const parts = textsOf(svg)
      .filter((text) => !/^\.\.\. \d+ more lines$/.test(text))
      .flatMap((text) => text.split(/(?<=^\d\.) |  (?=\(pulumi-nodejs)/))
    expect(parts.length).toBeGreaterThan(20)
    expect(parts.filter((part) => !said.includes(words(part).trim()))).toEqual([])
  })
})

const ANY = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/svg">
<xs:element name="svg"><xs:complexType mixed="true"><xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element></xs:schema>`

describe('a terminal as a picture', () => {
  const picture = (...lines: readonly string[]) => terminalSvg(lines, { title: 'a title', description: 'a text' })

  it('escapes what is markup, and keeps blanks inside a line', () => {
    expect(picture('    a  <b> & "c"')).toContain('>a  &lt;b&gt; &amp; &quot;c&quot;</text>')
    expect(textsOf(picture('    a  <b> & "c"'))).toEqual(['a  <b> & "c"'])
  })

  it('keeps every word of a line that is too long, as deep as it began', () => {
    const line = `  ${'word '.repeat(60).trim()}`
    const shown = picture(line)
    expect(textsOf(shown).length).toBeGreaterThan(2)
    expect(textsOf(shown).join(' ')).toBe(line.trim())
    expect(new Set([...shown.matchAll(/<text xml:space="preserve" x="([\d.]+)" y/g)].map(([, x]) => x)).size).toBe(1)
  })

  it('has a colour until the next, over line ends too, and refuses one it does not know', () => {
    const lines = ['\u001b[38;5;1mred', 'red too\u001b[0m and none']
    const shown = picture(...lines)
    expect(textsOf(shown)).toEqual(lines.map(stripVTControlCharacters))
    expect(shown.match(/<tspan fill="#ff8389">/g)).toHaveLength(2)
    expect(() => picture('\u001b[48;5;9mx')).toThrow('48;5;9')
  })
})
