import { straightQuotes } from '../schedule/odd-character.ts';
import type { Finding, Label } from './finding.ts';
import { type LineTable, lineEnd, lineTable } from './line-table.ts';
import type { ParsedFile } from './parsed-file.ts';
import type { Problem, Spot, TextStretch, ValuePath, ValueSpot } from './problem.ts';
import type { MapEntry, MapNode, YamlNode } from './yaml/node.ts';

/** Gives problems their lines and columns. Tables of lines are made only for files that need one. */
export function problemLocator(files: readonly ParsedFile[]): (problem: Problem) => Finding {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const tables = new Map<string, LineTable>();
  const label = (spot: Spot, text: string | undefined): Label => {
    const file = byPath.get(spot.file);
    const note = text === undefined ? {} : { text };
    if (file === undefined) return { file: spot.file, line: 1, column: 1, endColumn: 2, ...note };
    let table = tables.get(file.path);
    if (table === undefined) {
      table = lineTable(file.text);
      tables.set(file.path, table);
    }
    return { ...labelOf(file, table, stretchOf(file, spot)), ...note };
  };
  return (problem) => ({
    rule: problem.rule,
    severity: problem.severity ?? 'error',
    message: problem.message,
    labels: [
      label(problem.at, problem.note),
      ...(problem.related ?? []).map(({ at, note }) => label(at, note)),
    ],
    ...helpOf(problem, byPath),
    ...(problem.further === undefined ? {} : { further: problem.further }),
  });
}

/** Whose text begins with a typesetter's quote is told of that, whatever came of it. */
function helpOf({ at, help }: Problem, files: ReadonlyMap<string, ParsedFile>): { help?: string } {
  const file = files.get(at.file);
  const first = file?.text.charAt(stretchOf(file, at).start) ?? '';
  if (/^[“”„‟‘’‚‛]/.test(first)) {
    const isText = `"${first}" is a typographic quote, for YAML a part of the text.`;
    return { help: `${isText} ${straightQuotes}` };
  }
  return help === undefined ? {} : { help };
}

/** Whether a value stands in the file itself. */
export function isWritten(root: YamlNode | undefined, path: ValuePath): boolean {
  let node = root;
  for (const step of path) node = node === undefined ? undefined : child(node, step)?.node;
  return node !== undefined;
}

/** How much of a long source line is kept before and after the place. */
const before = 60;
const widest = 160;

function labelOf(file: ParsedFile, table: LineTable, stretch: TextStretch): Label {
  const offset = Math.min(stretch.start, file.text.length);
  const { line, column } = table.positionAt(offset);
  const start = offset - column + 1;
  const lineStop = lineEnd(file.text, offset);
  const end = Math.min(stretch.end, lineStop);
  const endColumn = Math.max(column + 1, end - start + 1);
  const isLong = lineStop - start > widest;
  const cutStart = isLong ? Math.max(start, offset - before) : start;
  const source = file.text.slice(cutStart, Math.min(lineStop, cutStart + widest));
  const place = { file: file.path, line, column, endColumn, source };
  return cutStart === start ? place : { ...place, sourceColumn: cutStart - start + 1 };
}

function stretchOf(file: ParsedFile, spot: Spot): TextStretch {
  return 'path' in spot ? stretchOfValue(file, spot) : spot;
}

interface Found {
  readonly node: YamlNode;
  readonly entry?: MapEntry;
}

/** Follows the path as far as it goes: what is not there is shown at what should hold it. */
function stretchOfValue(file: ParsedFile, spot: ValueSpot): TextStretch {
  if (file.root === undefined) return { file: file.path, start: 0, end: 1 };
  let found: Found = { node: file.root };
  let isWhole = true;
  for (const step of spot.path) {
    const next = child(found.node, step);
    if (next === undefined) {
      isWhole = false;
      break;
    }
    found = next;
  }
  return { file: file.path, ...nodeStretch(file, spot, found, isWhole) };
}

function child(node: YamlNode, step: string | number): Found | undefined {
  if (node.kind === 'sequence') {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item };
  }
  if (node.kind === 'scalar') return undefined;
  const entry = entryOf(node, String(step));
  return entry === undefined ? undefined : { node: entry.value, entry };
}

/** Entries by key of large maps that were looked into: thousands of findings may be in one. */
const indexes = new WeakMap<MapNode, ReadonlyMap<string, MapEntry>>();

function entryOf(node: MapNode, key: string): MapEntry | undefined {
  if (node.entries.length <= 16) return node.entries.find((entry) => entry.key === key);
  let index = indexes.get(node);
  if (index === undefined) {
    index = new Map(node.entries.map((entry) => [entry.key, entry]));
    indexes.set(node, index);
  }
  return index.get(key);
}

function nodeStretch(file: ParsedFile, spot: ValueSpot, found: Found, isWhole: boolean) {
  const { node, entry } = found;
  const isEmpty = node.end <= node.start;
  if (entry !== undefined && (spot.part === 'key' || isEmpty || !isWhole)) {
    return { start: entry.keyStart, end: entry.keyEnd };
  }
  if (node.kind !== 'scalar' || spot.offset === undefined || !isWhole) return wholeNode(node);
  return insideScalar(file.text, node, spot.offset, spot.length);
}

/** Of a map or list only its first character: it may be long. */
function wholeNode(node: YamlNode) {
  return { start: node.start, end: node.kind === 'scalar' ? node.end : node.start + 1 };
}

/** Exact where the text stands in the file as YAML reads it; else the whole scalar. */
function insideScalar(
  text: string,
  node: Extract<YamlNode, { kind: 'scalar' }>,
  offset: number,
  length: number | undefined,
) {
  const value = String(node.value);
  const quoted = text[node.start] === '"' || text[node.start] === "'" ? 1 : 0;
  const start = node.start + quoted;
  const isLiteral = text.startsWith(value, start) && start + value.length + quoted === node.end;
  if (!isLiteral) return { start: node.start, end: node.end };
  const from = start + Math.min(offset, value.length);
  const to = start + Math.min(offset + (length ?? value.length), value.length);
  return { start: from, end: Math.max(to, from + 1) };
}
