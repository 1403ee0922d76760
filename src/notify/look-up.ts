import { isSafeUrl } from '../schema/safe-url.ts'
import { readCredentialFile } from './credential-file.ts'

type Note = (key: string | null, message: string) => void

/** Where a credential is: the key that says so, how messages call the place, and what stands there. */
interface Said {
  readonly key: string
  readonly place: string
  /** Null where nothing can be had; that is noted already. */
  readonly value: string | null
}

/** What the keys of one channel name. */
export interface LookUp {
  /** Every credential that the keys `NAME_variable`, `NAME_file` and their lists name; none where there is no such key. */
  readonly all: (shape: object, name: string) => readonly Said[]
  readonly text: (shape: object, name: string) => Said | null
  readonly url: (shape: object, name: string) => string | null
  readonly note: Note
}

/** Looks up credentials in the environment, and in files whose names begin in `folder`. Each one found is added to `secrets`; what is wrong is noted. */
export function lookUp(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  secrets: string[],
  note: Note,
): LookUp {
  const whole = (key: string, place: string, given: string | { readonly why: string }): Said => {
    const value = typeof given === 'string' ? given.trim() : ''
    if (typeof given !== 'string') note(key, `${place} ${given.why}`)
    else if (value === '') note(key, `${place} is ${key.includes('file') ? 'empty' : 'not set'}`)
    else if (!/^[\x21-\x7e]+$/.test(value))
      note(key, `${place} holds blanks, line breaks or other characters that a credential cannot have`)
    else {
      secrets.push(value, ...secretsInUrl(value))
      return { key, place, value }
    }
    return { key, place, value: null }
  }
  const all: LookUp['all'] = (shape, name) => {
    const keys = shape as Readonly<Record<string, string | readonly string[] | undefined>>
    const named = (key: string) => [keys[key] ?? []].flat().map((text) => ({ key, text }))
    const variables = [...named(`${name}_variable`), ...named(`${name}_variables`)]
    const files = [...named(`${name}_file`), ...named(`${name}_files`)]
    return [
      ...variables.map(({ key, text }) => whole(key, `the variable ${text}`, env[text] ?? '')),
      ...files.map(({ key, text }) => {
        return whole(key, `the file ${text}`, readCredentialFile(folder, text))
      }),
    ]
  }
  const text: LookUp['text'] = (shape, name) => all(shape, name)[0] ?? null
  const url: LookUp['url'] = (shape, name) => {
    const said = text(shape, name)
    if (said === null || said.value === null || isSafeUrl(said.value)) return said?.value ?? null
    note(said.key, `${said.place} must hold an https URL without user and password (http only for loopback)`)
    return null
  }
  return { all, text, url, note }
}

const LEAST_OF_A_PART = 16

/** Where an address is a credential, the long parts of it that hold a digit are what makes it one: `sig` of Teams, the end of Slack's path. */
function secretsInUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return []
  const { pathname, searchParams } = new URL(text)
  return [...pathname.split('/'), ...searchParams.values()].filter(
    (part) => part.length >= LEAST_OF_A_PART && /\d/.test(part),
  )
}
