import { NOWHERE, type Mistake, type FilePlace } from '../schema/errors.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { SourceText } from './source-text.ts'
import { LineIndex, nearestOffset, type SourceNode, type SourcePath } from './source-tree.ts'

/** Gathers all mistakes of one reading, so that a person mends them in one go. Places are computed only here, for what is reported. */
export class MistakeBook {
  readonly #mistakes = new Map<string, Mistake>()
  readonly #texts = new Map<SourceText, { readonly root: SourceNode; readonly lines: LineIndex }>()

  add(place: FilePlace, message: string): void {
    const mistake: Mistake = { file: place.file, line: place.line, column: place.column, message }
    // One base file may be read on behalf of several others.
    this.#mistakes.set(JSON.stringify([mistake.file, mistake.line, mistake.column, message]), mistake)
  }

  /** A mistake of a file as a whole; null: of none. */
  addOf(file: string | null, message: string): void {
    this.add({ ...NOWHERE, file }, message)
  }

  addAt(source: SourceText | null, path: SourcePath, message: string): void {
    this.add(this.placeAt(source, path), message)
  }

  addInText(file: string, text: string, offset: number, message: string): void {
    this.add({ file, ...new LineIndex(text).place(offset) }, message)
  }

  /** The key that names `path`, or the item of a list; where the text lacks it, the nearest part around it. */
  placeAt(source: SourceText | null, path: SourcePath): FilePlace {
    if (source === null) return NOWHERE
    let known = this.#texts.get(source)
    if (known === undefined) {
      known = { root: source.tree().root, lines: new LineIndex(source.text) }
      this.#texts.set(source, known)
    }
    return { file: source.file, ...known.lines.place(nearestOffset(known.root, path)) }
  }

  get isEmpty(): boolean {
    return this.#mistakes.size === 0
  }

  /** By file, line, column and message, so that the same mistakes are the same bytes. */
  all(): readonly Mistake[] {
    return [...this.#mistakes.values()].sort(
      (a, b) =>
        byCodeUnits(a.file ?? '', b.file ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0) ||
        byCodeUnits(a.message, b.message),
    )
  }
}
