/** Every format of a report, with one sentence for people. Names alone cost nothing of what renders them. */
export const OUTPUT_FORMATS = {
  text: 'For people at a terminal and in a log. The verdict with its counts is the last line.',
  json: 'The whole report, for programs; its JSON Schema is `tenant-drift schema report`.',
  sarif: 'SARIF 2.1.0, for the alerts of code scanning.',
  junit: 'JUnit XML, for what shows tests: a finding that counts is a failure, and what could not be read is an error.',
  markdown: 'For a comment or a summary of a step.',
  github: 'Annotations of GitHub Actions, in the log; they may share standard output with another report.',
  gitlab: 'The code quality report of GitLab.',
  html: 'One page of its own, with search and filters, that loads nothing.',
} as const satisfies Readonly<Record<string, string>>

export type Format = keyof typeof OUTPUT_FORMATS
export const FORMATS = Object.keys(OUTPUT_FORMATS) as readonly Format[]

/** Every format of a plan (`tenant-drift repair`), with one sentence for people. */
export const PLAN_FORMATS = {
  text: 'For people: what is put back, what that does, how it is undone, and what is left out.',
  json: 'The whole plan, for programs; its JSON Schema is `tenant-drift schema repair`.',
  sh: 'A script of bash that carries the plan out with curl and jq.',
  auth0: 'The same script, with the Auth0 CLI in place of curl.',
} as const satisfies Readonly<Record<string, string>>

export type PlanFormat = keyof typeof PLAN_FORMATS
