/** What is run: the built action as its step runs it, the built command, the script of the GitLab template. */
export const RUNNERS = ['action', 'command', 'gitlab'] as const
export type RunnerName = (typeof RUNNERS)[number]
