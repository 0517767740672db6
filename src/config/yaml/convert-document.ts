import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { addEntry, entryList } from './entry-list.ts';
import { limits } from './limits.ts';
import type { MapEntry, MapNode, ScalarNode, YamlNode } from './node.ts';
import type { Stretch } from './stretch.ts';
import type { TextProblem } from './text-problem.ts';

interface Conversion {
  readonly text: string;
  readonly problems: TextProblem[];
  /** Anchors seen so far; `undefined` while the anchored node itself is being read. */
  readonly anchors: Map<string, YamlNode | undefined>;
  readonly sizes: Map<YamlNode, number>;
  /** Entries that `<<` has copied so far. */
  merged: number;
  isBomb: boolean;
}

/** The library's document as our own tree: aliases followed, `<<` merged, keys checked. */
export function convertDocument(
  text: string,
  document: Document.Parsed,
): { root?: YamlNode; problems: readonly TextProblem[] } {
  if (document.contents === null) return { problems: [] };
  const conversion: Conversion = {
    text,
    problems: [],
    anchors: new Map(),
    sizes: new Map(),
    merged: 0,
    isBomb: false,
  };
  const root = convertNode(conversion, document.contents);
  return { root, problems: conversion.problems };
}

function convertNode(conversion: Conversion, node: Node): YamlNode {
  if (isAlias(node)) return followAlias(conversion, node.source, stretchOf(node));
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (anchor !== undefined) conversion.anchors.set(anchor, undefined);
  checkTag(conversion, node);
  const converted = convertContent(conversion, node);
  conversion.sizes.set(converted, sizeOf(conversion, converted));
  if (anchor !== undefined) conversion.anchors.set(anchor, converted);
  return converted;
}

const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

/** The library knows a few more (`!!binary`, `!!set` ...), whose values JSON does not have. */
function checkTag(conversion: Conversion, node: Node): void {
  if (!('tag' in node) || node.tag === undefined || plainTags.has(node.tag)) return;
  const { start } = stretchOf(node);
  const tag = /[^\s]+\s*$/.exec(conversion.text.slice(Math.max(0, start - 100), start));
  const length = tag?.[0].length ?? 0;
  const written = tag?.[0].trimEnd() ?? '';
  conversion.problems.push({
    rule: 'yaml-tag',
    message: 'this tag stands for a value that a job cannot be given',
    start: start - length,
    end: start - length + Math.max(1, written.length),
    help: 'Remove it, and write the value as a text, a number, a list or a map.',
  });
}

function stretchOf(node: Node): Stretch {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: Math.max(end, start) };
}

function followAlias(conversion: Conversion, source: string, stretch: Stretch): YamlNode {
  const target = conversion.anchors.get(source);
  if (target !== undefined) return target;
  const message = conversion.anchors.has(source)
    ? `*${source} stands inside the value it refers to`
    : `nothing before this is called &${source}`;
  const help = `Quote it if it is a text: "*${source}".`;
  conversion.problems.push({ rule: 'yaml-alias', message, help, ...stretch });
  return { kind: 'scalar', value: null, ...stretch };
}

function convertContent(conversion: Conversion, node: Node): YamlNode {
  const stretch = stretchOf(node);
  if (isMap(node)) return convertMap(conversion, node, stretch);
  if (isSeq(node)) {
    const items = node.items.map((item) => convertNode(conversion, item as Node));
    return { kind: 'sequence', items, ...stretch };
  }
  return convertScalar(conversion, node, stretch);
}

function convertScalar(conversion: Conversion, node: Node, stretch: Stretch): ScalarNode {
  const value: unknown = isScalar(node) ? node.value : null;
  const source = conversion.text.slice(stretch.start, stretch.end);
  if (typeof value === 'number') checkNumber(conversion, value, source, stretch);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') {
    return { kind: 'scalar', value, ...stretch };
  }
  return { kind: 'scalar', value: String(value), ...stretch };
}

function checkNumber(conversion: Conversion, value: number, source: string, stretch: Stretch) {
  const problem = numberProblem(value, source);
  if (problem !== undefined) conversion.problems.push({ ...problem, ...stretch, isLocal: true });
}

/** Numbers that other readers of YAML take for another value, or that JSON has not. */
export function numberProblem(value: number, source: string) {
  if (!Number.isFinite(value)) {
    return {
      rule: 'yaml-number',
      message: `${source} is not a number that a job can be given`,
      help: `Write "${source}" in quotes if it is a text.`,
    };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(source)) {
    return {
      rule: 'yaml-number',
      message: `${source} has more digits than a number can keep`,
      note: `it would become ${value}`,
      help: `Put it in quotes: "${source}".`,
    };
  }
  if (/^[-+]?0[0-9]+$/.test(source)) {
    return {
      rule: 'yaml-number',
      message: `${source} has a leading zero`,
      note: `YAML 1.2 reads ${value}, YAML 1.1 reads octal`,
      help: `Write ${value} for the number, or "${source}" in quotes for the text.`,
    };
  }
  return undefined;
}

