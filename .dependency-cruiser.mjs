// The rooms and arrows of docs/ARCHITECTURE.md, checked. Each rule says why it is there; a room that is not named in `may` imports nothing of ours.

/** Which rooms of ours a room may import. */
const MAY = {
  schema: [],
  declared: ['schema', 'git'],
  sources: ['schema', 'declared', 'git', 'words'],
  edit: ['schema', 'declared', 'git'],
  way: ['schema'],
  tenant: ['schema', 'way'],
  compare: ['schema'],
  affected: ['schema'],
  who: ['schema', 'compare'],
  run: ['schema', 'compare', 'affected', 'who', 'tenant', 'declared', 'sources', 'words'],
  repair: ['schema', 'compare', 'words'],
  report: ['schema', 'words'],
  simulator: ['schema'],
  provider: ['schema', 'declared', 'sources', 'tenant', 'compare', 'run', 'words'],
  git: ['schema'],
  words: ['schema'],
  memory: ['schema'],
  history: ['schema', 'memory'],
  notify: ['schema', 'words', 'memory', 'history', 'way'],
  cli: [
    'schema',
    'declared',
    'sources',
    'edit',
    'tenant',
    'compare',
    'run',
    'repair',
    'report',
    'git',
    'words',
    'memory',
    'history',
    'notify',
  ],
  watch: ['schema', 'words', 'tenant', 'memory', 'history', 'notify'],
  action: ['schema', 'report', 'git', 'words', 'way', 'memory', 'notify'],
}

const WHY = {
  schema: 'The words and shapes of the house stand on their own: everything is derived from them, they from nothing.',
  declared:
    'Reading what is declared knows no tenant and no comparison: the same files serve the command, the provider and the embedded tenant.',
  sources:
    'What other tools say is declared is read into the shape that our own files are read into, so that nothing behind it asks where it came from.',
  edit: 'A file is edited from its own text and read again by whoever is handed in: an editor that knew the sources could not be told what it may touch.',
  wire: 'How a connection is made and through which proxy, and what a broken one is called, is one thing for the tenant and for channels, which both know what they ask and this does not.',
  tenant: 'The only room that talks to a tenant reports what it read; what that means is decided elsewhere.',
  compare:
    'Comparing is pure: it is handed declared, base and snapshot, so that it can be tested over every combination of them.',
  affected:
    'Whom a difference hits is decided from what the tenant said of its applications, and from the catalogue: it is handed both, so that every case of it can be tried.',
  who: 'Who changed something is one pure rule, tried on random histories: it is handed the events, the readings and the time.',
  run: 'A comparison runs one way for whoever wants one: the command, the checks in a program and the live pack differ in how they get the sides and in what they do with the outcome.',
  repair:
    'The way back is text: a plan is made from what was read and what differs, and whoever carries it out is somebody else, with rights of their own.',
  report: 'A renderer turns a report into text; where the report came from is not its business.',
  simulator:
    'The embedded tenant must not share code with what is tested against it: a mistake in both would cancel out.',
  git: 'How git is asked, where programs are found and what git lists is one thing for all, and knows nothing else of ours.',
  words:
    'One fact has one sentence, whoever says it, and what may not be said or would act on whoever shows it is taken out in one place. It needs the facts and nothing else.',
  memory:
    'What a run changes about what is remembered is one pure rule, tried on random tenants: it is handed the report, what stands where, and the time.',
  history: 'A store keeps what the rule decided, in one transaction, and decides nothing itself.',
  notify:
    'Channels hear what the memory says changed, as it is stored; what a difference is and how a tenant is read is not their business.',
  provider:
    'A preview waits for the provider process to start: neither the command line, nor the renderers, nor the embedded tenant belong in it.',
  cli: 'The command wires the rooms together; Pulumi is not part of it, so that it can be installed without Pulumi.',
  watch:
    'The service is handed what a check is by the command, as a function: it knows when to run it, whom to tell and what to show, and has no second way to compare.',
  way: 'Which proxy leads where, and connections through it, are one thing for whoever asks something of the network.',
  action:
    'The action starts the command as a process and believes its reports alone: whatever befalls the check must not befall its judge.',
}

