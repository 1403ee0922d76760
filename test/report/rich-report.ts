import type { Affected } from '../../src/schema/affected.ts'
import { orderFindings, type Report, type ReportFinding } from '../../src/schema/report.ts'
import type { Finding } from '../../src/schema/finding.ts'
import { messageOf } from '../../src/words/finding.ts'
import { helpOf } from '../../src/words/stakes.ts'
import { linkOf } from '../../src/words/told.ts'

let made = 0

/** A finding with the words that the command gives it; fingerprints count up, so that the fixture reads well. */
export function finding(parts: Partial<Finding> & Pick<Finding, 'kind'> & Partial<ReportFinding>): ReportFinding {
  const bare: Finding = {
    identifier: 'https://orders.example.com/',
    path: '',
    origin: 'drift',
    counts: true,
    direction: 'neutral',
    impact: null,
    severity: 'medium',
    fingerprint: (++made).toString(16).padStart(32, '0'),
    file: 'declared/orders.yaml',
    line: 4,
    ...parts,
  }
  return {
    seen: null,
    touched: null,
    ...bare,
    message: messageOf(bare),
    help: helpOf(bare),
    link: linkOf(bare),
    ...parts,
  }
}

const payments = 'https://payments.example.com/'

/** One of everything: every kind, origin, side and state a renderer has to show. */
export function richReport(): Report {
  made = 0
  const findings = orderFindings([
    finding({
      kind: 'weaker-declaration',
      path: 'token_lifetime',
      origin: null,
      counts: false,
      direction: 'weakened',
      declared: 86_400,
      base: 3600,
      line: 9,
      seen: 'new',
      touched: true,
    }),
    finding({
      kind: 'changed',
      path: 'signing_alg',
      direction: 'weakened',
      severity: 'critical',
      declared: 'RS256',
      base: 'RS256',
      live: 'HS256',
      line: 6,
      seen: 'new',
      touched: false,
      changedBy: {
        certainty: 'certain',
        reason: null,
        at: '2026-11-23T21:40:00.000Z',
        through: 'dashboard',
        actor: { application: null, person: { name: 'Kim Example', email: 'kim@example.com' } },
        tool: null,
        log: '90020261123214000000000000000000000042',
        keptBy: {
          count: 2,
          last: '2026-11-24T03:00:00.000Z',
          through: 'application',
          actor: { application: { client_id: 'cDeploy', name: 'deploy-prod' } },
          tool: 'deploy-cli 8.44.0',
          log: '90020261124030000000000000000000000043',
        },
      },
    }),
    finding({
      kind: 'changed',
      path: 'scopes["read:orders"].description',
      origin: 'conflict',
      severity: 'low',
      declared: 'Read orders',
      base: 'Read',
      live: 'Read every order of every customer, of this year and of all the years before it, whatever their state',
      line: 12,
      seen: 'ongoing',
      touched: true,
    }),
    finding({
      kind: 'changed',
      path: 'signing_secret',
      direction: 'weakened',
      severity: 'high',
      declared: { hidden: true },
      live: { hidden: true },
      line: 7,
      seen: 'new',
      touched: false,
    }),
    finding({
      kind: 'changed',
      identifier: payments,
      path: 'proof_of_possession.required',
      severity: 'high',
      impact: 'breaks-clients',
      declared: false,
      live: true,
      file: 'declared/payments.yaml',
      address: 'urn:pulumi:prod::shop::auth0:index/resourceServer:ResourceServer::payments',
      line: 20,
      seen: 'new',
      touched: false,
    }),
    finding({
      kind: 'missing',
      identifier: 'urn:legacy:invoices',
      severity: 'high',
      impact: 'breaks-clients',
      declared: { identifier: 'urn:legacy:invoices', name: 'Invoices' },
      file: 'declared/legacy.yaml',
      line: 2,
      seen: 'new',
      touched: false,
    }),
    finding({
      kind: 'unmanaged',
      identifier: 'https://test.example.com/',
      severity: 'medium',
      live: { id: '66a1f0000000000000000009', identifier: 'https://test.example.com/', name: 'Test of Ünal & Söhne' },
      file: null,
      line: null,
      seen: 'new',
    }),
    finding({
      kind: 'undeclared',
      identifier: payments,
      path: 'allow_offline_access',
      direction: 'weakened',
      base: false,
      live: true,
      file: 'declared/payments.yaml',
      line: 1,
      seen: 'ongoing',
    }),
    finding({
      kind: 'unknown-field',
      identifier: null,
      path: 'quantum_signatures',
      live: { enabled: true },
      apis: 12,
      on: Array.from({ length: 12 }, (_, index) => ({
        identifier: `https://api-${index + 10}.example.com/`,
        fingerprint: `b${(index + 10).toString(16).padStart(2, '0')}`.padEnd(32, '0'),
      })),
      file: null,
      line: null,
      seen: 'new',
    }),
    ...['https://a.example.com/', 'https://b.example.com/', 'https://c.example.com/'].map((identifier, index) =>
      finding({
        kind: 'undeclared',
        identifier,
        path: 'token_lifetime',
        origin: null,
        counts: false,
        direction: 'weakened',
        live: index === 0 ? 7200 : 172_800,
        file: null,
        line: null,
      }),
    ),
    finding({
      kind: 'changed',
      path: 'token_dialect',
      origin: 'pending',
      counts: false,
      severity: 'low',
      declared: 'rfc9068_profile',
      base: 'access_token',
      live: 'access_token',
      line: 8,
      touched: true,
    }),
    finding({
      kind: 'changed',
      identifier: payments,
      path: 'enforce_policies',
      counts: false,
      direction: 'weakened',
      severity: 'high',
      declared: true,
      live: false,
      file: 'declared/payments.yaml',
      line: 3,
      touched: false,
    }),
  ])
  const ignored = finding({
    kind: 'changed',
    path: 'name',
    severity: 'low',
    declared: 'Orders',
    live: 'Orders (old)',
    line: 5,
  })
  const counting = findings.filter(({ counts }) => counts)
  return withAffected({
    schemaVersion: 1,
    tool: { name: 'tenant-drift', version: '0.1.0' },
    generatedAt: '2026-11-24T12:00:00.000Z',
    judged: { at: '2026-11-24T12:00:00.000Z', from: 'tenant', takenAt: null },
    judgedWith: {
      live: null,
      base: { sources: ['main'], commit: '5f2b1c3d4e5f60718293a4b5c6d7e8f901234567' },
      recorded: { file: 'tenant-drift.recorded.json', takenAt: '2026-11-20T08:00:00.000Z' },
    },
    name: 'prod',
    tenant: 'acme.eu.auth0.com',
    verdict: 'drifted',
    exitCode: 2,
    gate: 'touched',
    failOn: 'any',
    targeted: false,
    onlyNew: false,
    against: { base: true, recorded: true, previous: true },
    sources: ['declared/legacy.yaml', 'declared/orders.yaml', 'declared/payments.yaml'],
    summary: {
      declared: 14,
      live: 19,
      adopted: 1,
      elsewhere: 2,
      counting: counting.length,
      notices: findings.length - counting.length,
      ignored: 1,
      new: counting.filter(({ seen }) => seen === 'new').length,
      ongoing: counting.filter(({ seen }) => seen === 'ongoing').length,
      resolved: 1,
      byKind: { changed: 6, missing: 1, unmanaged: 1, undeclared: 4, 'unknown-field': 1, 'weaker-declaration': 1 },
      byOrigin: { drift: 9, pending: 1, conflict: 1 },
      bySeverity: { low: 2, medium: 7, high: 4, critical: 1 },
    },
    proof: {
      total: 19,
      pages: 1,
      items: 19,
      rereads: 0,
      secondLook: false,
      canary: { identifier: 'https://acme.eu.auth0.com/api/v2/', binding: 'token-audience' },
      fieldsRefused: false,
      requests: { token: 1, list: 1, confirm: 1, secret: 1 },
      retries: 0,
      waits: 0,
      notes: [],
    },
    errors: [],
    findings,
    ignored: [
      {
        finding: ignored,
        reason: 'Renamed on purpose until the move is over',
        owner: 'team-orders',
        expires: '2026-12-31',
      },
    ],
    resolved: [{ fingerprint: 'f'.repeat(32), kind: 'changed', identifier: payments, path: 'token_lifetime' }],
    rules: [
      {
        rule: {
          resource_server: 'https://orders.example.com/',
          path: 'name',
          reason: 'Renamed on purpose until the move is over',
          owner: 'team-orders',
          expires: '2026-12-31',
        },
        state: 'used',
        hides: 1,
        file: 'tenant-drift.yaml',
        line: 8,
      },
      {
        rule: {
          resource_server: 'urn:*',
          path: 'scopes.**',
          reason: 'Old',
          owner: 'team-legacy',
          expires: '2026-01-31',
        },
        state: 'expired',
        hides: 0,
        file: 'tenant-drift.yaml',
        line: 14,
      },
    ],
    notes: ['The base is the git ref main.'],
  })
}

