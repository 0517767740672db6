import type { RunRecord } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import type { Control } from './control.ts';
import { withoutSecrets } from './secret-free-ledger.ts';

type Redact = (text: string) => string;
type Call = (...asked: unknown[]) => Promise<unknown>;

/**
 * The same control, which shows no secret: not in the payload of a run, even of one that still waits
 * with it, not in an error, and not in the words that somebody gave for a pause or the end of a run.
 */
export function secretFreeControl(control: Control, redact: Redact): Control {
  return withCleanErrors({ ...control, ...cleanRuns(control, redact) }, redact);
}

function cleanRuns(control: Control, redact: Redact): Partial<Control> {
  const shown = async (run: Promise<RunRecord>) => withoutSecrets(await run, redact);
  const asked = <T extends { actor?: string; reason?: string }>(options: T): T => ({
    ...options,
    ...(options.actor !== undefined && { actor: redact(options.actor) }),
    ...(options.reason !== undefined && { reason: redact(options.reason) }),
  });
  return {
    async runs(query) {
      const page = await control.runs(query);
      return { ...page, runs: page.runs.map((run) => withoutSecrets(run, redact)) };
    },
    run: (id) => shown(control.run(id)),
    runJob: (job, options) => shown(control.runJob(job, asked(options))),
    invoke: (service, options) => shown(control.invoke(service, asked(options))),
    waitForEnd: (id, timeoutMs) => shown(control.waitForEnd(id, timeoutMs)),
    cancel: (id, options) => shown(control.cancel(id, asked(options))),
    retry: (id, options) => shown(control.retry(id, asked(options))),
    pause: (target, options) => control.pause(target, asked(options)),
    backfill: (job, options) => shown(control.backfill(job, asked(options))),
    async why(job, at) {
      const view = await control.why(job, at);
      return view.run === undefined ? view : { ...view, run: withoutSecrets(view.run, redact) };
    },
  };
}

function withCleanErrors(control: Control, redact: Redact): Control {
  const calls = Object.entries(control as unknown as Record<string, Call>).map(([name, call]) => {
    const clean: Call = async (...asked) => {
      try {
        return await call(...asked);
      } catch (error) {
        throw cleanError(error, redact);
      }
    };
    return [name, clean];
  });
  return Object.fromEntries(calls) as Control;
}

function cleanError(error: unknown, redact: Redact): unknown {
  if (!(error instanceof Error)) return error;
  const isClean = redact(error.message) === error.message;
  if (isClean) return error;
  if (!(error instanceof JobsdError)) return new Error(redact(error.message));
  return new JobsdError(error.code, error.detail && redact(error.detail));
}
