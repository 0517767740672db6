import { countFaults } from './check/check-history.ts';
import type { FaultRunResult } from './drive-fault-run.ts';
import { killsOf } from './drive-fault-run.ts';

const shownFaults = 40;

/** The result of a fault run, for people. */
export function describeFaultRun({ log, history, faults, root }: FaultRunResult): string {
  const starts = history.outside.filter(({ end }) => end === undefined);
  const sorted = log.startsMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const isClean = faults.length + log.surprises.length === 0;
  return [
    `${killsOf(log)} kills: ${listed([...log.kills])}`,
    `${log.hostKills} host kills, ${log.hostStops} host stops, ${log.daemonStops} daemon stops`,
    `start to running: median ${median} ms, longest ${sorted.at(-1) ?? 0} ms`,
    `${history.records.length} records, ${starts.length} starts: ${listed(countBy(history.records.map(({ state }) => state)))}`,
    listed(Object.entries(countFaults(faults))),
    ...faults.slice(0, shownFaults).map((one) => `${one.kind} ${one.subject}: ${one.detail}`),
    ...(faults.length > shownFaults ? [`and ${faults.length - shownFaults} more`] : []),
    ...log.surprises.map((surprise) => `SURPRISE ${surprise}`),
    ...(isClean ? [] : [`see ${root}`]),
  ].join('\n');
}

const listed = (counts: readonly (readonly [string, number])[]) =>
  counts.map(([name, count]) => `${name} ${count}`).join(', ');

function countBy(values: readonly string[]): [string, number][] {
  return [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]);
}
