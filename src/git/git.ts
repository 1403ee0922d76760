/** How git is asked: it waits for nobody at a terminal, and speaks one language. */
export function gitOptions(cwd: string) {
  return { cwd, maxBuffer: 256 * 1024 * 1024, env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } } as const
}

/** One file of a commit. */
export interface TreeEntry {
  readonly mode: string
  readonly object: string
}

/** What lists all files of a commit for `parseTree`, with their paths from the root of the repository. */
export function listTree(commit: string): readonly string[] {
  return ['ls-tree', '-r', '-z', '--full-tree', commit]
}

/** `MODE TYPE OBJECT\tPATH`, each ended by a zero byte: the only form in which git does not quote paths. */
export function parseTree(text: string): ReadonlyMap<string, TreeEntry> {
  const lines = text.split('\0').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', , object = ''] = line.slice(0, tab).split(' ')
      return [line.slice(tab + 1), { mode, object }] as const
    }),
  )
}
