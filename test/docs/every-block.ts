const README = 'test/integration/readme.test.ts'
const PAGES = 'test/integration/pages.test.ts'
const PIPELINES = 'test/integration/pipelines.test.ts'
const OTHER = 'test/integration/other-pipelines.test.ts'
const DEPLOY_CLI = 'test/integration/from-deploy-cli.test.ts'
const TERRAFORM = 'test/integration/from-terraform.test.ts'
const SCHEDULE = 'test/integration/schedule.test.ts'
const WHO = 'test/integration/who.test.ts'
const PULUMI = 'test/engine/from-pulumi-auth0.test.ts'
const WATCH = 'test/watch/pages.test.ts'
const FLEET = 'test/integration/fleet.test.ts'
const ENGINE = 'test/engine/pages.test.ts'

/** Why a block is not run as it is pasted, and what is checked of it in place of that. */
export const REASONS = {
  script: 'it takes minutes or is the test itself: each `npm run` of it is a script of package.json',
  drawing: 'it is a drawing, or shows the form of something',
  generated: '`npm run generate` writes it, and `--check` compares it',
  declared: 'it is declared state: it is read without a mistake',
  configuration: 'it needs a stack with a history: both packs are asked whether they know its names',
  config: 'it is a `tenant-drift.yaml`, or a part of one: it is read as the command reads it',
  include: 'it is for a pipeline of another kind: the file that it names is there, and its script is run',
} as const

/**
 * How each code block of each page is proven, in the order of the page: words that stand in it, and the test that runs it (by those words with
 * `blockOf`, for which no other block may have them, or as one of the `console` blocks of a page that `playOf` plays to its end), or the reason why none can.
 * Decisions are not here: they say how things were on their day, and nobody pastes them. Pages of policies hold one configuration each, which is
 * tried on the packs.
 */
