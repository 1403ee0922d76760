/** The front of the room that tells channels what changed; other rooms import from here alone. */
export { paceFrom, type Pace } from './attempts.ts'
export {
  credentialNames,
  kindOf,
  nameOf,
  needsMemory,
  readChannels,
  type Channel,
  type ChannelMistake,
} from './channel.ts'
export { tellChannel } from './tell-channel.ts'