/** A run that could not read its tenant: nothing is claimed. */
export function incompleteReport(): Report {
  const code = 'insufficient_scope'
  const unreadable = finding({
    kind: 'unreadable',
    identifier: null,
    origin: null,
    severity: 'high',
    code,
    file: null,
    line: null,
  })
  return {
    ...richReport(),
    verdict: 'incomplete',
    exitCode: 1,
    findings: [unreadable],
    ignored: [],
    resolved: [],
    rules: [],
    notes: [],
    summary: {
      declared: 14,
      live: null,
      adopted: 0,
      elsewhere: 0,
      counting: 1,
      notices: 0,
      ignored: 0,
      new: 0,
      ongoing: 0,
      resolved: 0,
      byKind: { unreadable: 1 },
      byOrigin: {},
      bySeverity: { high: 1 },
    },
    errors: [
      {
        code,
        message: 'The token lacks read:resource_servers.',
        advice: 'Grant the application read:resource_servers.',
      },
    ],
  }
}

/** A run with nothing to say. */
export function cleanReport(): Report {
  return {
    ...incompleteReport(),
    verdict: 'in-sync',
    exitCode: 0,
    gate: 'all',
    findings: [],
    errors: [],
    against: { base: false, recorded: true, previous: false },
    summary: { ...incompleteReport().summary, live: 19, counting: 0, byKind: {}, bySeverity: {} },
  }
}

