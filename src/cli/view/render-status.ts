import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { Instant } from '../../clock/clock.ts';
import type { StatusView } from '../../daemon/control.ts';
import type { Paint } from '../../telemetry/paint.ts';
import { relativeTime } from './times.ts';

export function renderStatus(
  status: StatusView,
  { paint, now }: { readonly paint: Paint; readonly now: Instant },
): string[] {
  const facts: (readonly [name: string, value: string])[] = [
    ['daemon', daemonLine(status, paint, now)],
    ['version', `jobsd ${status.version}, Node ${status.node}, time zones ${status.tzdata}`],
    ['root', status.root],
    ['state', `${status.backend}, ${status.statePath}`],
    ['revision', `${status.revision}, ${reloadLine(status, paint, now)}`],
    ['declared', declaredLine(status)],
    ['runs', `${status.running} running, ${status.waiting} waiting`],
    ...hostLines(status).map((line, index) => [index === 0 ? 'hosts' : '', line] as const),
    ...(status.trouble === undefined ? [] : [['trouble', paint.red(status.trouble)] as const]),
  ];
  return facts.map(([name, value]) => `${paint.dim(name.padEnd(9))} ${value}`);
}

function daemonLine({ state, pid, startedAt }: StatusView, paint: Paint, now: Instant): string {
  const color = state === 'running' ? 'green' : 'yellow';
  const upMs = now - Date.parse(startedAt);
  return `${paint[color](state)}, pid ${pid}, up ${approximateDuration(upMs)} since ${startedAt}`;
}

function reloadLine({ lastReload, reloads }: StatusView, paint: Paint, now: Instant): string {
  const when = `${relativeTime(Date.parse(lastReload.at), now)}`;
  if (!lastReload.ok) {
    const findings = lastReload.findings === 1 ? '1 finding' : `${lastReload.findings} findings`;
    return paint.red(`reload refused ${when}, ${findings}: see jobsd validate`);
  }
  return reloads === 0 ? `loaded ${when}` : `reloaded ${when} (${reloads} in all)`;
}

function declaredLine({ jobs, services, endpoints }: StatusView): string {
  const parts = [
    counted(jobs, 'job'),
    counted(services, 'service'),
    counted(endpoints, 'endpoint'),
  ];
  return parts.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function hostLines({ hosts }: StatusView): readonly string[] {
  if (hosts.length === 0) return ['none'];
  return hosts.map(({ name, pid, runs }) => `${name}, pid ${pid}, ${runs} running`);
}
