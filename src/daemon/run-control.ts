import type { Backend } from '../backend/backend.ts';
import type { RunId, RunRecord } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import { redacted } from '../telemetry/redactor.ts';
import type { Engine } from './engine.ts';
import { definitionOf } from './recover.ts';
import { emptyStep } from './step.ts';

/** States of a run that has ended without success: its work is still to be done. */
export const deadStates = ['failed', 'timed-out', 'cancelled', 'lost'] as const;

/** Ends a run that waits, runs or retries; resolves when the record says so, or is about to. */
export async function cancelRun(
  engine: Engine,
  id: RunId,
  { actor, reason }: { actor?: string; reason?: string },
): Promise<RunRecord> {
  const words = [reason ?? 'cancelled', ...(actor === undefined ? [] : [`by ${actor}`])].join(' ');
  const run = await engine.run(id);
  if (!engine.dispatcher.cancel(id, words)) {
    throw new JobsdError('JOBSD_RUN_ENDED', `"${id}" is ${run.state}.`);
  }
  // A service gets its grace; whoever asked need not sit through all of it.
  return engine.waitForEnd(id, cancelWaitMs);
}

/** One more attempt of a dead run, under its id and with the definition it was made with. */
export async function retryRun(
  engine: Engine,
  backend: Backend,
  id: RunId,
  { actor }: { actor?: string },
): Promise<RunRecord> {
  const run = await engine.run(id);
  if (!deadStates.some((state) => state === run.state)) {
    throw new JobsdError('JOBSD_RUN_NOT_DEAD', `"${id}" is ${run.state}.`);
  }
  refuseWithoutPayload(run);
  const definition = await definitionOf(run, backend);
  const asked = { trigger: 'retry', ...(actor === undefined ? {} : { actor }) } as const;
  const step = emptyStep();
  engine.refuseUnlessOpen();
  engine.refuseWhenFull(definition.name);
  if (!engine.dispatcher.requeue(engine.tickets.restored({ ...run, ...asked }, definition), step)) {
    throw new JobsdError('JOBSD_RUN_NOT_DEAD', `"${id}" is tried again already.`);
  }
  step.changes.push({ kind: 'update', id, fields: asked });
  engine.dispatcher.commit(step);
  return engine.recorded(id);
}

/** A service must not be given a payload that says "[secret]" where the secret was. */
function refuseWithoutPayload({ id, payload }: RunRecord): void {
  if (payload?.includes(redacted) !== true) return;
  throw new JobsdError('JOBSD_PAYLOAD_NOT_KEPT', `Start "${id}" anew, with the whole payload.`);
}

const cancelWaitMs = 1000;
