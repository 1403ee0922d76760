import { appendFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Scene } from '../scene.ts'

/** Adds to the checkout's `.git/config`, as an earlier step could. */
export async function configured(scene: Scene, config: string): Promise<void> {
  // Of two URLs the first one holds.
  if (config.includes('[remote "origin"]')) await scene.git(['config', '--remove-section', 'remote.origin'])
  appendFileSync(path.join(scene.work, '.git', 'config'), config)
}

/** The checkout as a shallow one that holds the merge (or the head) alone: the base has to be fetched. */
export async function onlyTheMerge(
  scene: Scene,
  which: 'merge' | 'head' = 'merge',
  more: readonly string[] = [],
): Promise<void> {
  const { work, server, commits } = scene
  const config = (await scene.git(['config', '--list', '--local', '-z'])).split('\0')
  const format = await scene.git(['rev-parse', '--show-object-format'])
  rmSync(path.join(work, '.git'), { recursive: true })
  await scene.git(['init', '--quiet', '--initial-branch=main', `--object-format=${format}`])
  await scene.git([
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--depth=1',
    ...more,
    `file://${server}`,
    commits[which],
  ])
  await scene.git(['update-ref', '--no-deref', 'HEAD', commits[which]])
  await scene.git(['reset', '--quiet'])
  for (const line of config) {
    const end = line.indexOf('\n')
    const [name, value] = [line.slice(0, end), line.slice(end + 1)]
    if (name.startsWith('remote.') || name.startsWith('http.')) await scene.git(['config', name, value])
  }
}
