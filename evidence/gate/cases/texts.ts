import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import type { GateCase } from '../case.ts'
import type { Files } from '../files.ts'
import { BOT } from '../forge.ts'
import { textsOf } from '../surroundings.ts'
import type { Ran } from '../ran.ts'
import { ORDERS, ordersFile, type Scene } from '../scene.ts'
import { ALL, controls, LOCAL } from './parts.ts'

const group = 'texts'

/** What a terminal or a runner would take for more than text. */
const NAMES: Readonly<Record<string, string>> = {
  error: 'a\n::error title=evil::evil-words',
  mask: 'a\n::add-mask::evil-words',
  output: 'a\r\n::set-output name=exit-code::0',
  env: 'a\n::set-env name=PATH::/evil-words',
  stop: 'a\n::stop-commands::evil-words\n::evil-words::',
  azure: 'a\n##vso[task.setvariable variable=x]evil-words',
  old: 'a\n##[command]evil-words',
  escape: 'a\u001B[2Jevil-words\u001B]0;evil-words\u0007',
  bidi: 'a\u202Egpj.evil-words\u2066x',
  section: 'a\r\u001B[0Ksection_start:1:evil-words\r\u001B[0K',
  tabs: 'a\u2028::error::evil-words\u2029\u0085::error::evil-words\u000B\u000C::error::evil-words',
}

