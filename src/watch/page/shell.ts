import type { Context } from 'hono'
import { html } from 'hono/html'
import type { WatchEnv } from '../env.ts'
import { LONGEST_TEXT } from '../find.ts'

export type PageMarkup = ReturnType<typeof html> | string

export interface PageParts {
  readonly title: string
  readonly main: PageMarkup
  /** What stands in the search field. */
  readonly query?: string
}

/** One whole page. */
export async function shell({ title, main, query = '' }: PageParts): Promise<string> {
  return String(
    await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - tenant-drift</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header class="top">
<a class="brand" href="/">tenant-drift</a>
<form action="/search" method="get" role="search"><label class="quiet" for="q">Search</label><input id="q" type="search" name="q" value="${query}" maxlength="${LONGEST_TEXT}"><button>Find</button></form>
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer><span>Nothing here changes anything in a tenant.</span><a href="/api/v1/openapi.json">API</a><span id="live" role="status"></span></footer>
</body>
</html>
`,
  )
}

export async function notFoundPage(c: Context<WatchEnv>, why: string): Promise<Response> {
  const main = html`<h1>Not found</h1><p>${why}</p><p><a href="/">All tenants</a></p>`
  return c.html(await shell({ title: 'Not found', main }), 404)
}

export async function troublePage(c: Context<WatchEnv>, why: string): Promise<Response> {
  const main = html`<h1>The history cannot be read</h1>
<p class="box bad">${why}</p><p>Until it can be read, no check starts. Then this page shows again.</p><p><a href="/">All tenants</a></p>`
  return c.html(await shell({ title: 'Out of order', main }), 503)
}
