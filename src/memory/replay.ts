import { byPlace, keyOf } from './place.ts'
import type { Memory, Transition } from './types.ts'

/** The memory that transitions lead to: all of a run, put on the memory before, give the memory after, but for its run and the counters of runs. */
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
