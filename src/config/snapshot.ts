import type { Milliseconds } from '../clock/clock.ts';
import type { Calendar } from '../schedule/calendar.ts';
import type { CalendarRule } from '../schedule/calendar-rule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Place } from './finding.ts';

/** Any value a configuration file can hold, after YAML. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type OverlapPolicy = 'allow' | 'skip' | 'queue' | 'queue-latest' | 'replace';

export interface RetryPolicy {
  /** Tries in all, the first included; 1 is no retry. */
  readonly attempts: number;
  readonly delayMs: Milliseconds;
  readonly backoff: 'exponential' | 'constant';
  readonly maxDelayMs: Milliseconds;
  /** Whether a run that was lost in a crash counts as an attempt to be followed by the next. */
  readonly onLost: boolean;
}

export interface CatchUpPolicy {
  readonly mode: 'none' | 'latest' | 'all';
  /** Nominal times at or before now - windowMs are missed. Absent: max(1 day, one period). */
  readonly windowMs?: Milliseconds;
  /** The newest n of what is within the window. */
  readonly limit: number;
}

/** What an occurrence's end sets off: a service or a job. */
export interface Reaction {
  readonly service?: string;
  readonly job?: string;
}

export type RunEvent = 'success' | 'failure' | 'timeout' | 'missed' | 'skipped' | 'recovery';

/** One job with every default filled in. */
export interface JobDefinition {
  readonly name: string;
  readonly schedule: Schedule;
  readonly service: string;
  readonly extra: JsonValue;
  readonly enabled: boolean;
  readonly description?: string;
  readonly owner?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly timeoutMs: Milliseconds;
  readonly graceMs: Milliseconds;
  readonly retry: RetryPolicy;
  readonly overlap: OverlapPolicy;
  readonly catchUp: CatchUpPolicy;
  readonly jitterMs: Milliseconds;
  readonly group?: string;
  /** Higher starts first among what waits. */
  readonly priority: number;
  /** Absent when it uses none. */
  readonly calendars?: CalendarRule;
  readonly on: Readonly<Partial<Record<RunEvent, Reaction>>>;
  readonly renamedFrom?: string;
  readonly place: Place;
}

export interface ServiceDefinition {
  readonly name: string;
  /** Path inside the project root, with forward slashes. */
  readonly module: string;
  /** The name of the export that is the service class. */
  readonly export: string;
  readonly timeoutMs?: Milliseconds;
  readonly slowThresholdMs?: Milliseconds;
  readonly maxRunning?: number;
  /** JSON Schema of the service's input. */
  readonly input?: JsonValue;
  /** Endpoints it may use; absent means all. */
  readonly endpoints?: readonly string[];
  readonly place: Place;
}

/** Settings of one endpoint as declared; secrets in it are still `${...}` texts. */
export interface EndpointDefinition {
  readonly name: string;
  readonly type: string;
  /** All declared keys but `type`, durations still as written. */
  readonly settings: { readonly [key: string]: JsonValue };
  readonly place: Place;
}

export interface GroupDefinition {
  readonly name: string;
  readonly maxRunning?: number;
  /** At most `count` starts in any `perMs`. */
  readonly rate?: { readonly count: number; readonly perMs: Milliseconds };
  readonly place: Place;
}

export interface CalendarDefinition {
  readonly name: string;
  readonly description?: string;
  /** The iCalendar file its events are from: a path inside the project root. */
  readonly ics?: string;
  readonly calendar: Calendar;
  readonly place: Place;
}

export interface DaemonSettings {
  readonly statePath: string;
  readonly drainTimeoutMs: Milliseconds;
  /** Service hosts kept ready. */
  readonly hosts: number;
  /** Runs at once in one host. */
  readonly hostConcurrency: number;
  readonly hostMemoryMb: number;
  /** A host is replaced after this many runs. */
  readonly hostMaxRuns: number;
  readonly retentionDays: number;
  readonly retentionRuns: number;
}

/** One whole, valid configuration, deeply frozen. Never a blend of two. */
export interface Snapshot {
  /** Hash of the content; equal content has equal revisions, wherever the files lie. */
  readonly revision: string;
  readonly daemon: DaemonSettings;
  readonly endpoints: ReadonlyMap<string, EndpointDefinition>;
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  readonly jobs: ReadonlyMap<string, JobDefinition>;
  readonly groups: ReadonlyMap<string, GroupDefinition>;
  readonly calendars: ReadonlyMap<string, CalendarDefinition>;
}
