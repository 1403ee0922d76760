/** APIs on one page of the list. */
export const PER_PAGE = 100
/** APIs that one request asks for by their identifiers, at most. */
export const NAMED_AT_ONCE = 10
/** This many missing APIs, or secrets, are asked for one by one in a run; more are cheaper, and safer, by one second reading. */
export const ONE_BY_ONE = 5
