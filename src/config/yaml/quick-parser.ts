import { addEntry, entryList } from './entry-list.ts';
import { limits } from './limits.ts';
import type { MapNode, ScalarNode, SequenceNode, YamlNode } from './node.ts';
import { flowCollection } from './quick-flow.ts';
import { canBeginPlain, plainScalar, quotedScalar } from './quick-scalar.ts';
import {
  isRestEmpty,
  type Line,
  nextLine,
  type QuickSource,
  quickSource,
  skipSpaces,
  unsure,
} from './quick-source.ts';
import type { TextProblem } from './text-problem.ts';

export type QuickResult =
  | { readonly root: YamlNode; readonly problems: readonly TextProblem[] }
  | Unsure;

/** The text is not plain enough, or wrong. */
export interface Unsure {
  readonly root?: undefined;
  /** Where reading ended. */
  readonly unsureAt: number;
  readonly isTooLarge: boolean;
}

/**
 * Reads the YAML that people write in configuration files, some forty times as fast as the
 * library: block maps and lists, flow collections on one line, plain and quoted texts on one line,
 * comments. With anything else in a text, and with anything wrong but a key that is there twice,
 * there is no root: then the library reads it. Where there is one it is the library's; a test
 * compares them.
 */
export function parseQuickly(text: string): QuickResult {
  if (isUnusual(text)) return { unsureAt: Math.max(0, text.search(unusual)), isTooLarge: false };
  const source = quickSource(text);
  try {
    return { root: document(source), problems: source.problems };
  } catch (error) {
    if (error !== unsure) throw error;
    return { unsureAt: source.line?.start ?? 0, isTooLarge: source.nodes > limits.quickNodes };
  }
}

/**
 * Tabs, lone carriage returns, byte order marks, directives and the ends of documents. The searches
 * for plain texts are many times as fast as the one expression below.
 */
function isUnusual(text: string): boolean {
  return (
    text.includes('\t') ||
    text.includes('\ufeff') ||
    text.includes('\n---') ||
    text.includes('\n...') ||
    text.startsWith('...') ||
    text.startsWith('%') ||
    (text.includes('\r') && /\r(?!\n)/.test(text))
  );
}

const unusual = /\t|\r(?!\n)|\ufeff|^%|^\.\.\.|\n\.\.\.|\n---/;

function document(source: QuickSource): YamlNode {
  const { text, line } = source;
  if (line !== undefined && line.indent === 0 && text.startsWith('---', line.start)) {
    if (!isRestEmpty(text, line.start + 3, line.end)) throw unsure;
    nextLine(source);
  }
  if (source.line?.indent !== 0) throw unsure;
  const root = block(source, 0);
  if (source.line !== undefined) throw unsure;
  return root;
}

/** The map or list whose entries begin in this column. */
function block(source: QuickSource, indent: number): YamlNode {
  source.depth += 1;
  if (source.depth > limits.quickDepth) throw unsure;
  const { line } = source;
  const node =
    line !== undefined && isItem(source.text, line)
      ? blockSequence(source, indent)
      : blockMap(source, indent);
  source.depth -= 1;
  return node;
}

function isItem(text: string, line: Line): boolean {
  if (text[line.start] !== '-') return false;
  return line.start + 1 === line.end || text[line.start + 1] === ' ';
}

function blockMap(source: QuickSource, indent: number): MapNode {
  const { text } = source;
  const list = entryList();
  const { entries } = list;
  const start = source.line?.start ?? 0;
  for (let { line } = source; line?.indent === indent; line = source.line) {
    if (entries.length > 0 && isItem(text, line)) throw unsure;
    const key = keyAt(text, line);
    if (key === undefined || key.value === '__proto__') throw unsure;
    const value = valueAfter(source, line, key.colon + 1, key.end);
    const entry = { key: key.value, keyStart: line.start, keyEnd: key.end, value };
    addEntry(list, entry, source.problems);
  }
  if (source.line !== undefined && source.line.indent > indent) throw unsure;
  return { kind: 'map', entries, start, end: entries.at(-1)?.value.end ?? start };
}

interface Key {
  readonly value: string;
  readonly end: number;
  readonly colon: number;
}

/** Keys beyond this many characters are an error in YAML. */
const longestKey = 1000;

