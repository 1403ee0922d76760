import { byPlace, keyOfPlace } from './place.ts'
import type { Memory, Transition } from './types.ts'

/** Applies the transitions of a run to the memory before it. The row of the run and the counters of episodes are not among them. */
export function replay(memory: Memory, transitions: readonly Transition[]): Memory {
  if (transitions.length === 0) return memory
  const episodes = new Map(memory.episodes.map((episode) => [keyOfPlace(episode), episode] as const))
  const dark = new Map(memory.dark.map((place) => [keyOfPlace(place), place] as const))
  for (const transition of transitions) {
    if (transition.about === 'episode') episodes.set(keyOfPlace(transition.after), transition.after)
    else if (transition.type === 'unreadable') dark.set(keyOfPlace(transition.dark), transition.dark)
    else dark.delete(keyOfPlace(transition.dark))
  }
  return { ...memory, episodes: [...episodes.values()].sort(byPlace), dark: [...dark.values()].sort(byPlace) }
}
