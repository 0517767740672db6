import { addEntry, entryList } from './entry-list.ts';
import { limits } from './limits.ts';
import type { MapNode, SequenceNode, YamlNode } from './node.ts';
import { canBeginPlain, plainScalar, quotedScalar } from './quick-scalar.ts';
import { type QuickSource, skipSpaces, unsure } from './quick-source.ts';

/** `[...]` or `{...}` that ends on the line it begins on. */
export function flowCollection(source: QuickSource, start: number, end: number): YamlNode {
  source.depth += 1;
  if (source.depth > limits.quickDepth) throw unsure;
  const node =
    source.text[start] === '[' ? flowSequence(source, start, end) : flowMap(source, start, end);
  source.depth -= 1;
  return node;
}

function flowSequence(source: QuickSource, start: number, end: number): SequenceNode {
  const { text } = source;
  const items: YamlNode[] = [];
  let at = skipSpaces(text, start + 1, end);
  while (text[at] !== ']') {
    const item = flowValue(source, at, end);
    items.push(item);
    at = afterItem(text, item.end, end, ']');
  }
  return { kind: 'sequence', items, start, end: at + 1 };
}

function flowMap(source: QuickSource, start: number, end: number): MapNode {
  const { text } = source;
  const list = entryList();
  let at = skipSpaces(text, start + 1, end);
  while (text[at] !== '}') {
    const key = flowScalar(text, at, end);
    const colon = skipSpaces(text, key.end, end);
    // `{a:1}` is one text; only after quotes may the value follow at once.
    const needsSpace = text[at] !== '"' && text[at] !== "'";
    if (text[colon] !== ':' || (needsSpace && text[colon + 1] !== ' ')) throw unsure;
    if (typeof key.value !== 'string' || key.value === '__proto__') throw unsure;
    if (needsSpace && key.value === '<<') throw unsure;
    const value = flowValue(source, skipSpaces(text, colon + 1, end), end);
    const entry = { key: key.value, keyStart: key.start, keyEnd: key.end, value };
    addEntry(list, entry, source.problems);
    at = afterItem(text, value.end, end, '}');
  }
  return { kind: 'map', entries: list.entries, start, end: at + 1 };
}

/** The next item, or the closing bracket. */
function afterItem(text: string, offset: number, end: number, closer: string): number {
  const at = skipSpaces(text, offset, end);
  if (at >= end) throw unsure;
  if (text[at] === closer) return at;
  if (text[at] !== ',') throw unsure;
  return skipSpaces(text, at + 1, end);
}

function flowValue(source: QuickSource, at: number, end: number): YamlNode {
  source.nodes += 1;
  if (source.nodes > limits.quickNodes) throw unsure;
  const first = source.text[at];
  if (first === '[' || first === '{') return flowCollection(source, at, end);
  return flowScalar(source.text, at, end);
}

function flowScalar(text: string, at: number, end: number) {
  if (at >= end) throw unsure;
  if (text[at] === '"' || text[at] === "'") return quotedScalar(text, at, end);
  if (!canBeginPlain(text, at)) throw unsure;
  let stop = at;
  while (stop < end && !endsPlain(text, stop)) stop += 1;
  let last = stop;
  while (text[last - 1] === ' ') last -= 1;
  if (last === at) throw unsure;
  return plainScalar(text, at, last);
}

function endsPlain(text: string, at: number): boolean {
  switch (text[at]) {
    case ',':
    case '[':
    case ']':
    case '{':
    case '}':
      return true;
    case ':':
      return isBlankOrIndicator(text[at + 1]);
    case '#':
      if (text[at - 1] === ' ') throw unsure;
      return false;
    default:
      return false;
  }
}

function isBlankOrIndicator(character: string | undefined): boolean {
  return character === undefined || /[\s,[\]{}]/.test(character);
}
