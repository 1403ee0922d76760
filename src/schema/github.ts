/** Login under which the token of a GitHub job writes. */
export const ACTIONS_BOT = 'github-actions[bot]'
