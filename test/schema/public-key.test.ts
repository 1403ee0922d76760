import { calculateJwkThumbprint } from 'jose'
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import { publicKeyThumbprint } from '../../src/schema/public-key.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const certificate = await generate([{ name: 'commonName', value: 'api.example.com' }], { keySize: 2048 })

const spki = (key: typeof rsa.publicKey) => key.export({ type: 'spki', format: 'pem' }).toString()
const PUBLIC = spki(rsa.publicKey)
const PKCS8 = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const PKCS1_PRIVATE = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const PKCS1_PUBLIC = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()

/** Lines of a PEM that hold key material. */
const secretsOf = (pem: string) => pem.split(/\r?\n/).filter((line) => line.length > 20 && !line.startsWith('-----'))

describe('the thumbprint of a public key', () => {
  it.each([
    ['a PUBLIC KEY', PUBLIC],
    ['another PUBLIC KEY', spki(other.publicKey)],
    ['a CERTIFICATE', certificate.cert],
    ['a sample of the catalogue', SAMPLE_PEMS[0]],
  ])('of %s is the one that jose calculates', async (_title, pem) => {
    const jwk = createPublicKey(pem).export({ format: 'jwk' })

    expect(publicKeyThumbprint(pem)).toEqual({ ok: true, thumbprint: await calculateJwkThumbprint(jwk) })
  })

  it('is the same for a certificate and for the key in it', () => {
    expect(publicKeyThumbprint(certificate.cert)).toEqual(publicKeyThumbprint(certificate.public))
  })

  it.each([
    ['other line ends', PUBLIC.replaceAll('\n', '\r\n')],
    ['white space around it', `\n\n  ${PUBLIC}  \n`],
    ['other line lengths', rewrapped(PUBLIC)],
  ])('is the same with %s', (_title, pem) => {
    expect(publicKeyThumbprint(pem)).toEqual(publicKeyThumbprint(PUBLIC))
  })

  it('of each sample of the catalogue is the sample beside it', () => {
    expect(SAMPLE_PEMS.map((pem) => publicKeyThumbprint(pem))).toEqual(
      SAMPLE_THUMBPRINTS.map((thumbprint) => ({ ok: true, thumbprint })),
    )
  })
})

function rewrapped(pem: string): string {
  const body = pem.replaceAll(/-----[^-]*-----|\s/g, '')
  return `-----BEGIN PUBLIC KEY-----\n${body.replaceAll(/(.{40})/g, '$1\n')}\n-----END PUBLIC KEY-----`
}

const REFUSED: readonly (readonly [title: string, pem: string, message: RegExp])[] = [
  ['a private key', PKCS8, /PRIVATE key/],
  ['a private key of the older kind', PKCS1_PRIVATE, /PRIVATE key/],
  ['a private key after a public one', PUBLIC + PKCS8, /PRIVATE key/],
  ['a private key whose end is missing', PKCS8.slice(0, 400), /PRIVATE key/],
  ['an encrypted private key', rsaEncrypted(), /PRIVATE key/],
  ['two blocks', PUBLIC + PUBLIC, /more than one PEM block/],
  ['a certificate and its key', `${certificate.cert}\n${certificate.public}`, /more than one PEM block/],
  ['text before the block', `my key:\n${PUBLIC}`, /other text/],
  ['an RSA PUBLIC KEY block', PKCS1_PUBLIC, /another kind of PEM/],
  ['an elliptic key', spki(ec.publicKey), /not hold an RSA key/],
  ['an RSA key for PSS only', spki(pss.publicKey), /not hold an RSA key/],
  ['a damaged key', PUBLIC.replace(/\n[^\n]{64}\n/, '\n'), /damaged/],
  ['a damaged certificate', certificate.cert.replace(/\n[^\n]{64}\r?\n/, '\n'), /damaged/],
  ['garbage in a block', '-----BEGIN PUBLIC KEY-----\nZ2FyYmFnZQ==\n-----END PUBLIC KEY-----', /damaged/],
  ['no PEM at all', 'a secret by mistake', /is not a PEM/],
  ['escaped line ends', PUBLIC.replaceAll('\n', String.raw`\n`), /is not a PEM/],
]

function rsaEncrypted(): string {
  return rsa.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'invented' })
    .toString()
}

describe('the door for keys', () => {
  it.each(REFUSED)('refuses %s, and echoes nothing of it', (_title, pem, message) => {
    const server = {
      identifier: 'urn:x',
      token_encryption: { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', pem } },
    }
    const mistakes = declaredMistakes(server)

    expect(mistakes).toMatchObject([{ path: ['token_encryption', 'encryption_key', 'pem'] }])
    expect(mistakes[0]?.message).toMatch(message)
    expect([...secretsOf(pem), 'a secret by mistake'].filter((line) => mistakes[0]?.message.includes(line))).toEqual([])
  })

  it('takes a certificate and a public key', () => {
    const keys = [PUBLIC, certificate.cert].map((pem) => ({
      identifier: 'urn:x',
      token_encryption: { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', pem } },
    }))

    expect(keys.flatMap((server) => declaredMistakes(server))).toEqual([])
  })

  it('refuses more than 4096 characters', () => {
    const pem = `${PUBLIC}${' '.repeat(4096)}`
    const server = {
      identifier: 'urn:x',
      token_encryption: { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', pem } },
    }

    expect(declaredMistakes(server).map(({ message }) => message)).toContain('pem must have at most 4096 characters')
  })

  it('has keys to be tried with that are not each other’s', () => {
    const digests = [PUBLIC, spki(other.publicKey), certificate.public].map((pem) =>
      createHash('sha256').update(pem).digest('hex'),
    )

    expect(new Set(digests).size).toBe(3)
  })
})