function convertMap(conversion: Conversion, map: YAMLMap, stretch: Stretch): MapNode {
  // Duplicates are found here, because the library compares each key of a map with all others.
  const own = entryList();
  const merged: MapEntry[] = [];
  for (const pair of map.items) {
    const key = pair.key as Node;
    const value = convertValue(conversion, pair.value as Node | null, key);
    if (isMergeKey(key)) merged.push(...mergedEntries(conversion, value, stretchOf(key)));
    else addEntry(own, { ...convertKey(conversion, key), value }, conversion.problems);
  }
  return { kind: 'map', entries: withMerged(own.entries, merged), ...stretch };
}

/** `key:` with nothing behind it has no node of its own: its place is the key's end. */
function convertValue(conversion: Conversion, value: Node | null, key: Node): YamlNode {
  if (value !== null) return convertNode(conversion, value);
  const { end } = stretchOf(key);
  return { kind: 'scalar', value: null, start: end, end };
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function mergedEntries(conversion: Conversion, value: YamlNode, key: Stretch): readonly MapEntry[] {
  const sources = value.kind === 'sequence' ? value.items : [value];
  const entries: MapEntry[] = [];
  for (const source of sources) {
    if (source.kind === 'map') copyEntries(conversion, source, entries);
    else conversion.problems.push({ ...notMergeable, ...key });
  }
  return entries;
}

function copyEntries(conversion: Conversion, source: MapNode, entries: MapEntry[]): void {
  conversion.merged += source.entries.length;
  if (conversion.merged > limits.expandedNodes) return reportBomb(conversion, source);
  for (const entry of source.entries) entries.push(entry);
}

const notMergeable = {
  rule: 'yaml-merge',
  message: '`<<` takes a map, or a list of maps, to merge',
  help: 'Give it an alias of a map: `<<: *name`.',
};

/** The map's own keys win, then those that are merged first. */
function withMerged(own: readonly MapEntry[], merged: readonly MapEntry[]): readonly MapEntry[] {
  if (merged.length === 0) return own;
  const entries = [...own];
  const keys = new Set(own.map((entry) => entry.key));
  for (const entry of merged) {
    if (keys.has(entry.key)) continue;
    keys.add(entry.key);
    entries.push(entry);
  }
  return entries;
}

function convertKey(conversion: Conversion, key: Node) {
  const stretch = stretchOf(key);
  const place = { keyStart: stretch.start, keyEnd: stretch.end };
  const target = isAlias(key) ? followAlias(conversion, key.source, stretch) : undefined;
  const value: unknown = target?.kind === 'scalar' ? target.value : isScalar(key) ? key.value : {};
  const source = conversion.text.slice(stretch.start, stretch.end);
  if (typeof value !== 'string') conversion.problems.push({ ...keyNotText(source), ...stretch });
  if (value === '__proto__') conversion.problems.push({ ...forbiddenKey, ...stretch });
  return { key: typeof value === 'string' ? value : source, ...place };
}

function keyNotText(source: string) {
  const isScalar = /^[^\s{[?&*!]{1,60}$/.test(source);
  const isTemplate = source.startsWith('{');
  const help = isScalar
    ? `Write "${source}" in quotes.`
    : isTemplate
      ? 'Put the value in quotes if it is a text; templates are not filled in.'
      : undefined;
  const message = 'a key has to be a text';
  return { rule: 'yaml-key', message, ...(help === undefined ? {} : { help }) };
}

const forbiddenKey = {
  rule: 'yaml-key',
  message: 'the key "__proto__" is not allowed',
  help: 'JavaScript gives it a meaning of its own. Use another one.',
};

/**
 * How many values the node stands for once aliases are followed. A few lines of aliases of
 * aliases stand for billions.
 */
function sizeOf(conversion: Conversion, node: YamlNode): number {
  if (node.kind === 'scalar') return 1;
  const children = node.kind === 'map' ? node.entries.map((entry) => entry.value) : node.items;
  let size = 1;
  for (const child of children) size += conversion.sizes.get(child) ?? 1;
  if (size > limits.expandedNodes) reportBomb(conversion, node);
  return Math.min(size, Number.MAX_SAFE_INTEGER);
}

function reportBomb(conversion: Conversion, node: YamlNode): void {
  if (conversion.isBomb) return;
  conversion.isBomb = true;
  conversion.problems.push({ ...aliasBomb, start: node.start, end: node.start + 1 });
}

const aliasBomb = {
  rule: 'yaml-alias-bomb',
  message: `the aliases in here stand for more than ${limits.expandedNodes} values`,
  help: 'Aliases of aliases multiply. Write the values once, or generate the files.',
};
