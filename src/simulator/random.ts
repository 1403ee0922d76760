const HEX = '0123456789abcdef'
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 2025-01-01, in epoch seconds: ids begin with their time of creation, and must be the same in every run. */
const FIRST_SECOND = 1_735_689_600

/** Invented values, the same for the same seed (a 32-bit mulberry generator). Never for real secrets. */
export class Random {
  #state: number
  #made = 0

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  text(length: number, letters: string = ALPHANUMERIC): string {
    let text = ''
    for (let at = 0; at < length; at += 1) text += letters.charAt(Math.floor(this.next() * letters.length))
    return text
  }

  /** 24 hex digits; the first eight are the second of creation, one later for each id. */
  id(): string {
    const second = (FIRST_SECOND + this.#made).toString(16).padStart(8, '0')
    this.#made += 1
    return second + this.text(16, HEX)
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => Math.floor(this.next() * 256)))
  }
}
