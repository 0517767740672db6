import type { Instant } from '../../../src/clock/clock.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { Fault, JobVersion } from '../history.ts';
import { occurrenceName, type RunIndex } from './run-index.ts';

/** Each occurrence is on exactly one record, and no record is of anything else. */
export function checkOccurrences(index: RunIndex): Fault[] {
  const names = new Set([...index.expected.keys(), ...index.byJob.keys()]);
  return [...names].flatMap((name) => checkJob(name, index));
}

function checkJob(name: string, { byJob, expected }: RunIndex): Fault[] {
  const instants = expected.get(name) ?? new Map<Instant, JobVersion>();
  const records = byJob.get(name) ?? [];
  const coverage = new Map<Instant, RunRecord[]>();
  const faults: Fault[] = [];
  for (const record of records) {
    const covered = coveredBy(record, instants);
    for (const at of covered) coverage.set(at, [...(coverage.get(at) ?? []), record]);
    faults.push(...checkCount(record, covered));
  }
  for (const [at, version] of instants) {
    const found = coverage.get(at) ?? [];
    const subject = occurrenceName(name, at);
    if (found.length === 0 && at <= version.requiredUntilAt) {
      faults.push({ kind: 'LOST', subject, detail: 'no record' });
    }
    if (found.length > 1) {
      const detail = `records ${found.map(({ id, state }) => `${id} (${state})`).join(', ')}`;
      faults.push({ kind: 'DUPLICATE', subject, detail });
    }
  }
  return faults;
}

function coveredBy(record: RunRecord, instants: ReadonlyMap<Instant, unknown>): Instant[] {
  const { nominalAt = Number.NaN, lastNominalAt = nominalAt } = record;
  if (nominalAt === lastNominalAt) return instants.has(nominalAt) ? [nominalAt] : [];
  return [...instants.keys()].filter((at) => at >= nominalAt && at <= lastNominalAt);
}

function checkCount({ id, state, count = 1 }: RunRecord, covered: readonly Instant[]): Fault[] {
  if (covered.length === 0) {
    return [{ kind: 'PHANTOM', subject: id, detail: `a record (${state}) of no occurrence` }];
  }
  if (covered.length === count) return [];
  const detail = `${state} × ${count}, but the schedule names ${covered.length}`;
  return [{ kind: covered.length > count ? 'LOST' : 'LIAR', subject: id, detail }];
}
