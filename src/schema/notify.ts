import * as z from 'zod'
import { flagKey, keysError, oneOfKeys, textKey, variableName } from './config-parts.ts'
import { SEVERITIES } from './finding.ts'
import { ACTIONS_BOT } from './github.ts'
import { isSafeUrl } from './safe-url.ts'
import { TELLING } from './telling.ts'

const whole = (what: string) =>
  z.int({ error: `${what} must be a whole number` }).min(1, { error: `${what} must be at least 1` })

/** As written here it is public: an address that is a credential is named by its variable. */
const address = (what: string) =>
  z
    .string({ error: `${what} must be a URL` })
    .refine(isSafeUrl, { error: `${what} must be an https URL without user and password (http only for loopback)` })

const urlVariable = variableName('url_variable').describe('NAME of the variable with the URL, which is a credential.')

/** A file that holds a credential, as secrets are mounted: read at each run, so that it may change. */
const credentialFile = (key: string, what: string) =>
  textKey(key)
    .max(4096, { error: `${key} must be the path of a file` })
    .describe(`File that holds ${what}, in place of a variable; read at each run.`)
const urlFile = credentialFile('url_file', 'the URL')
const tokenKeys = {
  token_variable: variableName('token_variable').optional().describe('NAME of the variable with the token.'),
  token_file: credentialFile('token_file', 'the token').optional(),
}

const labels = z
  .array(textKey('a label').max(50, { error: 'a label has at most 50 characters' }), {
    error: 'labels must be a list of strings',
  })
  .max(20, { error: 'at most 20 labels' })

const issueKeys = {
  labels: labels.optional().describe('Added to the issue once, when it is created.'),
  details: z
    .enum(['full', 'counts'], { error: 'details must be full or counts' })
    .optional()
    .describe('How much the issue says; unless set, counts in a repository that everybody can read, else full.'),
  issue_key: z
    .string({ error: 'issue_key must be a string' })
    .regex(/^[\w.:/ -]{1,100}$/, { error: 'issue_key may only have letters, digits, blanks, dots, - and _' })
    .optional()
    .describe('Text by which the issue is found; the domain of the tenant unless set.'),
  api_url: address('api_url').optional().describe('Address of your own server.'),
}

const SHAPES = {
  slack: z
    .strictObject(
      {
        url_variable: urlVariable.optional(),
        url_file: urlFile.optional(),
        plain: flagKey('plain').optional().describe('true: send only {"text"}, as services like Slack expect it.'),
      },
      { error: keysError('slack') },
    )
    .refine(...oneOfKeys('slack', ['url_variable', 'url_file'])),
  teams: z
    .strictObject({ url_variable: urlVariable.optional(), url_file: urlFile.optional() }, { error: keysError('teams') })
    .refine(...oneOfKeys('teams', ['url_variable', 'url_file'])),
  webhook: z
    .strictObject(
      {
        url: address('url').optional().describe('Address that messages go to, where the address is not a credential.'),
        url_variable: urlVariable.optional(),
        url_file: urlFile.optional(),
        secret_variable: variableName('secret_variable').optional().describe('NAME of the variable with whsec_...'),
        secret_variables: z
          .array(variableName('an item of secret_variables'), { error: 'secret_variables must be a list of two names' })
          .min(1)
          .max(2, { error: 'secret_variables: at most two, while a secret changes' })
          .optional()
          .describe('NAMES of two variables, while a secret changes.'),
        secret_file: credentialFile('secret_file', 'whsec_...').optional(),
        secret_files: z
          .array(textKey('an item of secret_files'), { error: 'secret_files must be a list of two paths' })
          .min(1)
          .max(2, { error: 'secret_files: at most two, while a secret changes' })
          .optional()
          .describe('Two files, while a secret changes.'),
      },
      { error: keysError('webhook') },
    )
    .refine(...oneOfKeys('a webhook', ['url', 'url_variable', 'url_file']))
    .refine(...oneOfKeys('a webhook', ['secret_variable', 'secret_variables', 'secret_file', 'secret_files'])),
  pagerduty: z
    .strictObject(
      {
        routing_key_variable: variableName('routing_key_variable')
          .optional()
          .describe('NAME of the variable with the routing key.'),
        routing_key_file: credentialFile('routing_key_file', 'the routing key').optional(),
        region: z
          .enum(['us', 'eu'], { error: 'region must be us or eu' })
          .optional()
          .describe('Where the account is; us unless set.'),
        per: z
          .enum(['tenant', 'finding'], { error: 'per must be tenant or finding' })
          .optional()
          .describe('One alert for each tenant, or one for each finding.'),
        api_url: address('api_url').optional().describe('Address of your own proxy.'),
      },
      { error: keysError('pagerduty') },
    )
    .refine(...oneOfKeys('pagerduty', ['routing_key_variable', 'routing_key_file'])),
  github_issue: z
    .strictObject(
      {
        repository: z
          .string({ error: 'repository must be owner/name' })
          .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, { error: 'repository must be owner/name' })
          .describe('Owner and name, as owner/name.'),
        ...tokenKeys,
        author: z
          .string({ error: 'author must be a login' })
          .regex(/^[\w[\]-]{1,100}$/, { error: 'author must be a login' })
          .optional()
          .describe(`Login of the account that the token belongs to; ${ACTIONS_BOT} unless set.`),
        ...issueKeys,
      },
      { error: keysError('github_issue') },
    )
    .refine(...oneOfKeys('github_issue', ['token_variable', 'token_file'])),
  gitlab_issue: z
    .strictObject(
      {
        project: z
          .union([z.int().min(1), z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/)], {
            error: 'project must be its path (group/name) or its number',
          })
          .describe('Its path, or its number.'),
        ...tokenKeys,
        ...issueKeys,
      },
      { error: keysError('gitlab_issue') },
    )
    .refine(...oneOfKeys('gitlab_issue', ['token_variable', 'token_file'])),
  heartbeat: z
    .strictObject(
      {
        url_variable: urlVariable.optional(),
        url_file: urlFile.optional(),
        fail_url_variable: urlVariable.optional(),
        fail_url_file: credentialFile('fail_url_file', 'the URL for a run that could not tell').optional(),
        fail: z
          .literal('none', { error: 'fail can only be none' })
          .optional()
          .describe('none: a run that could not tell calls no address.'),
      },
      { error: keysError('heartbeat') },
    )
    .refine(...oneOfKeys('a heartbeat', ['url_variable', 'url_file']))
    .refine(
      (keys) => [keys.fail, keys.fail_url_variable, keys.fail_url_file].filter((key) => key !== undefined).length <= 1,
      {
        error: 'a heartbeat takes at most one of fail: none, fail_url_variable and fail_url_file',
      },
    ),
} as const

