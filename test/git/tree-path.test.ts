import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { treePaths } from '../../src/git/tree-path.ts'
import { folderWith } from '../cli/run.ts'

/** A machine with a repository in somebody's home, and other places around it. */
function machine() {
  const root = realpathSync(
    folderWith({
      'homes/ada/repo/declared/a.yaml': '',
      'homes/ada/repo/services/x/declared/b.yaml': '',
      'homes/ada/shared/c.yaml': '',
      'homes/bob/secret-project/d.yaml': '',
      'plans/today/e.json': '',
    }),
  )
  const repo = path.join(root, 'homes/ada/repo')
  mkdirSync(path.join(repo, '.git'))
  const named = (cwd: string, file: string) => treePaths(path.join(root, cwd), path.join(root, 'homes/ada'))(file)
  return { root, repo, named }
}

describe('the path of a file as everybody names it', () => {
  it.each([
    ['homes/ada/repo', 'declared/a.yaml', 'declared/a.yaml'],
    ['homes/ada/repo/services/x', 'declared/b.yaml', 'services/x/declared/b.yaml'],
    ['homes/ada/repo/services/x', '../../declared/a.yaml', 'declared/a.yaml'],
    ['homes/ada/repo/services/x', '../../declared/gone/*.yaml', 'declared/gone/*.yaml'],
    ['homes/ada/repo/services/x', '../../../shared/c.yaml', '../shared/c.yaml'],
    // Without a repository it is the working directory.
    ['homes/bob/secret-project', 'd.yaml', 'd.yaml'],
    ['plans', '../plans/today/e.json', 'today/e.json'],
  ])('in %s, %s is %s', (cwd, file, expected) => {
    const { named } = machine()
    expect(named(cwd, file)).toEqual({ path: expected, isLink: false })
  })

  it('tells nobody whose home a file lies in', () => {
    const { root, named } = machine()
    expect(named('plans', path.join(root, 'homes/ada/shared/c.yaml')).path).toBe('../shared/c.yaml')
    expect(named('plans', '/home/carol/c.yaml').path).toBe('../c.yaml')
    expect(named('plans', '/Users/carol/work/deep/er/c.yaml').path).toBe('../er/c.yaml')
    expect(named('homes/ada/repo', '/somewhere/else/entirely/c.yaml').path).toBe('../entirely/c.yaml')
  })

  it('goes through a link as git does: to the file, or to the link where that leads out', () => {
    const { repo, root, named } = machine()
    symlinkSync('declared', path.join(repo, 'linked'))
    symlinkSync(path.join(root, 'homes/ada/shared'), path.join(repo, 'services/out'))
    symlinkSync(repo, path.join(root, 'checkout'))
    expect(named('homes/ada/repo', 'linked/a.yaml')).toEqual({ path: 'declared/a.yaml', isLink: false })
    expect(named('homes/ada/repo', 'services/out/c.yaml')).toEqual({ path: 'services/out', isLink: true })
    expect(named('checkout', 'declared/a.yaml')).toEqual({ path: 'declared/a.yaml', isLink: false })
  })
})
