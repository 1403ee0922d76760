import { byCodeUnits } from '../schema/json.ts'
import { logEntry, type Happened, type LogEntry } from './log-event.ts'

interface KeptEntry {
  readonly at: number
  /** When it can be read. */
  readonly shownAt: number
  readonly entry: LogEntry
}

export interface LogOptions {
  /** Milliseconds after which an event can be read; 0 unless given. */
  readonly delayMs: number
  /** Milliseconds that the plan keeps; Infinity unless given. */
  readonly retentionMs: number
}

/** Where an event that a control call makes stands in time. */
export interface Placed {
  /** Epoch ms; now unless given. */
  readonly at?: number
  /** Epoch ms from which it can be read; `at` and the delay unless given. */
  readonly shownAt?: number
}

/** The tenant log. Kept whole: what the plan keeps and what is late is decided when it is read. */
export class LogStore {
  readonly #options: LogOptions
  readonly #tenant: string
  readonly #now: () => number
  #kept: KeptEntry[] = []
  #number = 0
  /** Hears of each event of a write. */
  onAdd: ((entry: LogEntry) => void) | null = null

  constructor(options: LogOptions, tenant: string, now: () => number) {
    this.#options = options
    this.#tenant = tenant
    this.#now = now
  }

  add(happened: Happened, placed: Placed = {}): LogEntry {
    const at = placed.at ?? this.#now()
    this.#number += 1
    const entry = logEntry(happened, at, this.#number, this.#tenant)
    this.#kept.push({ at, shownAt: placed.shownAt ?? at + this.#options.delayMs, entry })
    if (happened.type === 'sapi') this.onAdd?.(entry)
    return entry
  }

  /** An event as it is, for what no write of ours makes. Its `date` and `log_id` are its own. */
  put(entry: LogEntry): void {
    const at = Date.parse(entry.date)
    this.#kept.push({ at, shownAt: at + this.#options.delayMs, entry })
  }

  /** What can be read now, oldest first. */
  readable(): readonly LogEntry[] {
    const now = this.#now()
    return this.#kept
      .filter(({ at, shownAt }) => shownAt <= now && at >= now - this.#options.retentionMs)
      .map(({ entry }) => entry)
      .toSorted((a, b) => byCodeUnits(a.date, b.date) || byCodeUnits(a.log_id, b.log_id))
  }
}
