/**
 * A file with a part of it written anew: what stands between the two marks of this name, each on a line of its own.
 * @throws Error where it has lost them
 */
export function withMarked(text: string, name: string, part: string, marks: 'html' | 'yaml' = 'html'): string {
  const mark = (what: string): string => (marks === 'html' ? `<!-- ${name}: ${what} -->` : `# ${name}: ${what}`)
  const [begin, end] = [mark('written by npm run generate'), mark('end')]
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`it has lost its marks: ${begin} and ${end}`)
  const indent = text.slice(text.lastIndexOf('\n', to) + 1, to)
  return `${text.slice(0, from)}${begin}\n${part.trimEnd()}\n${indent}${text.slice(to)}`
}