export const BLOCKS: Readonly<Record<string, readonly (readonly [words: string, how: string])[]>> = {
  'CONTRIBUTING.md': [['npm run demo', 'script']],
  'README.md': [
    ['init acme', README],
    ['DRIFTED', README],
    ['--output json=report.json', README],
    ['on: pull_request', README],
    ['npm install --prefix .', ENGINE],
    ['npm run demo', 'script'],
  ],
  'docs/affected.md': [
    ['check --affected', PAGES],
    ['"allFirstParty"', PAGES],
  ],
  'docs/ARCHITECTURE.md': [
    ['declared (files or a program)', 'drawing'],
    ['flowchart', 'generated'],
  ],
  'docs/command.md': [
    ['export AUTH0_DOMAIN=', PAGES],
    ['--trust origin/main', PAGES],
    ['config.schema.json', 'config'],
    ['record --dry-run', PAGES],
    ['# the shop\n    signing_alg: RS256\n    token', PAGES],
    ['adopt --dry-run', PAGES],
  ],
  'docs/declared.md': [
    ['tenant: acme.eu.auth0.com', 'declared'],
    ['$unset', 'declared'],
    ['signing_alg: must be one of', PAGES],
  ],
  'docs/evidence.md': [
    ['evidence:detection', 'script'],
    ['evidence:repair', 'script'],
    ['evidence:fidelity', 'script'],
    ['evidence:faults', 'script'],
    ['evidence:fuzz', 'script'],
    ['evidence:gate', 'script'],
    ['evidence:memory', 'script'],
    ['evidence:watch', 'script'],
    ['evidence:who', 'script'],
    ['evidence:secrets', 'script'],
  ],
  'docs/findings/changed.md': [
    ['write:orders', 'drawing'],
    ['signing_alg', 'drawing'],
  ],
  'docs/from-deploy-cli.md': [
    ['tenant-drift record', DEPLOY_CLI],
    ['CRITICAL', DEPLOY_CLI],
    ['tenant-drift adopt', DEPLOY_CLI],
    ['--base origin/main', DEPLOY_CLI],
  ],
  'docs/from-pulumi-auth0.md': [
    ["const orders = new auth0.ResourceServer('orders', {", PULUMI],
    ['export AUTH0_DOMAIN=acme', PULUMI],
    ['✅', PULUMI],
    ['IN SYNC  acme.eu.auth0.com\n1 declared', PULUMI],
    ['pulumi-preview:declared.json', PULUMI],
    ['[mandatory]', PULUMI],
    ['tenant-drift adopt', PULUMI],
    ['pulumi refresh --yes', PULUMI],
    ['declaredFrom', PULUMI],
    ['--expect-no-changes', PULUMI],
  ],
  'docs/from-terraform.md': [
    ['export AUTH0_DOMAIN=acme', TERRAFORM],
    ['tfplan:declared.json', TERRAFORM],
    ['tenant-drift record', TERRAFORM],
    ['CRITICAL', TERRAFORM],
    ['tenant-drift adopt', TERRAFORM],
    ['NOTHING COUNTS', TERRAFORM],
  ],
  'docs/history.md': [['npx tenant-drift history', PAGES]],
  'docs/monitoring.md': [
    ['scrape_configs', WATCH],
    ['alert: TenantDriftDown', WATCH],
  ],
  'docs/notify.md': [
    ['severity_at_least: high\n  - heartbeat', 'config'],
    ['url_file: /run', 'config'],
    ['notify:\n  - slack', 'config'],
    ['notify:\n  - teams', 'config'],
    ['whsec_', 'test/docs/channels.test.ts'],
    ['- webhook:', 'config'],
    ['- pagerduty:', 'config'],
    ['- github_issue:', 'config'],
    ['- gitlab_issue:', 'config'],
    ['notify:\n  - heartbeat', 'config'],
  ],
  'docs/performance.md': [['npm run bench', 'script']],
  'docs/pipelines.md': [
    ['export AUTH0_DOMAIN=', OTHER],
    ['pulumi stack init check', ENGINE],
    ['name: drift', PIPELINES],
    ['name: gate', PIPELINES],
    ['trusted-paths: policies.json', PIPELINES],
    ['project: platform/pipelines', 'include'],
    ['--output json=report.json', OTHER],
    ['export TARGET_BRANCH=main', OTHER],
  ],
  'docs/policies.md': [
    ['pulumi stack init check', ENGINE],
    ['tenant-drift-policies"\n', ENGINE],
    ['node_modules/tenant-drift/policies\n', ENGINE],
    ['only_touched', ENGINE],
    ['--policy-pack-config policies.json', ENGINE],
    ['tenant-drift-live-policies"\n', ENGINE],
    ['"base": "stack"', 'configuration'],
  ],
  'docs/pulumi.md': [
    ['npm install --prefix .', ENGINE],
    ['export AUTH0_DOMAIN=', ENGINE],
    ["files: 'declared/*.yaml'", ENGINE],
    ['# declared/orders.yaml', ENGINE],
    ["ResourceServerCheck('orders', {\n", ENGINE],
    ['main: src/index.ts', ENGINE],
    ['PS256', PULUMI],
    ['pulumi stack init check', ENGINE],
    ['warning: tenant-drift', 'test/provider/warning.test.ts'],
    ['git worktree add', ENGINE],
    ['pulumi up --yes --skip-preview\n', ENGINE],
    ['pulumi refresh --preview-only', ENGINE],
    ['identity team', 'config'],
    ['new Auth0Tenant', ENGINE],
  ],
  'docs/repair.md': [
    ['description: Read orders', PAGES],
    ['tenant-drift repair', PAGES],
  ],
  'docs/schedule.md': [
    ['name: drift', SCHEDULE],
    ['notify:\n  - heartbeat', SCHEDULE],
    ['name: schedule', SCHEDULE],
    ['severity_at_least: medium', SCHEDULE],
    ['project: platform/pipelines', 'include'],
    ['- gitlab_issue:', SCHEDULE],
    ['history: history.db', SCHEDULE],
    ['credentials.sh', SCHEDULE],
    ['npm install tenant-drift pg', SCHEDULE],
  ],
  'docs/simulator.md': [
    ['simulate --apis 3', PAGES],
    ['__simulator/faults', PAGES],
  ],
  'docs/tenant.md': [['"rereads"', PAGES]],
  'docs/watch.md': [
    ['npx tenant-drift serve\n', WATCH],
    ['schedule: every 15m', 'config'],
    ['follow:', WATCH],
    ['[Unit]', WATCH],
    ['DRIFT_DATABASE', FLEET],
    ['proxy_pass', WATCH],
    ['curl -sS', WATCH],
  ],
  'docs/who.md': [
    ['check --who', WHO],
    ['changed by  a person', 'drawing'],
  ],
}