function keyAt(text: string, line: Line): Key | undefined {
  const { start, end } = line;
  if (text[start] === '"' || text[start] === "'") {
    const quoted = quotedScalar(text, start, end);
    const colon = skipSpaces(text, quoted.end, end);
    return isColon(text, colon, end) && quoted.end - start < longestKey
      ? { value: quoted.value, end: quoted.end, colon }
      : undefined;
  }
  if (!canBeginPlain(text, start)) throw unsure;
  const colon = plainKeyEnd(text, start, end);
  if (colon === undefined) return undefined;
  let keyEnd = colon;
  while (text[keyEnd - 1] === ' ') keyEnd -= 1;
  const { value } = plainScalar(text, start, keyEnd);
  // Numbers and truth values as keys, and `<<`, are for the library.
  if (typeof value !== 'string' || value === '<<' || keyEnd - start >= longestKey) throw unsure;
  return { value, end: keyEnd, colon };
}

function plainKeyEnd(text: string, start: number, end: number): number | undefined {
  // The search of the engine, because a loop of ours runs cold at every start of a command.
  let colon = text.indexOf(':', start);
  while (colon !== -1 && colon < end && !isColon(text, colon, end)) {
    colon = text.indexOf(':', colon + 1);
  }
  if (colon === -1 || colon >= end) return undefined;
  return text.slice(start, colon).includes(' #') ? undefined : colon;
}

function isColon(text: string, at: number, end: number): boolean {
  return at < end && text[at] === ':' && (at + 1 === end || text[at + 1] === ' ');
}

/** What stands behind `key:` or `-`: on the rest of the line, or on the deeper lines below. */
function valueAfter(source: QuickSource, line: Line, offset: number, emptyAt: number): YamlNode {
  countNode(source);
  if (isRestEmpty(source.text, offset, line.end)) {
    nextLine(source);
    const below = source.line;
    if (below === undefined) return nothing(emptyAt);
    if (below.indent > line.indent) return block(source, below.indent);
    // A list may stand in the column of its key.
    const isList = below.indent === line.indent && isItem(source.text, below);
    return isList && !isItem(source.text, line) ? block(source, below.indent) : nothing(emptyAt);
  }
  const value = inlineValue(source, skipSpaces(source.text, offset, line.end), line.end);
  nextLine(source);
  // A deeper line would continue the value, or be an error.
  if (source.line !== undefined && source.line.indent > line.indent) throw unsure;
  return value;
}

function countNode(source: QuickSource): void {
  source.nodes += 1;
  if (source.nodes > limits.quickNodes) throw unsure;
}

function nothing(at: number): ScalarNode {
  return { kind: 'scalar', value: null, start: at, end: at };
}

function inlineValue(source: QuickSource, at: number, end: number): YamlNode {
  const { text } = source;
  const first = text[at];
  const isFlow = first === '[' || first === '{';
  if (!isFlow && first !== '"' && first !== "'") return plainToEnd(text, at, end);
  const value = isFlow ? flowCollection(source, at, end) : quotedScalar(text, at, end);
  if (!isRestEmpty(text, value.end, end)) throw unsure;
  return value;
}

function plainToEnd(text: string, at: number, end: number): ScalarNode {
  if (!canBeginPlain(text, at)) throw unsure;
  // Of the line alone: a search through the whole text at each value would take minutes.
  const rest = text.slice(at, end);
  const comment = rest.indexOf(' #');
  const written = withoutEndSpaces(comment === -1 ? rest : rest.slice(0, comment));
  if (written.endsWith(':') || written.includes(': ')) throw unsure;
  return plainScalar(text, at, at + written.length);
}

/** Spaces alone: other blanks are part of a text. */
function withoutEndSpaces(text: string): string {
  return text.endsWith(' ') ? text.replace(/ +$/, '') : text;
}

function blockSequence(source: QuickSource, indent: number): SequenceNode {
  const { text } = source;
  const items: YamlNode[] = [];
  const start = source.line?.start ?? 0;
  for (let { line } = source; line?.indent === indent && isItem(text, line); line = source.line) {
    items.push(sequenceItem(source, line));
  }
  if (source.line !== undefined && source.line.indent > indent) throw unsure;
  return { kind: 'sequence', items, start, end: items.at(-1)?.end ?? start };
}

/** `- key: value` and `- - x` begin a map or list in the column of what follows the dash. */
function sequenceItem(source: QuickSource, line: Line): YamlNode {
  const { text } = source;
  const at = skipSpaces(text, line.start + 1, line.end);
  const inner = { indent: line.indent + at - line.start, start: at, end: line.end };
  const isEmpty = isRestEmpty(text, line.start + 1, line.end);
  if (isEmpty || !(isItem(text, inner) || beginsMap(text, inner))) {
    return valueAfter(source, line, line.start + 1, line.start + 1);
  }
  countNode(source);
  source.line = inner;
  return block(source, inner.indent);
}

function beginsMap(text: string, line: Line): boolean {
  if (text[line.start] === '{' || text[line.start] === '[') return false;
  return keyAt(text, line) !== undefined;
}
