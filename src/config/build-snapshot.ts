import type { Instant } from '../clock/clock.ts';
import { lint } from '../lint/lint.ts';
import type { LintContext } from '../lint/rule.ts';
import type { CalendarFile } from './calendar/calendar-file.ts';
import { type CalendarFiles, readCalendarFiles } from './calendar/calendar-files.ts';
import { checkModules, type ModuleFact } from './check-modules.ts';
import { checkReactions } from './check-reactions.ts';
import { checkReferences } from './check-references.ts';
import { checkRenames } from './check-renames.ts';
import { checkSecretUse } from './check-secret-use.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { Finding } from './finding.ts';
import { firstAlike, mostAlike } from './first-alike.ts';
import { isWritten, problemLocator } from './locate-problem.ts';
import { type MergeResult, mergeFiles } from './merge-files.ts';
import { type ParseCache, parseFiles } from './parse-files.ts';
import type { ParsedFile } from './parsed-file.ts';
import type { Problem } from './problem.ts';
import { type Definitions, readDefinitions } from './read-definitions.ts';
import { revisionOf } from './revision.ts';
import type { Snapshot } from './snapshot.ts';
import { sortFindings } from './sort-findings.ts';
import type { SourceFile, UnreadableFile } from './source-file.ts';
import { atOnce, type Rest, type Steps, withRests } from './steps.ts';

export interface SnapshotInput {
  readonly files: readonly SourceFile[];
  readonly unreadable: readonly UnreadableFile[];
  readonly moduleFacts: (path: string) => ModuleFact;
  /** Reads what a calendar names. Without it there are no such files. */
  readonly calendarFile?: (path: string) => CalendarFile;
  /** When given, jobs that are wholly in the past get a warning. */
  readonly now?: Instant;
  /** Kept from one call to the next by who reloads: only changed files are parsed again. */
  readonly cache?: ParseCache;
  /** Given by who has others wait: what it gives is waited for between small portions of the work. */
  readonly rest?: Rest;
}

export type SnapshotResult =
  | { readonly ok: true; readonly snapshot: Snapshot; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * All files as one frozen snapshot, or everything that is wrong with any of them. Never rejects
 * for what is in a file. A result that is ok may have findings too: warnings.
 */
export async function buildSnapshot(input: SnapshotInput): Promise<SnapshotResult> {
  const { rest } = input;
  const files = await parseFiles(input.files, input.cache, rest);
  const merged = await withRests(mergeFiles(files), rest);
  const calendarFiles = await readCalendarFiles(
    merged.declarations.calendars,
    input.calendarFile ?? (() => ({ kind: 'missing' })),
  );
  const judged = judge({ input, files, merged, calendarFiles });
  return withRests(judged, rest);
}

interface Parts {
  readonly input: SnapshotInput;
  readonly files: readonly ParsedFile[];
  readonly merged: MergeResult;
  readonly calendarFiles: CalendarFiles;
}

function* judge(parts: Parts): Steps<SnapshotResult> {
  const { input, files, merged, calendarFiles } = parts;
  const { definitions, problems: wrong } = yield* readDefinitions(
    merged.declarations,
    calendarFiles,
  );
  const problems = [...(yield* problemsOf(parts, definitions)), ...wrong];
  const isValid = problems.every(({ severity }) => severity !== undefined && severity !== 'error');
  const locate = problemLocator([...files, ...calendarFiles.texts]);
  const findingsOf = (all: readonly Problem[]) =>
    sortFindings(firstAlike(all, mostAlike, ({ at }) => at.file).map(locate));
  // Of a configuration with errors it is not known what is doubtful.
  if (!isValid) return { ok: false, findings: findingsOf(withoutEchoes(problems)) };
  const snapshot = yield* freezeSnapshot(definitions, input.rest !== undefined);
  const doubts = yield* lint(snapshot, lintContext(files, input.now));
  return { ok: true, snapshot, findings: findingsOf([...withoutEchoes(problems), ...doubts]) };
}

function* problemsOf(
  { input, files, merged, calendarFiles }: Parts,
  definitions: Definitions,
): Steps<readonly Problem[]> {
  const { declarations } = merged;
  const checks: readonly (() => readonly Problem[])[] = [
    () => input.unreadable.map(unreadableProblem),
    () => files.flatMap(textProblems),
    () => merged.problems,
    () => calendarFiles.problems,
    () => files.flatMap(checkSecretUse),
    () => checkReferences(declarations, mayBeDeclaredIn(files)),
    () => checkReactions(declarations),
    () => checkRenames(declarations),
    () => checkModules(definitions.services.values(), input.moduleFacts),
  ];
  const problems: Problem[] = [];
  for (const check of checks) {
    yield;
    for (const problem of check()) problems.push(problem);
  }
  return problems;
}

function lintContext(files: readonly ParsedFile[], now: Instant | undefined): LintContext {
  const roots = new Map(files.map((file) => [file.path, file.root]));
  return {
    ...(now === undefined ? {} : { now }),
    isDeclared: (file, path) => isWritten(roots.get(file), path),
  };
}

/** What is said about a value that should be looked up is only an echo of where that is not done. */
function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const places = new Set(problems.filter((problem) => problem.rule === secretRule).map(placeKey));
  if (places.size === 0) return problems;
  return problems.filter(
    (problem) => problem.rule === secretRule || !places.has(placeKey(problem)),
  );
}

const secretRule = 'secret-not-allowed';

function placeKey({ at }: Problem): string {
  return JSON.stringify('path' in at ? [at.file, ...at.path] : [at.file, at.start, at.end]);
}

function unreadableProblem(file: UnreadableFile): Problem {
  return {
    rule: 'unreadable-file',
    message: `cannot read ${file.path}: ${file.reason}`,
    at: { file: file.path, start: 0, end: 1 },
  };
}

function textProblems(file: ParsedFile): readonly Problem[] {
  return file.problems.map(({ start, end, related, isLocal: _, ...problem }) => ({
    ...problem,
    at: { file: file.path, start, end },
    ...(related === undefined
      ? {}
      : {
          related: related.map(({ note, ...stretch }) => ({
            at: { file: file.path, ...stretch },
            note,
          })),
        }),
  }));
}

/** A name that stands in a file that could not be read is not called unknown. */
function mayBeDeclaredIn(files: readonly ParsedFile[]): (name: string) => boolean {
  const unread = files.filter((file) => file.value === undefined);
  return (name) => unread.some((file) => file.text.includes(name));
}

/**
 * The revision is worked out when somebody asks for it: `validate` of files with findings does not.
 * Who rests between portions has it worked out here, where there are some.
 */
function* freezeSnapshot(definitions: Definitions, withRevision: boolean): Steps<Snapshot> {
  for (const kind of Object.values(definitions)) {
    if (kind instanceof Map) {
      for (const definition of kind.values()) {
        yield;
        deepFreeze(definition);
      }
    }
    deepFreeze(kind);
  }
  let revision = withRevision ? yield* revisionOf(definitions) : undefined;
  return Object.freeze({
    ...definitions,
    get revision() {
      revision ??= atOnce(revisionOf(definitions));
      return revision;
    },
  });
}
