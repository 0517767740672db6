import { approximateDuration } from '../clock/approximate-duration.ts';
import type { Finding } from '../config/finding.ts';
import { countAll } from '../config/first-alike.ts';
import type { LogLine, Outcome, RunError } from '../dispatch/run.ts';
import type { DaemonEvent } from './events.ts';
import { firstFindings } from './first-findings.ts';

export type LogLevel = LogLine['level'];

/** Only the events about what they say. */
type Event<Kind extends DaemonEvent['kind']> = Extract<DaemonEvent, { kind: Kind }>;

/** How much an event matters; `undefined` when no log should have it. */
export function eventLevel(event: DaemonEvent): LogLevel | undefined {
  switch (event.kind) {
    case 'ledger-committed':
    case 'skip-continued':
      return undefined;
    case 'run-started':
    case 'host-started':
    case 'pruned':
      return 'debug';
    case 'reload-unchanged':
      return event.isPutRight === true ? 'info' : 'debug';
    case 'daemon-started':
    case 'recovered':
    case 'reloaded':
    case 'hosts-replaced':
    case 'paused':
    case 'resumed':
    case 'run-skipped':
    case 'ledger-recovered':
    case 'stopping':
    case 'stopped':
      return 'info';
    case 'configuration-warned':
    case 'run-missed':
    case 'late-result-ignored':
    case 'clock-jumped':
    case 'stop-forced':
      return 'warn';
    case 'reload-refused':
    case 'host-died':
    case 'ledger-trouble':
    case 'part-failed':
      return 'error';
    case 'run-logged':
      return event.line.level;
    case 'run-ended':
      return runEndLevel(event);
  }
}

function runEndLevel({ outcome, retryAt }: Event<'run-ended'>): LogLevel {
  if (outcome === 'succeeded') return 'info';
  return outcome === 'cancelled' || retryAt !== undefined ? 'warn' : 'error';
}

/** The event in a line of words; findings follow on lines of their own. */
export function describeEvent(event: DaemonEvent): string {
  switch (event.kind) {
    case 'run-started':
    case 'run-logged':
    case 'run-ended':
    case 'late-result-ignored':
    case 'run-skipped':
    case 'run-missed':
    case 'skip-continued':
      return describeRunEvent(event);
    case 'configuration-warned':
    case 'reloaded':
    case 'reload-unchanged':
    case 'reload-refused':
    case 'hosts-replaced':
      return describeReloadEvent(event);
    default:
      return describeLifeEvent(event);
  }
}

type RunEventKind =
  | 'run-started'
  | 'run-logged'
  | 'run-ended'
  | 'late-result-ignored'
  | 'run-skipped'
  | 'run-missed'
  | 'skip-continued';

function describeRunEvent(event: Event<RunEventKind>): string {
  const name = event.job ?? ('service' in event ? event.service : '');
  switch (event.kind) {
    case 'run-started': {
      const late = event.delayMs > 0 ? `, ${approximateDuration(event.delayMs)} late` : '';
      return `${name} started on ${event.host} (${event.trigger}, attempt ${event.attempt}${late})`;
    }
    case 'run-logged':
      return `${name}: ${event.line.text}`;
    case 'run-ended':
      return `${name} ${endOf(event.outcome)} after ${approximateDuration(event.tookMs)}${because(event.error)}${whatFollows(event)}`;
    case 'late-result-ignored':
      return `${name} ${endOf(event.outcome)} after it had been given up; the result of attempt ${event.attempt} changes nothing`;
    case 'run-skipped':
      return `${name} skipped: ${event.reason}, ${stretch(event)}`;
    case 'skip-continued':
      return `${name} skipped: ${event.reason}, ${counted(event.count, 'more time')}`;
    case 'run-missed':
      return `${name} missed: ${event.reason}, ${stretch(event)}`;
  }
}

function endOf(outcome: Outcome): string {
  if (outcome === 'timed-out') return 'timed out';
  return outcome === 'cancelled' || outcome === 'lost' ? `was ${outcome}` : outcome;
}

function because(error: RunError | undefined): string {
  return error === undefined ? '' : `: ${error.name}: ${error.message}`;
}

function whatFollows({ retryAt, attempt }: Event<'run-ended'>): string {
  return retryAt === undefined ? '' : ` (attempt ${attempt + 1} at ${isoSecond(retryAt)})`;
}

function stretch({ count, nominalAt, lastNominalAt }: Event<'run-skipped' | 'run-missed'>): string {
  const first = isoSecond(nominalAt);
  return count === 1
    ? first
    : `${count} times, ${first} to ${isoSecond(lastNominalAt ?? nominalAt)}`;
}

