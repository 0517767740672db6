import type { Instant } from '../clock/clock.ts';
import type { RunId } from './run.ts';

/**
 * The identity of an occurrence: its job and its nominal instant in basic ISO form,
 * `sync-data@20261120T170000Z`; milliseconds only where there are any. Two nodes, or two lives of
 * one daemon, give the same occurrence the same id: that is what makes "twice" impossible.
 */
export function occurrenceId(job: string, nominalAt: Instant): RunId {
  return `${job}@${basicIso(nominalAt)}`;
}

/** Identity of a run that somebody asked for. `ulid` sorts by time of asking. */
export function requestedId(name: string, kind: 'manual' | 'invoke', ulid: string): RunId {
  return `${name}@${kind}-${ulid}`;
}

// A burst asks for the same instant thousands of times in a row, and most runs are of today.
let lastInstant = Number.NaN;
let lastText = '';
let lastDay = Number.NaN;
let lastDate = '';

const dayMs = 86_400_000;

function basicIso(at: Instant): string {
  if (at === lastInstant) return lastText;
  const day = Math.floor(at / dayMs);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * dayMs).toISOString().slice(0, -14).replaceAll('-', '');
  }
  const ms = at - day * dayMs;
  const seconds = Math.floor(ms / 1000);
  const digits =
    (Math.floor(seconds / 3600) * 100 + (Math.floor(seconds / 60) % 60)) * 100 + (seconds % 60);
  const fraction = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  lastText = `${lastDate}T${String(digits).padStart(6, '0')}${fraction}Z`;
  lastInstant = at;
  return lastText;
}
