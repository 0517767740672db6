import { canonicalJson } from './canonical-json.ts';
import { definitionKey } from './revision.ts';
import type { JobDefinition, Snapshot } from './snapshot.ts';
import { atOnce, type Steps } from './steps.ts';

export interface NamesDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface JobChange {
  readonly name: string;
  /** Whether it fires at other times; the rest of a job may change without that. */
  readonly scheduleChanged: boolean;
}

export interface JobsDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly JobChange[];
  /** By `renamedFrom`; neither added nor removed. */
  readonly renamed: readonly (JobChange & { readonly from: string })[];
}

export interface SnapshotDiff {
  readonly jobs: JobsDiff;
  readonly services: NamesDiff;
  readonly endpoints: NamesDiff;
  readonly groups: NamesDiff;
  readonly calendars: NamesDiff;
  readonly daemonChanged: boolean;
  readonly isEmpty: boolean;
}

/** What says something else in `after` than in `before`. Moving a declaration is no change. */
export function diffSnapshots(before: Snapshot, after: Snapshot): SnapshotDiff {
  return atOnce(diffInSteps(before, after));
}

/** The same, for who has others wait meanwhile. */
export function* diffInSteps(before: Snapshot, after: Snapshot): Steps<SnapshotDiff> {
  const jobs = yield* diffJobs(before, after);
  const services = diffNames(before.services, after.services);
  const endpoints = diffNames(before.endpoints, after.endpoints);
  const groups = diffNames(before.groups, after.groups);
  const calendars = diffNames(before.calendars, after.calendars);
  const daemonChanged = canonicalJson(before.daemon) !== canonicalJson(after.daemon);
  const changes = [jobs, services, endpoints, groups, calendars].flatMap((diff) =>
    Object.values(diff),
  );
  const isEmpty = !daemonChanged && changes.every((list) => list.length === 0);
  return { jobs, services, endpoints, groups, calendars, daemonChanged, isEmpty };
}

function* diffJobs(before: Snapshot, after: Snapshot): Steps<JobsDiff> {
  const added: string[] = [];
  const changed: JobChange[] = [];
  const renamed: (JobChange & { from: string })[] = [];
  for (const [name, job] of after.jobs) {
    yield;
    const old = before.jobs.get(name);
    const from = old === undefined ? job.renamedFrom : undefined;
    const source = from === undefined ? undefined : before.jobs.get(from);
    if (old !== undefined) {
      if (differs(old, job)) changed.push({ name, scheduleChanged: firesElsewhen(old, job) });
    } else if (from !== undefined && source !== undefined) {
      renamed.push({ name, from, scheduleChanged: firesElsewhen(source, job) });
    } else added.push(name);
  }
  const moved = new Set(renamed.map((rename) => rename.from));
  const removed = [...before.jobs.keys()].filter(
    (name) => !after.jobs.has(name) && !moved.has(name),
  );
  return { added, removed, changed, renamed };
}

function firesElsewhen(before: JobDefinition, after: JobDefinition): boolean {
  const [a, b] = [before.schedule, after.schedule];
  return a.type !== b.type || a.key !== b.key;
}

function diffNames(
  before: ReadonlyMap<string, object>,
  after: ReadonlyMap<string, object>,
): NamesDiff {
  const added: string[] = [];
  const changed: string[] = [];
  for (const [name, definition] of after) {
    const old = before.get(name);
    if (old === undefined) added.push(name);
    else if (differs(old, definition)) changed.push(name);
  }
  return { added, changed, removed: [...before.keys()].filter((name) => !after.has(name)) };
}

function differs(before: object, after: object): boolean {
  return before !== after && definitionKey(before) !== definitionKey(after);
}
