/** The base is the stack's own state where this word stands in place of a SOURCE. */
export const OWN_STACK = 'stack'