/**
 * The rooms that are entered by a front, and which files that is. The others have none: their files are words, shapes or single acts that each stand for
 * themselves (docs/decisions/2026-11-30-fronts.md).
 */
const FRONTS = {
  compare: ['front'],
  history: ['front', 'open', 'view'],
  provider: ['front', 'entry'],
  repair: ['front'],
  simulator: ['front'],
  // One resource of a program needs none of the readers.
  sources: ['front', 'from-resource'],
  tenant: ['front'],
  who: ['front'],
  watch: ['front'],
}

/** Node's and npm's ways to the world outside: files, sockets, processes, the environment, clocks. */
const OUTSIDE =
  '^(node:)?(fs|fs/promises|net|http|https|http2|tls|dns|dgram|child_process|process|worker_threads|cluster|timers|timers/promises|os|readline)$'

export default {
  forbidden: [
    ...Object.entries(MAY).map(([room, rooms]) => ({
      name: `${room}-arrows`,
      comment: WHY[/** @type {keyof typeof WHY} */ (room)],
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: {
        path: '^(src|policies|bench|evidence)/',
        pathNot: [
          ...[room, ...rooms].map((name) => `^src/${name}/`),
          // `tenant-drift simulate` and `serve` start the embedded tenant and the service through their fronts, and know nothing else of them.
          ...(room === 'cli' ? ['^src/(simulator|watch)/front\\.ts$'] : []),
        ],
      },
    })),
    ...Object.entries(FRONTS).map(([room, fronts]) => ({
      name: `${room}-by-its-front`,
      comment:
        'What is behind a front may change without a look at the other rooms, and a front loads only what is asked for. Tests, benchmarks and tools may look inside.',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: `^src/${room}/` },
      to: { path: `^src/${room}/`, pathNot: fronts.map((name) => `^src/${room}/${name}\\.ts$`) },
    })),
    {
      name: 'program-arrows',
      comment: 'The reference program is a user of ours: it has what a user has.',
      severity: 'error',
      from: { path: '^src/program\\.ts$' },
      to: { path: '^(src|policies)/', pathNot: '^src/(schema/|provider/|index\\.ts$)' },
    },
    {
      name: 'library-arrows',
      comment: "Importing the library must not load the command or the embedded tenant into a user's program.",
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^(src/(cli|simulator|report|program)|policies)' },
    },
    {
      name: 'policies-arrows',
      comment:
        'The pack judges what the provider observed. It opens no socket and reads no file, so it needs shapes, and the words that reports have for the same facts, and nothing else: no renderer.',
      severity: 'error',
      from: { path: '^policies/', pathNot: '^policies/live/' },
      to: { path: '^(src|policies/live)/', pathNot: '^src/(schema|words|door)/' },
    },
    {
      name: 'live-policies-arrows',
      comment: 'The pack for unmodified stacks reads the tenant itself, through the same rooms as the command.',
      severity: 'error',
      from: { path: '^policies/live/' },
      to: { path: '^src/', pathNot: '^src/(schema|words|declared|sources|tenant|compare|run|door)/' },
    },
    {
      name: 'door-arrows',
      comment: 'It is looked at before anything else of ours loads, on a Node that may lack what the rest needs.',
      severity: 'error',
      from: { path: '^src/door/' },
      to: { pathNot: '^src/door/' },
    },
    {
      name: 'nothing-ships-tests',
      comment: 'What is published must not need what is not.',
      severity: 'error',
      from: { path: '^(src|policies)/' },
      to: { path: '^(test|bench|evidence|tools)/' },
    },
    {
      name: 'truth-knows-no-comparison',
      comment: 'The truth of a case is written without the product: what is compared with itself is always right.',
      severity: 'error',
      from: { path: '^evidence/corpus/' },
      to: { path: '^src/', pathNot: '^src/schema/(rows/|(fields|field-row|finding|json|path)\\.ts$)' },
    },
    {
      name: 'attacks-know-no-product',
      comment:
        'The gate is attacked from outside, on what ships: whoever shares code with it shares its blind spots. Only the embedded tenant is lent.',
      severity: 'error',
      from: { path: '^evidence/gate/' },
      to: { path: '^(src|policies)/', pathNot: '^src/simulator/front\\.ts$' },
    },
    {
      name: 'pure-rooms',
      comment:
        'Same input, same bytes: these rooms are handed their files, clock and environment and read none themselves.',
      severity: 'error',
      from: { path: '^src/(schema|compare|affected|repair|report|words|memory|who)/' },
      to: { path: OUTSIDE },
    },
    {
      name: 'policies-stay-inside',
      comment:
        'The main pack never reaches outside: a policy that could read a tenant would judge another state than the preview shows.',
      severity: 'error',
      from: { path: '^policies/', pathNot: '^policies/live/' },
      to: { path: OUTSIDE },
    },
    {
      name: 'only-way-opens-connections',
      comment:
        'One room opens connections, for two others: the tenant, whose proof of completeness, rate limit and deadlines hold for every request to it, and channels, which reach no tenant. Types may come from anywhere.',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: '^src/way/' },
      to: { path: '(^|/)node_modules/undici/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'who-sends',
      comment:
        'Who may send anything at all: the room that reads a tenant, the one that tells people, and the action, to GitHub.',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: '^src/(way|tenant|notify|action)/' },
      to: { path: '^src/way/' },
    },
    {
      name: 'repair-sends-nothing',
      comment:
        'The way back is printed, never gone: what makes and prints a plan gets a finished comparison, and has no way to a tenant but the one that every reading goes, which asks and changes nothing.',
      severity: 'error',
      from: { path: '^src/(repair/|cli/repair)' },
      to: {
        path: `${OUTSIDE}|(^|/)node_modules/undici/|^src/(way|tenant|notify|history|simulator|action|provider)/`,
      },
    },
    {
      name: 'only-compare-diffs',
      comment: 'deep-diff matches lists by index: only where values were normalised before is its answer right.',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: '^src/compare/' },
      to: { path: '(^|/)node_modules/deep-diff/' },
    },
    {
      name: 'only-declared-reads-yaml',
      comment: 'One reader of YAML, which keeps line and column of everything.',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: '^src/(declared|edit|cli)/' },
      to: { path: '(^|/)node_modules/(js-yaml|yaml)/' },
    },
    {
      name: 'only-cli-parses-arguments',
      comment: 'argv is read once, at the door.',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: '^src/cli/' },
      to: { path: '(^|/)node_modules/commander/' },
    },
    {
      name: 'who-serves',
      comment:
        'Nothing but the embedded tenant and the service listens on a port (hono/html, a template function, is no server).',
      severity: 'error',
      from: { path: '^(src|policies)/', pathNot: '^src/(simulator|watch)/' },
      to: { path: '(^|/)node_modules/(hono|@hono|selfsigned)/', pathNot: '/hono/dist/(types/)?helper/html/' },
    },
    {
      name: 'pulumi-where-it-belongs',
      comment: 'Pulumi is an optional peer: the command and the rooms below it run without it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(provider/|program\\.ts$)' },
      to: { path: '(^|/)node_modules/@pulumi/' },
    },
    {
      name: 'pulumi-by-its-light-door',
      comment:
        '@pulumi/pulumi/resource.js loads in 90 ms, the index in 610, and every preview waits for it. Types may come from anywhere.',
      severity: 'error',
      from: { path: '^(src|policies)/' },
      to: { path: '(^|/)node_modules/@pulumi/pulumi/index\\.', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'typescript-at-home',
      comment: "TypeScript is ours for development: in a user's project it would replace the one Pulumi uses.",
      severity: 'error',
      from: { path: '^(src|policies)/' },
      to: { path: '(^|/)node_modules/typescript/' },
    },
    {
      name: 'tools-need-nothing',
      comment:
        'The set-up runs before there are any dependencies, on the Node that the machine has; only what runs after it may import packages or our sources.',
      severity: 'error',
      from: { path: '^tools/', pathNot: '^tools/(docs/|(build|generate|demo[^/]*|pictures|terminal-svg)\\.mjs$)' },
      to: { path: '^(src|policies|test)/|(^|/)node_modules/' },
    },
    {
      name: 'ships-its-dependencies',
      comment: "What published code imports must be in dependencies, or be Pulumi's (a peer).",
      severity: 'error',
      from: { path: '^(src|policies)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm-peer', 'npm-optional'],
        pathNot: '(^|/)node_modules/@(pulumi|types)/',
      },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-loose-ends',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(test/fixtures|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
}
