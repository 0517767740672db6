/**
 * Version 1 of the state file.
 *
 * `texts` keeps once what many rows repeat (names, revisions, keys); rows hold its number. `seq` is
 * the order of recording and of listing. `runs_by_bucket` serves every listing: it begins with a
 * block of 4096 sequence numbers, so that a commit touches the few pages of the newest block and not
 * one page for each job, and a listing steps through the blocks from the newest down. `jobs` holds
 * every job that ever had a record, so that looking for the latest of each can end early.
 */
export const ledgerMigration = `
  CREATE TABLE texts (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, checksum INTEGER NOT NULL);

  CREATE TABLE runs (
    seq INTEGER PRIMARY KEY,
    slot INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    checksum INTEGER,
    job INTEGER,
    service INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    actor TEXT,
    state INTEGER NOT NULL,
    reason TEXT,
    attempt INTEGER NOT NULL,
    nominal_at INTEGER,
    planned_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    retry_at INTEGER,
    host TEXT,
    revision INTEGER NOT NULL,
    definition INTEGER,
    payload TEXT,
    result TEXT,
    error TEXT,
    count INTEGER,
    last_nominal_at INTEGER
  );
  CREATE UNIQUE INDEX runs_by_identity ON runs (slot, owner);
  CREATE INDEX runs_by_bucket ON runs (seq >> 12, state, job);

  CREATE TABLE jobs (job INTEGER PRIMARY KEY);

  CREATE TABLE logs (part INTEGER PRIMARY KEY, run INTEGER NOT NULL, lines TEXT NOT NULL);
  CREATE INDEX logs_by_run ON logs (run);

  CREATE TABLE job_states (
    job INTEGER PRIMARY KEY,
    schedule_key INTEGER NOT NULL,
    anchor_at INTEGER NOT NULL,
    cursor_at INTEGER NOT NULL,
    occurrences INTEGER NOT NULL,
    paused TEXT,
    checksum INTEGER NOT NULL
  );

  CREATE TABLE definitions (key INTEGER PRIMARY KEY, json TEXT NOT NULL, checksum INTEGER NOT NULL);

  CREATE TABLE key_values (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER) WITHOUT ROWID;
  CREATE INDEX key_values_by_expiry ON key_values (expires_at) WHERE expires_at IS NOT NULL;
`;
