import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SEVERITIES, type Severity } from '../schema/finding.ts'

/** What an issue knows of one difference. Times are epoch ms, to the minute. */
export interface RememberedDifference {
  readonly fingerprint: string
  readonly first: number
  readonly since: number
  readonly returns: number
  readonly top: Severity
  /** Whether a comment or the first body told it. */
  readonly told: boolean
}

/** What an issue remembers, in its own last line or in the history. Never a name, never a value. */
export interface IssueMemory {
  readonly open: readonly RememberedDifference[]
  /** What ended, by when it did (`since`): it may come back. */
  readonly ended: readonly RememberedDifference[]
  /** When it was opened again after somebody had closed it; null for never. */
  readonly reopenedAt: number | null
  /** Since when the tenant cannot be judged, as far as it was told; null where it can. */
  readonly darkSince: number | null
}

export const NO_ISSUE_MEMORY: IssueMemory = { open: [], ended: [], reopenedAt: null, darkSince: null }

const MOST_OPEN = 700
const MOST_ENDED = 100
const MOST_CHARACTERS = 24_000
/** Fingerprint, two times in minutes, how often it came back, flags. */
const ROW = 16 + 4 + 4 + 1 + 1
const HEAD = 1 + 4 + 4 + 2 + 2
const VERSION = 1
const MINUTE = 60_000

const BEFORE = '<!-- tenant-drift memory v1 '
const LINE = /^<!-- tenant-drift memory v1 ([A-Za-z0-9_-]{1,24000}) -->$/

/** The last line of an issue. What does not fit is left out: it will count as new, and is not told again. */
export function memoryLine(memory: IssueMemory): string {
  return `${BEFORE}${encodeMemory(memory)} -->`
}

export function encodeMemory({ open, ended, reopenedAt, darkSince }: IssueMemory): string {
  for (let most = MOST_OPEN; ; most = Math.floor(most / 2)) {
    const rows = [...open.slice(0, most), ...ended.slice(0, MOST_ENDED)]
    const bytes = Buffer.alloc(HEAD + rows.length * ROW)
    bytes.writeUInt8(VERSION, 0)
    bytes.writeUInt32BE(minutes(reopenedAt), 1)
    bytes.writeUInt32BE(minutes(darkSince), 5)
    bytes.writeUInt16BE(Math.min(open.length, most), 9)
    bytes.writeUInt16BE(Math.min(ended.length, MOST_ENDED), 11)
    rows.forEach((row, index) => {
      const at = HEAD + index * ROW
      bytes.write(row.fingerprint, at, 16, 'hex')
      bytes.writeUInt32BE(minutes(row.first), at + 16)
      bytes.writeUInt32BE(minutes(row.since), at + 20)
      bytes.writeUInt8(Math.min(255, Math.max(0, row.returns)), at + 24)
      bytes.writeUInt8(SEVERITIES.indexOf(row.top) + (row.told ? 4 : 0), at + 25)
    })
    const text = deflateRawSync(bytes, { level: 9 }).toString('base64url')
    if (text.length <= MOST_CHARACTERS || most === 0) return text
  }
}

/** What the last line of a body remembers; null where it is missing, damaged or too new: then ages begin again, and nothing is silent for it. */
export function readMemoryLine(body: string): IssueMemory | null {
  const last = body.trimEnd().split(/\r?\n/).at(-1) ?? ''
  return decodeMemory(LINE.exec(last.trim())?.[1] ?? '')
}

export function decodeMemory(text: string): IssueMemory | null {
  if (text === '' || text.length > MOST_CHARACTERS) return null
  try {
    // Anybody who may edit the issue may write anything here, so the output is bounded before it is inflated.
    const bytes = inflateRawSync(Buffer.from(text, 'base64url'), {
      maxOutputLength: HEAD + (MOST_OPEN + MOST_ENDED) * ROW,
    })
    if (bytes.length < HEAD || bytes.readUInt8(0) !== VERSION) return null
    const [opens, ends] = [bytes.readUInt16BE(9), bytes.readUInt16BE(11)]
    if (bytes.length !== HEAD + (opens + ends) * ROW) return null
    const rows = Array.from({ length: opens + ends }, (_, index) => readRow(bytes, HEAD + index * ROW))
    return {
      open: rows.slice(0, opens),
      ended: rows.slice(opens),
      reopenedAt: timeIn(bytes.readUInt32BE(1)),
      darkSince: timeIn(bytes.readUInt32BE(5)),
    }
  } catch {
    return null
  }
}

function readRow(bytes: Buffer, at: number): RememberedDifference {
  const flags = bytes.readUInt8(at + 25)
  return {
    fingerprint: bytes.toString('hex', at, at + 16),
    first: bytes.readUInt32BE(at + 16) * MINUTE,
    since: bytes.readUInt32BE(at + 20) * MINUTE,
    returns: bytes.readUInt8(at + 24),
    top: SEVERITIES[flags & 3] ?? 'low',
    told: (flags & 4) !== 0,
  }
}

/** Zero is "never": nothing of ours happened in the first minute of 1970. */
function minutes(ms: number | null): number {
  return ms === null ? 0 : Math.min(0xffff_ffff, Math.max(0, Math.floor(ms / MINUTE)))
}

function timeIn(value: number): number | null {
  return value === 0 ? null : value * MINUTE
}