export type ChannelKind = keyof typeof SHAPES
export const CHANNEL_KINDS = Object.keys(SHAPES) as readonly ChannelKind[]

const channel = z
  .strictObject(
    {
      slack: SHAPES.slack.optional().describe('A channel of Slack.'),
      teams: SHAPES.teams.optional().describe('A channel of Teams.'),
      webhook: SHAPES.webhook.optional().describe('Your own receiver: CloudEvents, signed as Standard Webhooks are.'),
      pagerduty: SHAPES.pagerduty.optional().describe('Alerts of PagerDuty.'),
      github_issue: SHAPES.github_issue.optional().describe('An issue of GitHub that keeps itself up to date.'),
      gitlab_issue: SHAPES.gitlab_issue.optional().describe('An issue of GitLab that keeps itself up to date.'),
      heartbeat: SHAPES.heartbeat
        .optional()
        .describe('An address that every run calls, so that somebody notices when the schedule stops.'),
      name: z
        .string({ error: 'name must be a string' })
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, { error: 'name has letters, digits, dots, - and _' })
        .optional()
        .describe('Name under which the history remembers what the channel was told; the kind unless set.'),
      severity_at_least: z
        .enum(SEVERITIES, { error: `severity_at_least must be one of ${SEVERITIES.join(', ')}` })
        .optional()
        .describe('Less severe differences are not reported.'),
      on: z
        .array(z.enum(TELLING, { error: `an item of on must be one of ${TELLING.join(', ')}` }), {
          error: 'on must be a list',
        })
        .min(1, { error: 'on must not be an empty list' })
        .optional()
        .describe('Which events are reported.'),
      after: whole('after').optional().describe('Runs in a row that must see a difference before it is reported.'),
      who: z
        .literal('full', { error: 'who can only be full' })
        .optional()
        .describe('full: messages name persons, if --who=full asked for them; an issue never does.'),
      unreadable_after: whole('unreadable_after')
        .optional()
        .describe('Runs in a row that must fail to judge before that is reported.'),
    },
    { error: keysError('a channel') },
  )
  .refine((each) => CHANNEL_KINDS.filter((kind) => each[kind] !== undefined).length === 1, {
    error: `a channel is one of ${CHANNEL_KINDS.join(', ')}`,
  })

export const notifySchema = z
  .array(channel, { error: 'notify must be a list of channels' })
  .max(20, { error: 'at most 20 channels' })
  .superRefine((channels, context) => {
    const names = channels.map((each) => each.name ?? CHANNEL_KINDS.find((kind) => each[kind] !== undefined))
    names.forEach((name, index) => {
      if (name !== undefined && names.indexOf(name) < index)
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `another channel is called ${name}: give one of them a name`,
        })
    })
  })

export type ChannelConfig = z.infer<typeof channel>