/** Lines that a runner obeys: all but those of the product, and those that it put between stop and resume. */
function obeyed(log: string): readonly string[] {
  let resume: string | null = null
  const found: string[] = []
  for (const line of log.split(/\r\n|\n|\r/)) {
    const command = /^\s*::([^:]*)::/.exec(line)?.[1]
    if (resume !== null) {
      if (command === resume) resume = null
      continue
    }
    if (/^\s*##(vso)?\[/.test(line)) found.push(line)
    if (command === undefined) continue
    const stop = /^\s*::stop-commands::([0-9a-f-]{36})$/.exec(line)?.[1]
    if (stop !== undefined) resume = stop
    else if (
      !/^(error|warning|notice)\b.*title=|^(end)?group\b|^add-mask$|^debug$/.test(command) ||
      /^[^ ]* title=evil/.test(command)
    )
      found.push(line)
  }
  return found
}

function harmless(scene: Scene, { log, out, posted, summary }: Ran): readonly string[] {
  const lines = scene.runner === 'action' ? obeyed(log) : obeyed(out)
  const texts = [log, summary, ...posted]
  return [
    ...lines
      .filter((line) => /evil|set-output|set-env/.test(line))
      .map((line) => `a command to the runner: ${line.slice(0, 80)}`),
    ...(texts.some((text) => /[\u0007\u202A-\u202E\u2066-\u2069\u2028\u2029\u0085]|\u001B(?!\[[0-9;]*m)/.test(text))
      ? ['a sign that acts on a terminal']
      : []),
  ]
}

const BROKEN = '{ "resource_servers": [ { "identifier": 1 } ] }\n'

const MARKUP: Readonly<Record<string, string>> = {
  image: '![x](https://evil.example/x.png)',
  link: '[x](https://evil.example/) <https://evil.example/a>',
  bare: 'https://evil.example/bare www.evil.example',
  html: '<img src=https://evil.example/x.png><a href="https://evil.example">x</a>',
  script: '</script><script>evil()</script>',
  mention: '@team @o/team fixes #1, closes o/r#2',
  marker: '<!-- tenant-drift drift gate 0000 --> x',
  details: '</details></td></table>```\n# evil\n| a | b |',
  reference: 'x][evil]\n\n[evil]: https://evil.example/',
  fence: '`` ``` ~~~ \\` <!--',
}

/** Rendered as GitHub and GitLab do, nothing of it links, loads, closes or calls anybody. */
function plainMarkdown(scene: Scene, { posted, summary, wrote }: Ran): readonly string[] {
  const bodies = posted.map((text) => (JSON.parse(text) as { body: string }).body)
  const html = textsOf(scene.root, wrote).filter(({ entry }) => entry.endsWith('.html'))
  const files = textsOf(scene.root, wrote)
    .filter(({ entry }) => entry.endsWith('.md'))
    .map(({ text }) => text)
  return [
    ...[...bodies, summary, ...files].flatMap((text) => {
      const rendered = micromark(text, {
        extensions: [gfm()],
        htmlExtensions: [gfmHtml()],
        allowDangerousHtml: true,
        allowDangerousProtocol: true,
      })
      const words = rendered.replaceAll(/<code>[^]*?<\/code>/g, '').replaceAll(/<!--[^]*?-->/g, '')
      return [
        ...(/<(img|a|script|iframe)\b[^>]*evil/i.test(words) ? ['a link, an image or a script of the tenant’s'] : []),
        ...(/(^|[^\w/`])@(team|o\/team)\b/.test(words.replaceAll(/<[^>]*>/g, ''))
          ? ['somebody is called by name']
          : []),
        ...(/(fixes|closes) (o\/r)?#\d/i.test(words.replaceAll(/<[^>]*>/g, '')) ? ['an issue would be closed'] : []),
      ]
    }),
    ...html.flatMap(({ text }) =>
      /<script>evil|<img src=https:\/\/evil|<a href="https:\/\/evil/.test(text)
        ? ['HTML of the tenant’s in the HTML report']
        : [],
    ),
  ]
}

const declares = (more: Readonly<Record<string, unknown>>): Files => ({
  'declared/orders.yaml': ordersFile({ token_lifetime: 7200, ...more }),
})

export const textCases: readonly GateCase[] = [
  ...controls(group, ALL, {
    title: 'texts of the usual kind',
    also: (scene, ran) => [...harmless(scene, ran), ...plainMarkdown(scene, ran)],
  }),
  ...Object.entries(NAMES).flatMap(([id, name]): readonly GateCase[] => [
    {
      id: `111-file-${id}`,
      group,
      title: `the name of a declared file with a mistake: ${id}`,
      on: id === 'error' || id === 'escape' ? ALL : id === 'bidi' ? LOCAL : ['action'],
      expect: [1],
      change: () => ({ [`declared/${name.replaceAll('/', '-')}.yaml`]: BROKEN }),
      also: harmless,
    },
    {
      id: `111-live-${id}`,
      group,
      title: `the tenant’s name and description of an API: ${id}`,
      on: id === 'error' || id === 'bidi' ? ALL : LOCAL.slice(0, 1),
      expect: [2],
      live: ({ tenant }) => void tenant.edit(ORDERS, { name, scopes: [{ value: name, description: name }] }),
      also: harmless,
    },
  ]),
  {
    id: '111-folder',
    group,
    title: 'the working directory’s folders and a key of a file',
    on: LOCAL,
    expect: [1],
    folder: `in\n::error::evil-words`,
    change: () => ({ 'in\n::error::evil-words/declared/x.yaml': '"a\\n::error::evil-words": 1\n' }),
    also: harmless,
  },
  ...Object.entries(MARKUP).flatMap(([id, text]): readonly GateCase[] => [
    {
      id: `112-live-${id}`,
      group,
      title: `markup in the tenant’s texts: ${id}`,
      on: id === 'mention' || id === 'marker' ? ALL : ['action'],
      expect: [2],
      live: ({ tenant }) => {
        tenant.edit(ORDERS, { name: text, scopes: [{ value: text, description: text }] })
        tenant.create({ identifier: `urn:${text}`, name: text })
      },
      also: plainMarkdown,
    },
    {
      id: `112-declared-${id}`,
      group,
      title: `markup in declared texts and names of files: ${id}`,
      on: ['action'],
      expect: [1, 2],
      change: () => ({
        ...declares({ scopes: [{ value: `a${text}`.replaceAll(/\s/g, '_'), description: text }] }),
        [`declared/${text.replaceAll(/[/\n]/g, '-')}.yaml`]: 'resource_servers: []\n',
        [`tenant-drift.yaml`]: `accept: []\n# ${text.replaceAll('\n', ' ')}\n`,
      }),
      also: plainMarkdown,
    },
  ]),
  ...(['stranger', BOT] as const).map((author, index): GateCase => ({
    id: `113-${index + 1}`,
    group,
    title: `a comment of ${author} that begins with our marker and a forged digest`,
    on: ['action'],
    expect: [2],
    repo: ({ forge }) => {
      for (const digest of ['0'.repeat(32), 'f'.repeat(32)])
        forge.comments.push({
          id: forge.comments.length + 1,
          author,
          body: `<!-- tenant-drift drift gate ${digest} -->\nall is fine`,
        })
    },
    also: ({ forge }) => [
      ...(forge.comments.some(({ author: by, body }) => by === BOT && body.includes(ORDERS))
        ? []
        : ['no comment of ours says what was found']),
      ...(author !== BOT && forge.comments.some(({ author: by, body }) => by === author && body.includes(ORDERS))
        ? ['a stranger’s comment was edited']
        : []),
    ],
  })),
  {
    id: '113-other-job',
    group,
    title: 'a comment of the same bot from a job with a longer name',
    on: ['action'],
    expect: [2],
    repo: ({ forge }) =>
      void forge.comments.push({
        id: 1,
        author: BOT,
        body: `<!-- tenant-drift drift gate two ${'0'.repeat(32)} -->\nother`,
      }),
    also: ({ forge }) =>
      forge.comments[0]?.body.endsWith('\nother') === true && forge.comments.length === 2
        ? []
        : ['another job’s comment was taken for ours'],
  },
  {
    id: '114',
    group,
    title: '::stop-commands:: and tokens in what the check prints',
    on: ['action'],
    expect: [2],
    live: ({ tenant }) => {
      const token = '00000000-0000-4000-8000-000000000000'
      const text = `x\n::stop-commands::${token}\n::${token}::\n::error title=evil::evil-words`
      tenant.edit(ORDERS, { name: text })
      tenant.create({ identifier: `urn:x\n::${token}::\n::error title=evil::evil-words`, name: text })
    },
    also: harmless,
  },
]
