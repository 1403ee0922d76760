import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchors, pages, prose, read, ROOT } from './pages.ts'

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g

/** Relative links that lead nowhere, as `page -> target`. */
function brokenLinks(page: string): readonly string[] {
  const targets = [...prose(page).matchAll(LINK)].map(([, target = '']) => target)
  return targets.filter((target) => !/^(https?:|mailto:)/.test(target) && !leadsSomewhere(page, target))
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : posix.join(posix.dirname(page), path)
  if (!existsSync(join(ROOT, file))) return false
  return anchor === undefined || anchors(file).has(anchor)
}

describe('pages', () => {
  it.each(pages())('%s has no link that leads nowhere', (page) => {
    expect(brokenLinks(page)).toEqual([])
  })

  it.each(pages())('%s names no machine path', (page) => {
    expect(read(page)).not.toMatch(/(^|[\s`"'(=])\/(root|home|work|tmp|Users)\//m)
  })

  it.each(pages().filter((page) => page.startsWith('docs/decisions/2')))('%s is in the index of decisions', (page) => {
    const name = posix.basename(page)
    expect(name).toMatch(/^\d{4}-\d{2}-\d{2}-[a-z-]+\.md$/)
    const rows = read('docs/decisions/README.md').split('\n')
    expect(rows.filter((row) => row.startsWith(`| ${name.slice(0, 10)} |`) && row.includes(`(${name})`))).toHaveLength(
      1,
    )
    expect(read(page)).toContain(`\n\n${name.slice(0, 10)}`)
  })

  it.each(pages().filter((page) => /^docs\/[^/]+\.md$/.test(page)))('%s is reached from the README', (page) => {
    expect(read('README.md')).toContain(`(${page}`)
  })
})
