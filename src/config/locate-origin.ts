import { declaredValue } from './declared-value.ts';
import type { Place } from './finding.ts';
import { problemLocator } from './locate-problem.ts';
import type { ParsedFile } from './parsed-file.ts';
import { keySpot, type ValuePath } from './problem.ts';
import type { JobDefinition } from './snapshot.ts';

/** Where a value of a job's effective definition is from. */
export type Origin =
  | { readonly kind: 'job' | 'service' | 'defaults'; readonly place: Place }
  | { readonly kind: 'default' };

/** Finds origins in the files of a project, for one job. */
export interface OriginLocator {
  /** Of the first of these places at which something is written; else it is a default. */
  originOf(...candidates: readonly Candidate[]): Origin;
  /** What is written there. */
  declaredAt(candidate: Candidate): unknown;
}

/** Paths are from the job's map, from its service's map, or from `defaults`. */
export interface Candidate {
  readonly kind: 'job' | 'service' | 'defaults';
  readonly path: ValuePath;
}

export function originLocator(files: readonly ParsedFile[], job: JobDefinition): OriginLocator {
  const locate = problemLocator(files);
  const roots = {
    job: ['jobs', job.name],
    service: ['services', job.service],
    defaults: ['defaults'],
  };
  const find = ({ kind, path }: Candidate) => {
    const whole = [...roots[kind], ...path];
    const file = files.find((candidate) => declaredValue(candidate, whole) !== undefined);
    return file === undefined ? undefined : { file, whole };
  };
  return {
    originOf(...candidates) {
      for (const candidate of candidates) {
        const found = find(candidate);
        if (found === undefined) continue;
        const at = keySpot(found.file.path, ...found.whole);
        const [{ file, line, column, endColumn }] = locate({ rule: '', message: '', at }).labels;
        return { kind: candidate.kind, place: { file, line, column, endColumn } };
      }
      return { kind: 'default' };
    },
    declaredAt(candidate) {
      const found = find(candidate);
      return found === undefined ? undefined : declaredValue(found.file, found.whole);
    },
  };
}
