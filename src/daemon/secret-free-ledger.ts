import type { Backend, Change } from '../backend/backend.ts';
import {
  type RunId,
  type RunRecord,
  type RunState,
  type Trigger,
  unfinishedStates,
} from '../dispatch/run.ts';
import { redactJson } from '../host/redact-json.ts';

type Redact = (text: string) => string;

/**
 * The same ledger, in which no payload that somebody gave keeps a secret beyond the end of its run.
 * Until then it has to: after a crash the run is carried out from what is on disk. What a schedule
 * hands over stands in the project's files, where no secret is.
 */
export function secretFreeLedger(backend: Backend, redact: Redact): Backend {
  /** Payloads as they are to be kept at the end, of runs under way whose payload holds a secret. */
  const clean = new Map<RunId, string>();
  const note = (run: RunRecord): void => {
    const { payload } = given(run, redact);
    if (payload !== undefined && payload !== run.payload) clean.set(run.id, payload);
  };
  const cleaned = (change: Change): Change => {
    if (change.kind === 'record') {
      if (isFinished(change.run.state)) return { ...change, run: given(change.run, redact) };
      note(change.run);
    } else if (change.kind === 'update' && isFinished(change.fields.state)) {
      const payload = clean.get(change.id);
      if (payload !== undefined) return { ...change, fields: { ...change.fields, payload } };
    }
    return change;
  };
  return {
    kind: backend.kind,
    keyValues: backend.keyValues,
    async commit(changes) {
      const result = await backend.commit(changes.map(cleaned));
      // Not before it is durable: what is refused is committed again, and has to be cleaned again.
      if (clean.size > 0) forgetEnded(changes, clean);
      return result;
    },
    async unfinishedRuns() {
      const runs = await backend.unfinishedRuns();
      for (const run of runs) note(run);
      return runs;
    },
    jobStates: () => backend.jobStates(),
    definition: (key) => backend.definition(key),
    run: (id) => backend.run(id),
    runs: (query) => backend.runs(query),
    latestRuns: () => backend.latestRuns(),
    logs: (id) => backend.logs(id),
    prune: (options) => backend.prune(options),
    close: () => backend.close(),
  };
}

const declared: readonly Trigger[] = ['schedule', 'catch-up', 'backfill'];

function given(run: RunRecord, redact: Redact): RunRecord {
  return declared.includes(run.trigger) ? run : withoutSecrets(run, redact);
}

/** The record as everybody may see it. */
export function withoutSecrets(run: RunRecord, redact: Redact): RunRecord {
  if (run.payload === undefined) return run;
  const payload = redactJson(run.payload, redact);
  return payload === run.payload ? run : { ...run, payload };
}

function forgetEnded(changes: readonly Change[], clean: Map<RunId, string>): void {
  for (const change of changes) {
    if (change.kind === 'update' && isFinished(change.fields.state)) clean.delete(change.id);
  }
}

function isFinished(state: RunState | undefined): boolean {
  return state !== undefined && !unfinishedStates.some((each) => each === state);
}
