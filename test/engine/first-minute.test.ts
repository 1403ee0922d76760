import { afterEach, expect, it } from 'vitest'
import { requirePulumi } from '../../tools/pulumi-cli.mjs'
import { Bare } from '../tools/beside.ts'

let bare: Bare
afterEach(() => bare.remove())

it('npm run demo goes on with the previews as soon as the CLI is made', async () => {
  // What the stand-in builds is the CLI that this machine has.
  const handOn = `printf '#!/bin/sh\\nexec "%s/%s" "$@"\\n' '${requirePulumi().folder}' "$(basename "$TARGET")" > "$TARGET"; chmod +x "$TARGET"`
  bare = new Bare(handOn)
  const demo = bare.start('demo.mjs')
  await demo.says('waiting for it')
  bare.goOn()

  const code = await demo.code
  expect(demo.text).not.toContain('NOT AS EXPECTED')
  expect(code).toBe(0)
  const command = demo.text.indexOf('The command ran as expected')
  expect(command).toBeGreaterThan(0)
  expect(demo.text.indexOf('pulumi preview')).toBeGreaterThan(command)
  expect(demo.text).toMatch(/^\[Pulumi CLI\] ready in/m)
  expect(demo.text).toContain('The demo ran as expected')
})