/** The same of a run that asked whom its differences hit: of one all is known, of another one nothing, of the others nobody asked. */
function withAffected(report: Report): Report {
  const known: Affected = {
    applications: [
      { client_id: 'a1', name: 'Shop', why: 'grant' },
      { client_id: 'a2', name: 'Stock', why: 'grant' },
      { client_id: 'a3', name: 'Till', why: 'first-party' },
      { client_id: 'a4', name: null, why: 'permissive' },
    ],
    total: 9,
    allFirstParty: true,
    thirdPartyByDefault: true,
    defaultAudience: true,
    verifiers: true,
    unknown: [],
  }
  const unknown: Affected = {
    applications: [],
    total: null,
    allFirstParty: false,
    thirdPartyByDefault: false,
    defaultAudience: null,
    verifiers: false,
    unknown: [
      { what: 'grants', because: 'no-scope' },
      { what: 'names', because: 'no-scope' },
      { what: 'default-audience', because: 'not-readable' },
    ],
  }
  const by: Readonly<Record<string, Affected>> = { signing_alg: known, 'proof_of_possession.required': unknown }
  return {
    ...report,
    findings: report.findings.map((each) => {
      const affected = each.counts ? by[each.path] : undefined
      return affected === undefined ? each : { ...each, affected }
    }),
  }
}
