import path from 'node:path'
import { putFiles } from '../files.ts'
import { COMMAND } from '../product.ts'
import { credentials, SYSTEM_PATH } from '../run-action.ts'
import { runProgram } from '../run-program.ts'
import { ORDERS, ordersFile, type Scene } from '../scene.ts'

async function command(scene: Scene, args: readonly string[]): Promise<string> {
  const cwd = path.join(scene.outside, 'told')
  putFiles(cwd, { 'declared/orders.yaml': ordersFile() })
  const ended = await runProgram(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { PATH: SYSTEM_PATH, HOME: scene.home, ...credentials(scene) },
  })
  if (!ended.out.startsWith('{')) throw new Error(`${args.join(' ')}: ${ended.log}`)
  return ended.out
}

/** A snapshot file of the tenant, with the API that the change touches signing like that. */
export async function snapshot(
  scene: Scene,
  alg: 'RS256' | 'HS256',
  more: Record<string, boolean> = {},
): Promise<string> {
  const { tenant } = scene
  const before = tenant.list().find(({ identifier }) => identifier === ORDERS) ?? {}
  tenant.put({ ...before, signing_alg: alg, ...more })
  const text = await command(scene, ['snapshot'])
  tenant.put(before)
  return text
}

/** A report that knows everything that is wrong with the tenant. */
export function reportOfNow(scene: Scene): Promise<string> {
  return command(scene, ['check', '--quiet', '--output=json'])
}