type ReloadEventKind =
  | 'configuration-warned'
  | 'reloaded'
  | 'reload-unchanged'
  | 'reload-refused'
  | 'hosts-replaced';

function describeReloadEvent(event: Event<ReloadEventKind>): string {
  switch (event.kind) {
    case 'configuration-warned':
      return `${counted(countAll(event.findings), 'warning')} in the configuration${list(event.findings)}`;
    case 'reloaded':
      return `reloaded (${event.cause}) in ${approximateDuration(event.tookMs)}: ${event.added} added, ${event.changed} changed, ${event.removed} removed; ${counted(event.jobs, 'job')}, revision ${event.revision}`;
    case 'reload-unchanged':
      if (event.isPutRight === true) {
        return `the files are right again (${event.cause}), as they were before: revision ${event.revision} stays in force`;
      }
      return `nothing to reload (${event.cause}): revision ${event.revision} as before`;
    case 'reload-refused':
      return `reload refused (${event.cause}), ${counted(countAll(event.findings), 'finding')}; revision ${event.revision} stays in force. See "jobsd validate".${list(event.findings)}`;
    case 'hosts-replaced':
      return `service code changed (${event.files.join(', ')}): ${counted(event.hosts, 'new host')}`;
  }
}

function list(findings: readonly Finding[]): string {
  const { listed, count } = firstFindings(findings);
  return listed
    .map(({ rule, severity, message, labels: [{ file, line, column }] }) => {
      return `\n${file}:${line}:${column} ${severity}[${rule}]: ${message}`;
    })
    .concat(count > listed.length ? [`\nand ${count - listed.length} more`] : [])
    .join('');
}

type LifeEventKind = Exclude<DaemonEvent['kind'], RunEventKind | ReloadEventKind>;

function describeLifeEvent(event: Event<LifeEventKind>): string {
  switch (event.kind) {
    case 'daemon-started':
      return `jobsd ${event.version} started in ${approximateDuration(event.tookMs)}: ${counted(event.jobs, 'job')}, ${counted(event.services, 'service')}, ${counted(event.endpoints, 'endpoint')}; revision ${event.revision}, pid ${event.pid}, state in ${event.statePath}`;
    case 'recovered':
      if (event.lost + event.retrying + event.waiting === 0) return 'no run was left unfinished';
      return `taken up where the last daemon stopped: ${event.lost} lost, ${event.retrying} tried again, ${event.waiting} waiting`;
    case 'paused':
      return `${event.target} is paused${by(event)}${event.untilAt === undefined ? '' : ` until ${new Date(event.untilAt).toISOString()}`}${event.reason === undefined ? '' : `: ${event.reason}`}`;
    case 'resumed':
      return `${event.target} goes on${by(event)}`;
    case 'clock-jumped':
      return `the clock jumped ${event.byMs < 0 ? 'back' : 'forward'} by ${approximateDuration(Math.abs(event.byMs))}`;
    case 'host-started':
      return `${event.host} started (pid ${event.pid})`;
    case 'host-died':
      return `${event.host} (pid ${event.pid}) died: ${event.reason}; ${counted(event.runs.length, 'run')} went with it`;
    case 'ledger-trouble':
      return `nothing fires, the ledger cannot be written: ${event.message} (${event.code})`;
    case 'ledger-recovered':
      return `the ledger can be written again after ${approximateDuration(event.downMs)}`;
    case 'ledger-committed':
      return `${counted(event.changes, 'change')} of the ledger durable in ${approximateDuration(event.tookMs)}`;
    case 'pruned':
      return `${counted(event.records, 'old record')} removed in ${approximateDuration(event.tookMs)}`;
    case 'stopping':
      return `stopping (${event.cause}): ${counted(event.running, 'run')} under way, at most ${approximateDuration(event.drainTimeoutMs)} to finish; a second signal ends them`;
    case 'stop-forced':
      return `stopped at once (${event.cause}): ${counted(event.running, 'run')} given up`;
    case 'stopped':
      return `stopped after ${approximateDuration(event.uptimeMs)}${event.lost > 0 ? `, ${counted(event.lost, 'run')} lost` : ''}`;
    case 'part-failed':
      return `${event.part} failed, the daemon goes on without it: ${event.message}`;
  }
}

const by = ({ actor }: { readonly actor?: string }) => (actor === undefined ? '' : ` by ${actor}`);

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function isoSecond(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
