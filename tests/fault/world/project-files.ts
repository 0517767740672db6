import type { FaultJob } from '../fault-job.ts';

/** The service of all jobs: says outside when it starts and when it ends. */
export const outsideService = `import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Service } from 'jobsd';

interface Work {
  log: string;
  takesMs: number;
  spins: boolean;
  fails: 'never' | 'first' | 'always';
}

export default class Outside extends Service {
  override async handle() {
    const { log, takesMs, spins, fails } = this.request.payload as Work;
    const { id: run, attempt } = this.run;
    const facts = { job: this.job?.name, nominal: this.job?.nominalAt, run, attempt };
    const start = Date.now();
    // One write with O_APPEND: whole lines, whoever else writes, and no buffer to lose in a kill.
    const write = (more: object) => {
      const line = { ...facts, start, ...more, pid: process.pid, parent: process.ppid };
      appendFileSync(log, JSON.stringify(line) + '\\n');
    };
    write({});
    if (spins) while (Date.now() < start + takesMs);
    else if (takesMs > 0) {
      await sleep(takesMs, undefined, { signal: this.signal }).catch((error) => {
        write({ end: Date.now(), outcome: 'aborted' });
        throw error;
      });
    }
    const isFailure = fails === 'always' || (fails === 'first' && attempt === 1);
    write({ end: Date.now(), outcome: isFailure ? 'threw' : 'done' });
    if (isFailure) throw new Error('as it was told to');
  }
}
`;

/** A configuration file with these jobs. JSON is YAML too. */
export function jobsFile(jobs: readonly FaultJob[], more: JobsFileOptions): string {
  const declared = jobs.map((job) => [job.name, declaration(job, more)]);
  return `${JSON.stringify({ version: 1, jobs: Object.fromEntries(declared) }, null, 1)}\n`;
}

export interface JobsFileOptions {
  readonly log: string;
  readonly enabled: boolean;
  readonly description: string;
}

export function daemonFile(hosts: number): string {
  const daemon = {
    hosts: { count: hosts, concurrency: 24 },
    // Nothing may be pruned that the checker wants to see.
    retention: { runs: 1_000_000 },
  };
  const module = 'services/outside.ts';
  // A service that keeps a host from answering gets one of its own: the others shall not.
  const services = { outside: { module }, spinning: { module } };
  return `${JSON.stringify({ version: 1, daemon, services }, null, 1)}\n`;
}

function declaration(job: FaultJob, { log, enabled, description }: JobsFileOptions) {
  const { overlap, catchUp, attempts, onLost, jitterMs, timeoutMs, work } = job;
  return {
    ...scheduleKeys(job),
    service: work.spins ? 'spinning' : 'outside',
    description,
    enabled,
    overlap,
    catchUp,
    retry: { attempts, onLost, delay: '300ms', backoff: 'constant' },
    ...(jitterMs > 0 && { jitter: `${jitterMs}ms` }),
    timeout: `${timeoutMs}ms`,
    grace: '1s',
    extra: { log, ...work },
  };
}

function scheduleKeys({ schedule }: FaultJob) {
  switch (schedule.type) {
    case 'one-time':
      return { type: 'one-time', at: new Date(schedule.at).toISOString() };
    case 'interval': {
      const { everyMs, startAt, repeats } = schedule;
      return {
        type: 'interval',
        every: `${everyMs}ms`,
        ...(startAt !== undefined && { start: new Date(startAt).toISOString() }),
        ...(repeats !== undefined && { repeats }),
      };
    }
    case 'cron': {
      const { seconds, repeats } = schedule;
      const cron = `${seconds.join(',')} * * * * *`;
      return { type: 'cron', cron, ...(repeats !== undefined && { repeats }) };
    }
    default:
      return schedule satisfies never;
  }
}
