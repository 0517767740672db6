import { quote } from '../describe-value.ts';
import type { DeclaredMap } from '../merge-files.ts';
import type { ParsedFile } from '../parsed-file.ts';
import { type Problem, type ValueSpot, valueSpot } from '../problem.ts';
import type { CalendarDeclaration } from '../schema/calendar.ts';
import { type CalendarFile, largestCalendarFileBytes } from './calendar-file.ts';
import type { IcsContent, IcsProblem } from './ics/parse-ics.ts';

/** The files that calendars name, read. */
export interface CalendarFiles {
  /** Undefined when there is a problem with it. */
  contentOf(path: string): IcsContent | undefined;
  readonly problems: readonly Problem[];
  /** As texts, for places in them. */
  readonly texts: readonly ParsedFile[];
}

/**
 * Reads the file of each calendar that names one. The iCalendar library is loaded only then. Never
 * rejects for what is in a file.
 */
export async function readCalendarFiles(
  calendars: DeclaredMap<CalendarDeclaration>,
  readFile: (path: string) => CalendarFile,
): Promise<CalendarFiles> {
  const problems: Problem[] = [];
  const read = new Map<string, ReadFile>();
  for (const { name, place, value } of calendars.values()) {
    const path = value?.ics;
    if (path === undefined) continue;
    const file = read.get(path) ?? (await readOne(path, readFile));
    read.set(path, file);
    const at = valueSpot(place.file, 'calendars', name, 'ics');
    problems.push(...problemsOf(at, name, path, file));
  }
  return {
    contentOf: (path) => read.get(path)?.content,
    problems,
    texts: [...read].flatMap(([path, { text }]) =>
      text === undefined ? [] : [{ path, text, problems: [] }],
    ),
  };
}

interface ReadFile {
  readonly text?: string;
  readonly content?: IcsContent;
  readonly problems?: readonly IcsProblem[];
  readonly complaint?: Complaint;
}

interface Complaint {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
}

async function readOne(path: string, readFile: (path: string) => CalendarFile): Promise<ReadFile> {
  // Its lines are shown in findings, so it must not be any other file of the project.
  if (!/\.ics$/i.test(path)) return { complaint: notCalendar };
  const file = readFile(path);
  if (file.kind === 'unreadable') return { complaint: unreadable(file.reason) };
  if (file.kind !== 'read') return { complaint: complaints[file.kind] };
  const text = decode(file.bytes);
  if (text === undefined) return { complaint: unreadable('it is not UTF-8 text') };
  const { parseIcs } = await import('./ics/parse-ics.ts');
  const { problems, ...content } = parseIcs(text);
  return problems.length === 0 ? { text, content } : { text, problems };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const notCalendar: Complaint = {
  rule: 'calendar-file-type',
  message: 'is not an iCalendar file',
  help: 'Name a file that ends with .ics.',
};

const complaints: Readonly<Record<'missing' | 'outside-root' | 'too-large', Complaint>> = {
  missing: {
    rule: 'calendar-file-missing',
    message: 'is not there',
    help: 'Paths are relative to the project root: `calendars/holidays.ics`.',
  },
  'outside-root': {
    rule: 'calendar-file-outside-root',
    message: 'lies outside the project root',
    help: 'It has to lie inside the project root, after links are followed.',
  },
  'too-large': {
    rule: 'calendar-file-too-large',
    message: `is larger than ${largestCalendarFileBytes / 1024} kB`,
    help: 'Keep the events that jobs depend on in a file of their own.',
  },
};

const unreadable = (reason: string): Complaint => ({
  rule: 'calendar-file-unreadable',
  message: `cannot be read: ${reason}`,
  help: 'Correct its permissions or its kind, or name another file.',
});

/** As many as help: a file that was written wrong is often wrong in the same way everywhere. */
const mostProblems = 10;

function problemsOf(
  at: ValueSpot,
  calendar: string,
  path: string,
  { complaint, problems = [] }: ReadFile,
): readonly Problem[] {
  const whose = `the file of calendar ${quote(calendar)}`;
  if (complaint !== undefined) {
    const { rule, message, help } = complaint;
    return [{ rule, message: `${whose} ${message}`, at, help }];
  }
  return problems.slice(0, mostProblems).map(({ message, help, start, end }) => ({
    rule: 'calendar-file-invalid',
    message: `${whose} cannot be used: ${message}`,
    at,
    ...(start === undefined || end === undefined
      ? {}
      : { related: [{ at: { file: path, start, end }, note: 'here' }] }),
    help,
  }));
}
