import type { Instant } from '../clock/clock.ts';
import type { JsonValue } from '../config/snapshot.ts';
import type { RunError, RunId, RunRecord, RunState, Trigger } from '../dispatch/run.ts';

/** A run as programs read it, in the API and in `--format json`: instants are ISO texts in UTC. */
export interface RunView {
  readonly id: RunId;
  readonly job?: string;
  readonly service: string;
  readonly state: RunState;
  readonly reason?: string;
  readonly trigger: Trigger;
  readonly actor?: string;
  readonly attempt: number;
  readonly nominal?: string;
  /** Of an occurrence of a schedule: its number in the life of that schedule, from 1. */
  readonly number?: number;
  readonly planned: string;
  readonly started?: string;
  /** From planned to started; of a later attempt that includes those before. */
  readonly delayMs?: number;
  readonly ended?: string;
  readonly retryAt?: string;
  readonly host?: string;
  readonly revision: string;
  readonly definition?: string;
  readonly place?: string;
  readonly commit?: string;
  readonly payload?: JsonValue;
  readonly result?: JsonValue;
  /** Those of `payload` and `result` that were cut to their bound, and so are texts, not values. */
  readonly cut?: readonly ('payload' | 'result')[];
  readonly error?: RunError;
  readonly count?: number;
  readonly lastNominal?: string;
}

/** The view of a record. Nothing is lost: `fromRunView` gives the record back. */
export function toRunView(run: RunRecord): RunView {
  const { nominalAt, plannedAt, startedAt, endedAt, retryAt, lastNominalAt, ...same } = run;
  const { payload, result, ...plain } = same;
  const cut = (['payload', 'result'] as const).filter((field) => isCut(run[field]));
  return withoutAbsent({
    ...plain,
    nominal: isoText(nominalAt),
    planned: new Date(plannedAt).toISOString(),
    started: isoText(startedAt),
    delayMs: startedAt === undefined ? undefined : startedAt - plannedAt,
    ended: isoText(endedAt),
    retryAt: isoText(retryAt),
    lastNominal: isoText(lastNominalAt),
    payload: cut.includes('payload') ? payload : parsed(payload),
    result: cut.includes('result') ? result : parsed(result),
    cut: cut.length > 0 ? cut : undefined,
  });
}

export function fromRunView(view: RunView): RunRecord {
  const { nominal, planned, started, ended, retryAt, lastNominal, ...same } = view;
  const { payload, result, cut, delayMs: _, ...plain } = same;
  return withoutAbsent({
    ...plain,
    nominalAt: instant(nominal),
    plannedAt: Date.parse(planned),
    startedAt: instant(started),
    endedAt: instant(ended),
    retryAt: instant(retryAt),
    lastNominalAt: instant(lastNominal),
    payload: written(payload, cut?.includes('payload') === true),
    result: written(result, cut?.includes('result') === true),
  });
}

function isoText(at: Instant | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function instant(text: string | undefined): Instant | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

function isCut(json: string | undefined): boolean {
  if (json === undefined) return false;
  try {
    JSON.parse(json);
    return false;
  } catch {
    return true;
  }
}

function parsed(json: string | undefined): JsonValue | undefined {
  return json === undefined ? undefined : (JSON.parse(json) as JsonValue);
}

function written(value: JsonValue | undefined, isText: boolean): string | undefined {
  if (value === undefined) return undefined;
  return isText ? String(value) : JSON.stringify(value);
}

type Absent<T> = {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** Leaves out keys without a value, so that a view has no key that JSON would drop anyway. */
function withoutAbsent<T extends object>(value: T): Present<T> & Absent<T> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as Present<T> & Absent<T>;
}
