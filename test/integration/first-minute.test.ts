import { existsSync, readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { Bare, type Running } from '../tools/beside.ts'

let bare: Bare
afterEach(() => bare.remove())

const FAILS = 'echo "internal compiler error: out of memory" >&2; exit 2'
const order = ({ text }: Running, ...words: readonly string[]) => words.map((each) => text.indexOf(each))
const sorted = (places: readonly number[]) => places.toSorted((one, other) => one - other)

describe('npm run demo, where there is no Pulumi CLI', () => {
  it('tells the story of the command while one is built, then says why there is none', async () => {
    bare = new Bare(FAILS)
    const demo = bare.start('demo.mjs')
    await demo.says('waiting for it')
    const wasBuilding = await bare.isBuilding()
    bare.goOn()

    expect(await demo.code).toBe(1)
    expect(wasBuilding).toBe(true)
    expect(demo.text).not.toContain('NOT AS EXPECTED')
    const places = order(
      demo,
      'There is no Pulumi CLI here',
      '$ tenant-drift init acme',
      'IN SYNC',
      'DRIFTED',
      '$ tenant-drift explain',
      'The command ran as expected',
      'waiting for it',
      'The previews were not shown. There is no Pulumi CLI, and it could not be made.',
      'internal compiler error: out of memory',
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(sorted(places))
    // Lines of their own where nobody looks on, and nothing that moves a cursor.
    expect(demo.text).toMatch(/^\[Pulumi CLI\] go build pulumi/m)
    expect(demo.text).not.toContain('\u001B[2K')
  })

  it('ends the build, and says nothing more, when it is interrupted', async () => {
    bare = new Bare(FAILS)
    const demo = bare.start('demo.mjs')
    await demo.says('The command ran as expected')
    demo.child.kill('SIGINT')

    expect(await demo.code).toBe(130)
    expect(await bare.isBuilding()).toBe(false)
    expect(demo.text).not.toContain('could not be made')
    expect(readdirSync(bare.file('cache')).filter((name) => name.startsWith('demo-'))).toEqual([])
  })

  it('ends a build that does not listen', async () => {
    bare = new Bare(FAILS, "trap '' TERM")
    const demo = bare.start('demo.mjs')
    await demo.says('$ tenant-drift init')
    await bare.begins()
    demo.child.kill('SIGTERM')

    expect(await demo.code).toBe(143)
    expect(await bare.isBuilding()).toBe(false)
  })
})

describe('npm test, where there is no Pulumi CLI', () => {
  it('runs what needs none while one is built, and counts the engine tests as failed without one', async () => {
    bare = new Bare(FAILS)
    const test = bare.start('test.mjs', ['schema/near'])
    await test.says('waiting for it')
    await bare.begins()
    const wasBuilding = await bare.isBuilding()
    bare.goOn()

    expect(await test.code).toBe(1)
    expect(wasBuilding).toBe(true)
    const places = order(
      test,
      'unit and integration tests',
      'waiting for it',
      'FAILED engine tests',
      'could not be made',
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(sorted(places))
    expect(test.text.trimEnd()).toMatch(/\d+ passed, 1 failed$/)
  })

  it('needs none for the static steps', async () => {
    bare = new Bare(FAILS)
    const check = bare.start('test.mjs', ['--static', 'no step has this word'])

    await check.code
    expect(check.text).not.toContain('Pulumi CLI')
    expect(existsSync(bare.file('beats'))).toBe(false)
  })
})
