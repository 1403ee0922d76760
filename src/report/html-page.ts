import { hash } from 'node:crypto'
import { html, raw } from 'hono/html'

export type Markup = ReturnType<typeof html> | ''

export interface HtmlPage {
  /** Without the name of the program, which stands behind it. */
  readonly title: string
  readonly style: string
  /** Runs at the end of the body; left out where the page needs none. */
  readonly script?: string
  readonly body: Markup
}

/** One page on its own: its one style and its one script, and nothing else: no other script, no image, no request, wherever it is opened. */
export async function htmlPage({ title, style, script, body }: HtmlPage): Promise<string> {
  const policy = [
    "default-src 'none'",
    `style-src '${sourceDigest(style)}'`,
    ...(script === undefined ? [] : [`script-src '${sourceDigest(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} - tenant-drift</title>
<style>${raw(style)}</style>
</head>
<body>
${body}
${script === undefined ? '' : html`<script>${raw(script)}</script>`}
</body>
</html>
`
  return page
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n')
    .concat('\n')
}

function sourceDigest(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`
}
