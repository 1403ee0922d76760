import { describe, expect, it } from 'vitest'
import { run } from '../cli/run.ts'
import { read } from './pages.ts'

describe('the page of the command', () => {
  it('names every command that the program has', async () => {
    const { out } = await run(['--help'])
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help')
    expect(commands).toContain('adopt')
    expect(commands.filter((name) => !read('docs/command.md').includes(`| \`${name}`))).toEqual([])
  })
})
