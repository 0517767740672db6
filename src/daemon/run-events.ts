import type { LogLine, Outcome, RunRecord } from '../dispatch/run.ts';
import type { Telemetry } from '../telemetry/events.ts';
import type { DispatcherEvents } from './dispatcher-options.ts';
import type { SchedulerEvents } from './scheduler.ts';

// Written out, here and below: spreading each optional field on its own costs more than all else
// that is told of a run, at tens of thousands of runs a second.
const facts = ({ id, job, service, attempt }: RunRecord) =>
  job === undefined ? { id, service, attempt } : { id, job, service, attempt };

/** Tells the outside what becomes of runs. */
export function runEvents(telemetry: Telemetry, now: () => number): DispatcherEvents {
  return {
    started(run, host) {
      const delayMs = Math.max((run.startedAt ?? 0) - run.plannedAt, 0);
      const { trigger, nominalAt } = run;
      const kind = 'run-started';
      telemetry.emit(
        nominalAt === undefined
          ? { kind, ...facts(run), trigger, host, delayMs }
          : { kind, ...facts(run), trigger, nominalAt, host, delayMs },
      );
    },
    retrying(run, outcome) {
      telemetry.emit({
        ...ended(run, outcome, now()),
        ...(run.retryAt === undefined ? {} : { retryAt: run.retryAt }),
      });
    },
    ended(run) {
      if (run.state === 'skipped') telemetry.emit({ kind: 'run-skipped', ...stretch(run) });
      else telemetry.emit(ended(run, run.state as Outcome, run.endedAt ?? now()));
    },
  };
}

/** Tells the outside what the clock does, and which occurrences will not run. */
export function schedulerEvents(telemetry: Telemetry): SchedulerEvents {
  return {
    clockJumped: (byMs, now) => telemetry.emit({ kind: 'clock-jumped', byMs, now }),
    stretch(run) {
      const kind = run.state === 'missed' ? 'run-missed' : 'run-skipped';
      telemetry.emit({ kind, ...stretch(run) });
    },
    stretchGrew: (job, { reason, count }) =>
      telemetry.emit({ kind: 'skip-continued', job, reason, count }),
  };
}

/** Tells the outside what a service wrote. */
export function tellLines(telemetry: Telemetry, run: RunRecord, lines: readonly LogLine[]): void {
  for (const line of lines) telemetry.emit({ kind: 'run-logged', ...facts(run), line });
}

function ended(run: RunRecord, outcome: Outcome, endedAt: number) {
  const tookMs = Math.max(endedAt - (run.startedAt ?? endedAt), 0);
  const kind = 'run-ended';
  return run.error === undefined
    ? ({ kind, ...facts(run), outcome, tookMs, endedAt } as const)
    : ({ kind, ...facts(run), outcome, tookMs, endedAt, error: run.error } as const);
}

/** What an event says of occurrences that did not run. */
function stretch(run: RunRecord) {
  return {
    job: run.job ?? run.service,
    reason: run.reason ?? '',
    nominalAt: run.nominalAt ?? run.plannedAt,
    ...(run.lastNominalAt === undefined ? {} : { lastNominalAt: run.lastNominalAt }),
    count: run.count ?? 1,
  };
}
