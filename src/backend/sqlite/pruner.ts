import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PruneOptions } from '../backend.ts';
import { lastUnfinishedCode } from './columns.ts';

/** Removes what retention no longer wants, in one transaction a call. */
export class Pruner {
  private readonly db: DatabaseSync;
  private readonly expired: StatementSync;
  private readonly crowded: StatementSync;
  private readonly beyond: StatementSync;

  constructor(db: DatabaseSync) {
    this.db = db;
    const isFinished = `state > ${lastUnfinishedCode}`;
    this.expired = db.prepare(
      `SELECT seq FROM runs WHERE ${isFinished} AND coalesce(ended_at, planned_at) < ?
       ORDER BY seq LIMIT ?`,
    );
    this.crowded = db.prepare(
      `SELECT job, iif(job IS NULL, service, NULL) AS service FROM runs
       GROUP BY 1, 2 HAVING count(*) > ?`,
    );
    this.beyond = db.prepare(
      `SELECT seq FROM (
         SELECT seq, state FROM runs WHERE job IS ?1 AND (job IS NOT NULL OR service = ?2)
         ORDER BY seq DESC LIMIT -1 OFFSET ?3
       ) WHERE ${isFinished} ORDER BY seq LIMIT ?4`,
    );
  }

  prune(options: PruneOptions, now: number, keptDefinitions: readonly number[]): number {
    const seqs = this.find(options);
    this.db.exec('BEGIN IMMEDIATE');
    try {
      this.remove(seqs);
      if (seqs.length < options.limit) this.removeUnused(now, options.limit, keptDefinitions);
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
    return seqs.length;
  }

  private find({ before, keep, limit }: PruneOptions): number[] {
    const seqs = new Set(this.expired.all(before, limit).map(({ seq }) => seq as number));
    for (const { job = null, service = null } of this.crowded.all(keep)) {
      for (const { seq } of this.beyond.all(job, service, keep, limit)) seqs.add(seq as number);
    }
    return [...seqs].sort((a, b) => a - b).slice(0, limit);
  }

  private remove(seqs: readonly number[]): void {
    const list = JSON.stringify(seqs);
    this.db.prepare('DELETE FROM logs WHERE run IN (SELECT value FROM json_each(?))').run(list);
    this.db.prepare('DELETE FROM runs WHERE seq IN (SELECT value FROM json_each(?))').run(list);
  }

  private removeUnused(now: number, limit: number, keptDefinitions: readonly number[]): void {
    this.db
      .prepare(
        `DELETE FROM definitions WHERE key NOT IN (SELECT value FROM json_each(?))
         AND key NOT IN (SELECT definition FROM runs WHERE definition IS NOT NULL)`,
      )
      .run(JSON.stringify(keptDefinitions));
    this.db
      .prepare(
        `DELETE FROM key_values WHERE key IN
         (SELECT key FROM key_values WHERE expires_at <= ? LIMIT ?)`,
      )
      .run(now, limit);
  }
}
