import type { JobState } from '../../../src/backend/backend.ts';
import type { Instant } from '../../../src/clock/clock.ts';
import type { FaultJob } from '../fault-job.ts';
import type { JobVersion } from '../history.ts';

/** A job as the files had it from `at` on; `undefined` when they had it no more. */
export interface JobEdit {
  readonly name: string;
  readonly at: Instant;
  readonly job: FaultJob | undefined;
}

/** What the ledger said of the jobs when a life of the daemon had ended. */
export interface LedgerLook {
  readonly at: Instant;
  /** When that life ran its jobs: an edit after this was a reload, one before it was found at the start. */
  readonly readyAt: Instant;
  readonly states: readonly JobState[];
}

interface OpenVersion {
  readonly job: FaultJob;
  readonly anchorAt: Instant;
  cursorAt: Instant;
}

/**
 * Which schedules were in force when, from the edits of the files and the anchors the ledger keeps.
 * A schedule edited while no daemon runs ends with its last record: the next life cannot know what
 * it would have named.
 */
export function jobVersions(
  edits: readonly JobEdit[],
  looks: readonly LedgerLook[],
  end: { readonly requiredUntilAt: Instant; readonly allowedUntilAt: Instant },
): JobVersion[] {
  const names = [...new Set(edits.map(({ name }) => name))];
  return names.flatMap((name) => {
    const ofJob = edits.filter((edit) => edit.name === name);
    return versionsOfJob(name, ofJob, looks, end);
  });
}

function versionsOfJob(
  name: string,
  edits: readonly JobEdit[],
  looks: readonly LedgerLook[],
  end: { readonly requiredUntilAt: Instant; readonly allowedUntilAt: Instant },
): JobVersion[] {
  const versions: JobVersion[] = [];
  let open: OpenVersion | undefined;
  for (const look of looks) {
    const state = look.states.find(({ job }) => job === name);
    if (open && open.anchorAt !== state?.anchorAt) {
      versions.push(closed(open, edits, look, state?.anchorAt));
      open = undefined;
    }
    if (!state) continue;
    open ??= opened(name, edits, state);
    open.cursorAt = state.cursorAt;
  }
  if (open) versions.push({ job: open.job, anchorAt: open.anchorAt, ...end });
  return versions;
}

function opened(name: string, edits: readonly JobEdit[], state: JobState): OpenVersion {
  const edit = edits.findLast(({ at, job }) => at <= state.anchorAt && job !== undefined);
  if (!edit?.job) throw new Error(`the ledger knows job "${name}" from before it was written`);
  return { job: edit.job, anchorAt: state.anchorAt, cursorAt: state.cursorAt };
}

function closed(
  { job, anchorAt, cursorAt }: OpenVersion,
  edits: readonly JobEdit[],
  look: LedgerLook,
  nextAnchorAt: Instant | undefined,
): JobVersion {
  const edit = edits.findLast(({ at }) => at <= (nextAnchorAt ?? look.at));
  const wasReload = edit !== undefined && edit.at >= look.readyAt;
  if (!wasReload) return { job, anchorAt, requiredUntilAt: cursorAt, allowedUntilAt: cursorAt };
  return {
    job,
    anchorAt,
    requiredUntilAt: nextAnchorAt ?? edit.at,
    allowedUntilAt: nextAnchorAt ?? look.at,
  };
}
