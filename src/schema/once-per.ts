/** What is made of an object once, and kept as long as that object. */
export function oncePer<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const known = new WeakMap<Of, { readonly made: Made }>()
  return (of) => {
    let kept = known.get(of)
    if (kept === undefined) {
      kept = { made: make(of) }
      known.set(of, kept)
    }
    return kept.made
  }
}
