import { writeFile } from './check-project.ts'
import type { Program } from './measure.ts'
import type { TenantProcess } from './tenant-process.ts'

/** One curl process that asks for the token and then page by page, over one connection. curl cannot read the token out of the first answer, so it is given one. */
export function curlProgram(tenant: TenantProcess, folder: string, pages: number): Program {
  const origin = `https://${tenant.domain.replace(/^https?:\/\//, '')}`
  const credentials = {
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
    audience: tenant.audience,
  }
  const body = writeFile(folder, 'token-request.json', JSON.stringify(credentials))
  const common = [
    'silent',
    'show-error',
    'fail',
    'compressed',
    `cacert = "${folder}/ca.pem"`,
    'output = "/dev/null"',
    'retry = 20',
    'retry-delay = 1',
  ]
  const requests = [
    [`url = "${origin}/oauth/token"`, 'header = "content-type: application/json"', `data = "@${body}"`],
    ...Array.from({ length: pages }, (_page, page) => [
      `url = "${origin}/api/v2/resource-servers?page=${page}&per_page=100&include_totals=true&fields=signing_secret&include_fields=false"`,
      `header = "authorization: Bearer ${tenant.token}"`,
    ]),
  ]
  const config = requests.map((lines) => [...common, ...lines].join('\n')).join('\nnext\n')
  return { command: 'curl', args: ['--config', writeFile(folder, 'curl.conf', config)], exitCode: 0 }
}
