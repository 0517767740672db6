import { quote } from './describe-value.ts';
import type { Declarations } from './merge-files.ts';
import { entrySpot, type Problem, valueSpot } from './problem.ts';

/** A job takes over the history of one that is gone: not of one that is there, nor do two take the same. */
export function checkRenames(declarations: Declarations): readonly Problem[] {
  const problems: Problem[] = [];
  const heirs = new Map<string, { name: string; file: string }>();
  for (const { name, place, value } of declarations.jobs.values()) {
    const old = value?.renamedFrom;
    if (old === undefined) continue;
    const at = valueSpot(place.file, 'jobs', name, 'renamedFrom');
    const holder = declarations.jobs.get(old);
    const heir = heirs.get(old);
    if (holder !== undefined) {
      problems.push({
        rule: 'renamed-from-existing',
        message: `job ${quote(name)} is renamed from ${quote(old)}, which is still declared`,
        at,
        related: [{ at: entrySpot(holder.place.file, 'jobs', old), note: 'still here' }],
        help: 'Remove the old job, or remove `renamedFrom`.',
      });
    } else if (heir !== undefined) {
      problems.push({
        rule: 'renamed-from-twice',
        message: `two jobs are renamed from ${quote(old)}`,
        at,
        note: 'again here',
        related: [
          { at: valueSpot(heir.file, 'jobs', heir.name, 'renamedFrom'), note: 'first here' },
        ],
        help: 'Counters and history can move to one job only.',
      });
    } else heirs.set(old, { name, file: place.file });
  }
  return problems;
}
