import { setImmediate } from 'node:timers/promises'

/**
 * Lets others have a turn: a tenant that answered meanwhile gets its next question. Two of Node's turns, for the first may come before sockets are
 * looked at.
 */
export async function turn(): Promise<void> {
  await setImmediate()
  await setImmediate()
}
