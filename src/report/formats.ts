/** Names alone, so that asking for one costs nothing of the others. */
export const FORMATS = ['text', 'json', 'sarif', 'junit', 'markdown', 'github', 'gitlab', 'html'] as const
export type Format = (typeof FORMATS)[number]
