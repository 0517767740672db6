import type { MapEntry } from './node.ts';
import type { TextProblem } from './text-problem.ts';

/** The entries of a map by key. */
export type EntryIndex = Map<string, MapEntry>;

/** Adds an entry, or the problem that its key is there already: then the first one counts. */
export function addEntry(
  entries: MapEntry[],
  index: EntryIndex,
  entry: MapEntry,
  problems: TextProblem[],
): void {
  const earlier = index.get(entry.key);
  if (earlier !== undefined) {
    problems.push(duplicateKey(entry, earlier));
    return;
  }
  index.set(entry.key, entry);
  entries.push(entry);
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
