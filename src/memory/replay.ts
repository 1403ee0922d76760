import { byPlace, keyOf } from './place.ts'
import type { Memory, Transition } from './types.ts'

/** Applies the transitions of a run to the memory before it. The row of the run and the counters of episodes are not among them. */
export function replay(memory: Memory, transitions: readonly Transition[]): Memory {
  if (transitions.length === 0) return memory
  const episodes = new Map(memory.episodes.map((episode) => [keyOf(episode), episode] as const))
  const dark = new Map(memory.dark.map((place) => [keyOf(place), place] as const))
  for (const transition of transitions) {
    if (transition.about === 'episode') episodes.set(keyOf(transition.after), transition.after)
    else if (transition.type === 'unreadable') dark.set(keyOf(transition.dark), transition.dark)
    else dark.delete(keyOf(transition.dark))
  }
  return { ...memory, episodes: [...episodes.values()].sort(byPlace), dark: [...dark.values()].sort(byPlace) }
}
