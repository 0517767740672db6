import type { Instant } from '../../../src/clock/clock.ts';
import type { Fault, FaultHistory, OutsideLine } from '../history.ts';
import { isDeathOf, type RunIndex } from './run-index.ts';

// So much before it was noticed a process may have been dead.
const noticeMs = 400;

interface Stay {
  readonly run: string;
  readonly fromAt: Instant;
  readonly untilAt: Instant;
}

/** Where the policy allows one run of a job at a time, the outside saw one at a time. */
export function checkOverlap(index: RunIndex): Fault[] {
  const stays = Map.groupBy(staysOf(index), ({ job }) => job);
  return [...stays].flatMap(([name, ofJob]) => {
    const overlap = index.jobs.get(name)?.overlap ?? 'allow';
    return overlap === 'allow'
      ? []
      : meetings(
          ofJob.map(({ stay }) => stay),
          overlap,
        );
  });
}

function staysOf({ attempts, history }: RunIndex): { job: string; stay: Stay }[] {
  return [...attempts].flatMap(([run, ofRun]) =>
    ofRun.flatMap(({ starts: [start], end }) => {
      if (!start) return [];
      const untilAt = end?.end ?? cutAt(start, history);
      return [{ job: start.job, stay: { run, fromAt: start.start, untilAt } }];
    }),
  );
}

/** When a run that wrote no end was cut short; where nothing shows it, it counts for an instant. */
function cutAt(start: OutsideLine, { disturbances }: FaultHistory): Instant {
  const deaths = disturbances
    .filter(isDeathOf(start.pid))
    .map(({ fromAt }) => fromAt)
    .filter((fromAt) => fromAt >= start.start - noticeMs)
    .map((fromAt) => Math.max(fromAt, start.start));
  return deaths.length === 0 ? start.start : Math.min(...deaths);
}

function meetings(stays: readonly Stay[], overlap: string): Fault[] {
  const sorted = [...stays].sort((a, b) => a.fromAt - b.fromAt);
  const faults: Fault[] = [];
  let holder: Stay | undefined;
  for (const stay of sorted) {
    if (holder && stay.fromAt < holder.untilAt && stay.run !== holder.run) {
      const detail = `started ${holder.untilAt - stay.fromAt} ms before ${holder.run} had ended (${overlap})`;
      faults.push({ kind: 'OVERLAP', subject: stay.run, detail });
    }
    if (!holder || stay.untilAt > holder.untilAt) holder = stay;
  }
  return faults;
}
