/** A part of a time line: where it begins, in its own numbers of a line that is so wide. */
export interface Bar<Stretch> {
  readonly stretch: Stretch
  readonly from: number
  readonly width: number
}

/** Stretches of time as bars of a strip, each until the next one begins: what is shorter than a bar may be narrow (`least`) is still seen, at the end too. */
export function barsOf<Stretch extends { readonly from: number }>(
  stretches: readonly Stretch[],
  {
    begin,
    end,
    width,
    least,
  }: { readonly begin: number; readonly end: number; readonly width: number; readonly least: number },
): readonly Bar<Stretch>[] {
  const at = (time: number) => Math.min(width, Math.max(0, ((time - begin) / (end - begin)) * width))
  return stretches.map((stretch, index) => {
    const from = Math.min(width - least, at(stretch.from))
    const to = Math.max(at(stretches[index + 1]?.from ?? end), from + least)
    return { stretch, from, width: to - from }
  })
}
