import { setTimeout as sleep } from 'node:timers/promises';
import { DaemonProcess, isLivingHost } from './daemon-process.ts';
import type { FaultProject } from './fault-project.ts';
import type { FaultLog } from './fault-world.ts';
import type { Action, Ending, LifePlan } from './plan-life.ts';
import type { ProjectEditor } from './project-editor.ts';

const startTimeoutMs = 30_000;
// A fail point that is not passed within this time after the life's end is not passed any more.
const patienceMs = 1500;
const reloadMs = 1500;

export interface Scene {
  readonly project: FaultProject;
  readonly editor: ProjectEditor;
  readonly log: FaultLog;
}

/** One life of the daemon, from its start to its violent end. Gives when its jobs ran. */
export async function liveThrough(scene: Scene, plan: LifePlan): Promise<{ readyAt: number }> {
  const { log, project } = scene;
  const { ending } = plan;
  const armed = ending.kind === 'fail-point' ? `${ending.point}:${ending.count}` : undefined;
  const daemon = new DaemonProcess(project, armed);
  if (ending.kind === 'at-start') {
    await daemon.endsWithin(ending.share * (log.startsMs.at(-1) ?? 1000));
    await kill(daemon, scene, 'at-start');
    return { readyAt: Number.POSITIVE_INFINITY };
  }
  const readyAt = await daemon.when('daemon-started', startTimeoutMs);
  if (readyAt === undefined) {
    if (!daemon.exit) log.surprises.push(`did not start\n${daemon.lastWords}`);
    await endAt(daemon, scene, ending);
    return { readyAt: Number.POSITIVE_INFINITY };
  }
  log.startsMs.push(readyAt - daemon.spawnedAt);
  closeGap(log, readyAt);
  await act(daemon, scene, plan);
  const hosts = daemon.hosts();
  await endAt(daemon, scene, ending);
  for (const pid of hosts) await expectGone(pid, log);
  return { readyAt };
}

async function act(daemon: DaemonProcess, scene: Scene, plan: LifePlan): Promise<void> {
  const { livesMs, actions } = plan;
  const beganAt = Date.now();
  for (const action of actions) {
    await daemon.endsWithin(beganAt + action.afterMs - Date.now());
    if (daemon.exit) return;
    await carryOut(action, daemon, scene);
  }
  await daemon.endsWithin(beganAt + livesMs - Date.now());
}

async function carryOut(action: Action, daemon: DaemonProcess, scene: Scene): Promise<void> {
  const { kind, forMs } = action;
  const { log } = scene;
  if (kind === 'kill-host') return killHost(daemon, log);
  if (kind === 'stop-host' || kind === 'stop-daemon') return stopFor(forMs, kind, daemon, log);
  const fromAt = Date.now();
  edit(kind, scene.editor);
  log.disturbances.push({ kind: 'edit', fromAt, untilAt: fromAt + reloadMs });
}

function edit(kind: Action['kind'], editor: ProjectEditor): void {
  if (kind === 'reschedule') editor.reschedule();
  else if (kind === 'pass') editor.pass();
  else if (kind === 'break') editor.break();
  else if (kind === 'change-service') editor.changeService();
  else editor.touch();
}

function killHost(daemon: DaemonProcess, log: FaultLog): void {
  const [pid] = daemon.hosts();
  if (pid === undefined) return;
  const fromAt = Date.now();
  if (!signal(pid, 'SIGKILL')) return;
  log.hostKills += 1;
  log.disturbances.push({ kind: 'host-killed', fromAt, untilAt: Date.now() + 500, pid });
}

async function stopFor(
  forMs: number,
  kind: 'stop-host' | 'stop-daemon',
  daemon: DaemonProcess,
  log: FaultLog,
): Promise<void> {
  const isHost = kind === 'stop-host';
  const pid = isHost ? daemon.hosts().at(-1) : daemon.pid;
  const fromAt = Date.now();
  if (pid === undefined || !signal(pid, 'SIGSTOP')) return;
  await daemon.endsWithin(forMs);
  signal(pid, 'SIGCONT');
  const untilAt = Date.now();
  if (isHost) log.hostStops += 1;
  else log.daemonStops += 1;
  const stop = { kind: isHost ? 'host-stopped' : 'daemon-stopped', fromAt, untilAt } as const;
  log.disturbances.push(isHost ? { ...stop, pid } : stop);
}

async function endAt(daemon: DaemonProcess, scene: Scene, ending: Ending): Promise<void> {
  if (ending.kind === 'fail-point') {
    if (ending.point === 'stopping') daemon.signal('SIGTERM');
    const isOver = await daemon.endsWithin(patienceMs);
    if (isOver) return noteDeath(daemon, scene, ending.point);
  }
  if (ending.kind === 'in-drain') {
    daemon.signal('SIGTERM');
    await daemon.endsWithin(ending.afterMs);
    // It may have been quicker: then it was a clean stop.
    if (daemon.exit?.code === 0) return noteDown(daemon.exit.at, scene.log);
  }
  await kill(daemon, scene, ending.kind === 'fail-point' ? 'blind' : ending.kind);
}

async function kill(daemon: DaemonProcess, scene: Scene, how: string): Promise<void> {
  const at = Date.now();
  daemon.signal('SIGKILL');
  await daemon.exited;
  noteDeath(daemon, scene, how, at);
}

function noteDeath(daemon: DaemonProcess, { log }: Scene, how: string, at?: number): void {
  const { exit } = daemon;
  if (!exit) return;
  if (exit.signal === 'SIGKILL') log.kills.set(how, (log.kills.get(how) ?? 0) + 1);
  else {
    const end = `ended by itself, code ${exit.code}, signal ${exit.signal}`;
    log.surprises.push(`${end}\n${daemon.lastWords}`);
  }
  noteDown(at ?? exit.at, log);
}

/** From its end until the next one runs. */
function noteDown(fromAt: number, log: FaultLog): void {
  closeGap(log, fromAt);
  log.disturbances.push({ kind: 'daemon-down', fromAt, untilAt: Number.POSITIVE_INFINITY });
}

export function closeGap({ disturbances }: FaultLog, at: number): void {
  const index = disturbances.findLastIndex(({ kind }) => kind === 'daemon-down');
  const gap = disturbances[index];
  if (gap && gap.untilAt > at) disturbances[index] = { ...gap, untilAt: at };
}

/** A host never outlives its daemon; it gets a moment to notice. */
async function expectGone(pid: number, log: FaultLog): Promise<void> {
  const deadline = Date.now() + 10_000;
  signal(pid, 'SIGCONT');
  while (isLivingHost(pid)) {
    if (Date.now() > deadline) {
      log.surprises.push(`host ${pid} outlived its daemon`);
      signal(pid, 'SIGKILL');
      return;
    }
    await sleep(10);
  }
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
