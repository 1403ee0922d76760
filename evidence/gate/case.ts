import type { Files } from './files.ts'
import type { Ran } from './ran.ts'
import type { RunnerName } from './runners.ts'
import type { Scene } from './scene.ts'

export const GROUPS = {
  git: 'git asked in a place that the change controls',
  programs: 'programs and settings',
  base: 'which commit is the base',
  names: 'trusted files and their other names',
  events: 'events',
  secrets: 'secrets',
  declares: 'what the change declares',
  reports: 'reports and posts',
  texts: 'texts',
  controls: 'controls',
} as const
export type GroupName = keyof typeof GROUPS

/** How a job is started otherwise than usual. */
export interface JobEdit {
  /** Null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>
  /** Inputs of the action. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Further flags of the command. */
  readonly flags?: readonly string[]
  /** Refs of the command; null leaves the flag out. */
  readonly trust?: string | null
  readonly base?: string | null
  /** Name of GitHub's event, and its payload: an object, or a text as it stands in the file; null is no such file. */
  readonly event?: string
  readonly payload?: object | string | null
  /** Put before PATH. */
  readonly path?: string
  /** Where the job runs, below the repository. */
  readonly folder?: string
  readonly workspace?: string
  readonly limitMs?: number
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Runs the command under this program, with the whole command line behind it. */
  readonly input?: string
}

export interface GateCase {
  /** Unique; what several sub-variants share comes before the first hyphen. */
  readonly id: string
  readonly group: GroupName
  readonly title: string
  readonly on: readonly RunnerName[]
  /** Exit codes that are right. */
  readonly expect: readonly number[]
  /** The same job without the attack, or an honest one. */
  readonly isControl?: true
  /** The tenant is as it was declared before the change; else the API that the change touches has drifted. */
  readonly isClean?: true
  /** Nobody but root can make its scene: giving a folder away, making a device. It is left out for others. */
  readonly needsRoot?: true
  readonly format?: 'sha256'
  /** Folder of the repository that holds the usual files, and that the job runs in. */
  readonly folder?: string
  /** Files of the base, over the usual ones. */
  readonly base?: (scene: Scene) => Files | Promise<Files>
  /** What the change does, over the usual edit. */
  readonly change?: (scene: Scene) => Files | Promise<Files>
  /** After the change was checked out. */
  readonly repo?: (scene: Scene) => void | Promise<void>
  readonly live?: (scene: Scene) => void
  readonly job?: (scene: Scene) => JobEdit
  /** What is wrong besides, in a line each. */
  readonly also?: (scene: Scene, ran: Ran) => readonly string[]
  /** Entries that a run may write besides the usual ones, from the root of the scene. */
  readonly mayWrite?: RegExp
}
