/** Words that the stores write differently. */
export interface Dialect {
  /** A number that the store counts up by itself, as the primary key. */
  readonly key: string
  readonly integer: string
  readonly bytes: string
}

/**
 * The tables, version by version: each entry leads from the version before to the next, and is never changed once it was published. Times are epoch
 * ms; findings are JSON.
 */
export const MIGRATIONS: readonly ((dialect: Dialect) => readonly string[])[] = [
  ({ key, integer, bytes }) => [
    `CREATE TABLE tenant (id ${key}, address TEXT NOT NULL, view TEXT NOT NULL, name TEXT, config TEXT, last_run ${integer},
      last_complete ${integer}, dark TEXT NOT NULL, UNIQUE (address, view))`,
    `CREATE TABLE run (id ${key}, tenant ${integer} NOT NULL, first_at ${integer} NOT NULL, last_at ${integer} NOT NULL, times ${integer} NOT NULL,
      verdict TEXT NOT NULL, covers TEXT NOT NULL, counting ${integer} NOT NULL, notices ${integer} NOT NULL, critical ${integer} NOT NULL,
      high ${integer} NOT NULL, medium ${integer} NOT NULL, low ${integer} NOT NULL, digest TEXT NOT NULL, tool TEXT NOT NULL, commit_sha TEXT,
      requests ${integer}, waits ${integer}, took ${integer}, report ${bytes})`,
    'CREATE INDEX run_of_tenant ON run (tenant, id)',
    `CREATE TABLE episode (id ${key}, tenant ${integer} NOT NULL, identifier TEXT, path TEXT NOT NULL, first_run ${integer} NOT NULL,
      moves ${integer} NOT NULL, kind TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, origin TEXT, severity TEXT NOT NULL,
      top TEXT NOT NULL, since_at ${integer} NOT NULL, first_at ${integer} NOT NULL, seen_at ${integer} NOT NULL, in_row ${integer} NOT NULL,
      form TEXT NOT NULL, ended_at ${integer}, how TEXT, returns ${integer} NOT NULL, spoken_at ${integer} NOT NULL, tool TEXT NOT NULL,
      accepted TEXT, finding TEXT NOT NULL)`,
    "CREATE UNIQUE INDEX episode_of_place ON episode (tenant, COALESCE(identifier, ''), path)",
    'CREATE INDEX episode_of_fingerprint ON episode (fingerprint)',
    'CREATE INDEX episode_standing ON episode (tenant) WHERE ended_at IS NULL',
    'CREATE INDEX episode_since ON episode (since_at)',
    `CREATE TABLE transition (id ${key}, run ${integer} NOT NULL, tenant ${integer} NOT NULL, episode ${integer}, type TEXT NOT NULL,
      at ${integer} NOT NULL, told ${integer} NOT NULL, detail ${bytes} NOT NULL)`,
    'CREATE INDEX transition_of_episode ON transition (episode, id)',
    'CREATE INDEX transition_of_tenant ON transition (tenant, id)',
    'CREATE INDEX transition_of_run ON transition (run)',
    `CREATE TABLE channel (name TEXT PRIMARY KEY, state TEXT)`,
    `CREATE TABLE heard (channel TEXT NOT NULL, tenant ${integer} NOT NULL, upto ${integer} NOT NULL, PRIMARY KEY (channel, tenant))`,
    'CREATE TABLE told (channel TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (channel, subject))',
    `CREATE TABLE delivery (id ${key}, channel TEXT NOT NULL, run ${integer} NOT NULL, state TEXT NOT NULL, tries ${integer} NOT NULL,
      made_at ${integer} NOT NULL, next_at ${integer} NOT NULL, lease_until ${integer} NOT NULL, lease_by TEXT, body TEXT, error TEXT)`,
    "CREATE INDEX delivery_waiting ON delivery (channel, id) WHERE state = 'waiting'",
    'CREATE INDEX delivery_held ON delivery (channel) WHERE lease_until > 0',
  ],
  ({ integer }) => [
    // What waits for a worker, of the service that runs checks by itself.
    `CREATE TABLE turn (tenant TEXT NOT NULL, fleet TEXT NOT NULL, due_at ${integer} NOT NULL, ready_at ${integer} NOT NULL, asked_first ${integer},
      asked_last ${integer}, quiet ${integer} NOT NULL DEFAULT 0, began ${integer} NOT NULL, lease_until ${integer} NOT NULL, lease_by TEXT,
      PRIMARY KEY (fleet, tenant))`,
    'CREATE INDEX turn_ready ON turn (fleet, ready_at)',
  ],
  // What the last complete reading showed, and events of tenants that came by streams: for who changed what.
  ({ integer, bytes }) => [
    `CREATE TABLE reading (tenant ${integer} PRIMARY KEY, at ${integer} NOT NULL, digest TEXT NOT NULL, items ${bytes} NOT NULL)`,
    `CREATE TABLE log_event (address TEXT NOT NULL, log TEXT NOT NULL, at ${integer} NOT NULL, detail ${bytes} NOT NULL, PRIMARY KEY (address, log))`,
    'CREATE INDEX log_event_at ON log_event (address, at)',
  ],
  // The commits of the branch that a tenant follows, as JSON.
  () => ['ALTER TABLE tenant ADD COLUMN followed TEXT'],
]
