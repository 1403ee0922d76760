import * as z from 'zod'
import { keysError, textKey, variableName } from './config-parts.ts'
import { isLoopback } from './loopback.ts'

/** How a repository that is followed is reached. */
export interface RepositoryAddress {
  readonly url: string
  readonly protocol: 'https' | 'http' | 'ssh' | 'file'
}

/** A path of plain steps: what could mean something to git, to ssh or to a shell is in none. */
const PLAIN_PATH = /^\/(?!.*(?:^|\/)\.\.(?:\/|$))[\w.~+@%/-]+$/
const SCP = /^[\w.-]+@[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[\w~][\w.~+/-]*$/

/**
 * `https://`, `ssh://` or `user@host:path`, `file://` of this machine, and `http://` of loopback. No address with a credential in it, nor of another of git's ways:
 * some of them run programs. Null for what is none.
 */
export function parseRepository(written: string): RepositoryAddress | null {
  if (SCP.test(written)) return { url: written, protocol: 'ssh' }
  const url = URL.parse(written)
  if (url === null || url.href.includes('?') || url.href.includes('#') || url.password !== '') return null
  if (!PLAIN_PATH.test(url.pathname)) return null
  switch (url.protocol) {
    case 'https:':
      return url.username === '' ? { url: url.href, protocol: 'https' } : null
    case 'http:':
      return url.username === '' && isLoopback(url.hostname) ? { url: url.href, protocol: 'http' } : null
    case 'ssh:':
      return /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(url.hostname) &&
        /^[\w.-]*$/.test(url.username) &&
        !url.username.startsWith('-')
        ? { url: url.href, protocol: 'ssh' }
        : null
    case 'file:':
      return url.hostname === '' && url.username === '' ? { url: url.href, protocol: 'file' } : null
    default:
      return null
  }
}

/** What git-check-ref-format(1) lets a branch be called, and nothing that it could take for something else. */
function isBranch(name: string): boolean {
  return (
    name.length <= 200 &&
    !/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$|^[-/.@]/.test(name) &&
    !name.startsWith('refs/')
  )
}

function isFolderName(name: string): boolean {
  return /^[^/\\\0]/.test(name) && !name.split('/').includes('..') && !/[\0-\x1f\x7f\\]/.test(name)
}

export const followSchema = z
  .strictObject(
    {
      repository: textKey('repository')
        .refine((written) => parseRepository(written) !== null, {
          error:
            'repository must be https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or file:///PATH (http only for loopback), without a password or token in it',
        })
        .describe('Address of the repository: https, ssh, or file:// on this machine.'),
      branch: textKey('branch')
        .refine(isBranch, { error: 'branch must be the name of a branch, like main' })
        .optional()
        .describe('Branch that says what is declared; main unless set.'),
      folder: textKey('folder')
        .refine(isFolderName, { error: 'folder must be a path in the repository' })
        .optional()
        .describe('Folder in the repository that holds its tenant-drift.yaml; its root unless set.'),
      user: textKey('user')
        .regex(/^[\w.+-]{1,100}$/, { error: 'user must be a plain name' })
        .optional()
        .describe('User name that is sent with the token; x-access-token unless set.'),
      token_variable: variableName('token_variable')
        .optional()
        .describe('NAME of the variable with the token, for https.'),
      token_file: textKey('token_file')
        .optional()
        .describe('File that holds it, in place of a variable; read at each fetch.'),
    },
    { error: keysError('follow') },
  )
  .refine((value) => value.token_variable === undefined || value.token_file === undefined, {
    error: 'follow takes at most one of token_variable and token_file',
  })
  .refine(
    ({ repository, user, token_variable: variable, token_file: file }) =>
      (variable === undefined && file === undefined && user === undefined) ||
      /^https?:$/.test(URL.parse(repository)?.protocol ?? ''),
    { error: 'a token works with https only; ssh uses keys' },
  )

export type FollowConfig = z.infer<typeof followSchema>

export const DEFAULT_BRANCH = 'main'
export const DEFAULT_USER = 'x-access-token'
