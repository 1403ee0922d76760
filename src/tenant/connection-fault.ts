import { malformedBody, RequestFault, timedOut } from './faults.ts'
import type { RetryRule } from './faults.ts'
import { CERTIFICATE, HOPELESS, TIMEOUT, wordsFor } from '../way/codes.ts'
import { chainOf, codeOf } from '../way/error-chain.ts'
import { ProxyError } from '../way/proxy-error.ts'

/** A failure of the connection. `inBody` where the headers of an answer had already come. */
export function connectionFault(error: unknown, what: string, inBody: boolean): RequestFault {
  const code = codeOf(error)
  const proxyError = chainOf(error).find((each) => each instanceof ProxyError)
  if (proxyError !== undefined) return proxyFault(proxyError.status, code, what)
  if (TIMEOUT.test(code)) return timedOut(what)
  if (inBody) return malformedBody(what)
  const retry = HOPELESS.test(code) ? 'never' : 'few'
  return new RequestFault(
    'unreachable',
    `The tenant could not be reached (${what}): ${wordsFor(code)}`,
    adviceFor(code),
    {
      retry,
    },
  )
}

const PROXY_VARIABLES = 'the proxy variables (HTTPS_PROXY, else HTTP_PROXY; NO_PROXY)'

/** What a proxy answered in place of letting the request through; null: nothing. */
function proxyFault(status: number | null, code: string, what: string): RequestFault {
  const fault = (message: string, advice: string, retry: RetryRule = 'never'): RequestFault =>
    new RequestFault('unreachable', `${message} (${what}: ${status === null ? code : `HTTP ${status}`})`, advice, {
      retry,
    })
  if (status === null && TIMEOUT.test(code))
    return new RequestFault(
      'timed_out',
      `The proxy did not answer in time (${what}: ${code})`,
      `Run again. If it stays so, check ${PROXY_VARIABLES} and ask the operator of the proxy.`,
      { retry: 'once' },
    )
  if (status === null)
    return fault(
      CERTIFICATE.test(code) ? 'The certificate of the proxy is not trusted' : 'The proxy could not be reached',
      CERTIFICATE.test(code)
        ? 'Name the certificate authority of your proxy in NODE_EXTRA_CA_CERTS.'
        : `Check ${PROXY_VARIABLES}.`,
      HOPELESS.test(code) ? 'never' : 'few',
    )
  if (status === 407)
    return fault(
      'The proxy asks for a user and a password, or refused those that it was given',
      'Write them into HTTPS_PROXY, like http://USER:PASSWORD@proxy.example.com:3128, percent-encoded.',
    )
  if (status >= 500)
    return fault(
      'The proxy could not reach the tenant',
      `Run again. If it stays so, check AUTH0_DOMAIN and ${PROXY_VARIABLES}.`,
      'few',
    )
  return fault(
    'The proxy does not let requests to this tenant through',
    `Ask the operator of the proxy to allow the domain of the tenant, port 443; or check ${PROXY_VARIABLES}.`,
  )
}

function adviceFor(code: string): string {
  if (code === 'ENOTFOUND') return 'Check AUTH0_DOMAIN (Pulumi config auth0:domain): its name cannot be resolved here.'
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'Check the clock of this machine. If it is right, ask the owner of the certificate to renew it.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Check AUTH0_DOMAIN: the server there has a certificate for another name. Behind a proxy that opens TLS, ask its operator.'
  if (CERTIFICATE.test(code)) return 'Name the certificate authority of your proxy or gateway in NODE_EXTRA_CA_CERTS.'
  return 'Check AUTH0_DOMAIN, the network and the proxy variables (HTTPS_PROXY, NO_PROXY), then run again.'
}
