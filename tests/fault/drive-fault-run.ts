import { Random } from '../support/random.ts';
import { checkHistory } from './check/check-history.ts';
import { jobVersions } from './check/job-versions.ts';
import type { Fault, FaultHistory } from './history.ts';
import { DaemonProcess } from './world/daemon-process.ts';
import { type FaultProject, makeFaultProject } from './world/fault-project.ts';
import { type FaultLog, newFaultLog, readRecords, readStates } from './world/fault-world.ts';
import { closeGap, liveThrough, type Scene } from './world/live-through.ts';
import { makeJobs } from './world/make-jobs.ts';
import { type LifePlan, planLife } from './world/plan-life.ts';
import { ProjectEditor } from './world/project-editor.ts';

export interface FaultRunOptions {
  readonly seed: number;
  /** Kills of the daemon, at least. */
  readonly kills: number;
  /** No life is left alone for longer than this. */
  readonly longestLifeMs: number;
  readonly lateMs: number;
  /** Service hosts; one or two by the seed when nobody says. */
  readonly hosts?: number;
  readonly onLife?: (log: FaultLog) => void;
}

export interface FaultRunResult {
  readonly log: FaultLog;
  readonly history: FaultHistory;
  readonly faults: readonly Fault[];
  readonly root: string;
}

/**
 * Kills the real program again and again, lets it come to rest, stops it, and compares what its
 * services said outside with the ledger and with the oracle. The project stays where it is when
 * something is wrong, for whoever wants to look.
 */
export async function driveFaultRun(options: FaultRunOptions): Promise<FaultRunResult> {
  const random = new Random(options.seed);
  const project = await makeFaultProject(options.hosts ?? random.between(1, 2));
  const fromAt = Date.now();
  // Generous: one-time jobs that lie behind the end of the run are never due.
  const untilAt = fromAt + options.kills * (options.longestLifeMs + 1500);
  const editor = new ProjectEditor(project, random, makeJobs(random, { fromAt, untilAt }));
  const scene: Scene = { project, editor, log: newFaultLog(editor.edits) };
  for (let index = 0; killsOf(scene.log) < options.kills; index++) {
    await oneLife(scene, planLife(random, index, options.longestLifeMs));
    if ((await countUnfinished(project)) > longestBacklog) await oneLife(scene, breather);
    options.onLife?.(scene.log);
    if (scene.log.surprises.length >= 5) break;
  }
  const rest = await comeToRest(scene);
  const history = await historyOf(scene, rest, options.lateMs);
  const faults = checkHistory(history);
  if (faults.length === 0 && scene.log.surprises.length === 0) await project.remove();
  else project.write('faults.json', JSON.stringify(faults, null, 1));
  return { log: scene.log, history, faults, root: project.root };
}

// What falls due while the daemon starts is caught up: with many short lives on a slow machine that
// grows faster than it is worked off, and then there is nothing but waiting to be seen.
const longestBacklog = 300;
const breather: LifePlan = { ending: { kind: 'blind' }, livesMs: 10_000, actions: [] };

export const killsOf = ({ kills }: FaultLog) => [...kills.values()].reduce((a, b) => a + b, 0);

async function oneLife(scene: Scene, plan: LifePlan): Promise<void> {
  const { editor, log, project } = scene;
  editor.repair();
  const { readyAt } = await liveThrough(scene, plan);
  await look(project, log, editor, readyAt);
}

async function look(
  project: FaultProject,
  log: FaultLog,
  editor: ProjectEditor,
  readyAt: number,
): Promise<void> {
  // A first life that was killed early has left no ledger.
  const states = await readStates(project).catch((error: { code?: string }) => {
    if (error.code === 'JOBSD_BACKEND_MISSING') return [];
    log.surprises.push(`the state file cannot be read: ${error}`);
    return [];
  });
  log.looks.push({ at: Date.now(), readyAt, states });
  editor.look(states);
}

// Nothing is left to do after its last word; a busy machine takes its time for that.
const endsAfterStopMs = 10_000;

interface Rest {
  readonly disabledAt: number;
  readonly stopAt: number;
}

/** A last life in peace: all jobs are disabled, what is under way ends, and the daemon is stopped. */
async function comeToRest({ project, editor, log }: Scene): Promise<Rest> {
  editor.repair();
  const daemon = new DaemonProcess(project, undefined);
  const readyAt = await daemon.when('daemon-started', 30_000);
  if (readyAt === undefined) log.surprises.push(`the last one did not start\n${daemon.lastWords}`);
  closeGap(log, readyAt ?? Date.now());
  // Catching up, and everything at its time.
  await daemon.endsWithin(4000);
  const disabledAt = Date.now();
  editor.disableAll();
  log.disturbances.push({ kind: 'edit', fromAt: disabledAt, untilAt: disabledAt + 1500 });
  await daemon.when('reloaded', 15_000);
  await untilDrained(project, daemon);
  const stopAt = Date.now();
  daemon.signal('SIGTERM');
  const stoppedAt = await daemon.when('stopped', 40_000);
  if (!(await daemon.endsWithin(endsAfterStopMs))) {
    log.surprises.push(`stopped: ${stoppedAt !== undefined}, but its process stays`);
    daemon.signal('SIGKILL');
  }
  const { code, signal } = await daemon.exited;
  if (code !== 0) log.surprises.push(`the stop was ${code} ${signal}\n${daemon.lastWords}`);
  await look(project, log, editor, readyAt ?? Number.POSITIVE_INFINITY);
  return { disabledAt, stopAt };
}

// So long without anything coming to its end is no progress.
const standstillMs = 30_000;

async function untilDrained(project: FaultProject, daemon: DaemonProcess): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let progressAt = Date.now();
  while (!daemon.exit && Date.now() - progressAt < standstillMs) {
    const unfinished = await countUnfinished(project);
    if (unfinished === 0) return;
    if (unfinished < fewest) progressAt = Date.now();
    fewest = Math.min(fewest, unfinished);
    await daemon.endsWithin(250);
  }
}

async function countUnfinished(project: FaultProject): Promise<number> {
  return (await readRecords(project, ['waiting', 'running', 'retrying'])).length;
}

// The last occurrences before the stop may not have been taken up.
const lastTickMs = 3000;

async function historyOf(
  { project, log }: Scene,
  { disabledAt, stopAt }: Rest,
  lateMs: number,
): Promise<FaultHistory> {
  const end = { requiredUntilAt: stopAt - lastTickMs, allowedUntilAt: Date.now() };
  return {
    versions: jobVersions(log.edits, log.looks, end),
    outside: project.outside(),
    records: await readRecords(project),
    disturbances: log.disturbances,
    disabledAt,
    lateMs,
  };
}
