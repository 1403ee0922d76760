import { hash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { PAGE_STYLE } from './style.ts'

/** The one page that anybody may see has its look within itself: nothing else is open. */
export const LOGIN_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', PAGE_STYLE, 'base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export async function loginPage(isWrong: boolean): Promise<string> {
  return String(
    await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Token - tenant-drift</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
<main>
<h1>A token is needed</h1>
${isWrong ? html`<p class="box bad" role="alert">This is not the token of this service.</p>` : ''}
<form method="post" action="/login" class="act"><label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" required><button>Enter</button></form>
<p class="quiet">It is what TENANT_DRIFT_SERVE_TOKEN holds where the service runs.</p>
</main>
</body>
</html>
`,
  )
}
