import type { MapEntry } from './node.ts';
import type { TextProblem } from './text-problem.ts';

/** The entries of one map while it is read. */
export interface EntryList {
  readonly entries: MapEntry[];
  /** By key; only of large maps, as most have a few keys and are many. */
  index: Map<string, MapEntry> | undefined;
}

const smallMap = 8;

export function entryList(): EntryList {
  return { entries: [], index: undefined };
}

/** Adds an entry, or the problem that its key is there already: then the first one counts. */
export function addEntry(list: EntryList, entry: MapEntry, problems: TextProblem[]): void {
  const { entries } = list;
  const earlier = find(list, entry.key);
  if (earlier !== undefined) {
    problems.push(duplicateKey(entry, earlier));
    return;
  }
  entries.push(entry);
  list.index?.set(entry.key, entry);
}

function find(list: EntryList, key: string): MapEntry | undefined {
  if (list.entries.length <= smallMap) return list.entries.find((entry) => entry.key === key);
  list.index ??= new Map(list.entries.map((entry) => [entry.key, entry]));
  return list.index.get(key);
}

function duplicateKey(entry: MapEntry, earlier: MapEntry): TextProblem {
  return {
    rule: 'duplicate-key',
    message: `the key "${shorten(entry.key)}" is there twice`,
    start: entry.keyStart,
    end: entry.keyEnd,
    note: 'again here',
    related: [{ start: earlier.keyStart, end: earlier.keyEnd, note: 'first here' }],
    help: 'Only one of them would count. Remove one, or give it another name.',
    isLocal: true,
  };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
