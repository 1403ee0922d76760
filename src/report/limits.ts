/** Most that a comment on GitHub may hold; counted in bytes here, which are never fewer than its characters. */
export const COMMENT_LIMIT = 65_536
