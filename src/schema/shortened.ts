/** The beginning and the end of a text that is longer than `most`: where only its end differs, that still shows. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = Array.from(text)
  if (characters.length <= most) return text
  const tail = Math.floor(most / 4)
  const left = characters.length - most
  return `${characters.slice(0, most - tail).join('')}…(${left} more)…${characters.slice(characters.length - tail).join('')}`
}
