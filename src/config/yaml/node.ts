import type { JsonValue } from '../snapshot.ts';

/** A YAML document as values with their stretches of the text (UTF-16 units, end exclusive). */
export type YamlNode = ScalarNode | MapNode | SequenceNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  /** With the quotes. */
  readonly start: number;
  readonly end: number;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly start: number;
  readonly end: number;
}

export interface MapEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: YamlNode;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
  readonly start: number;
  readonly end: number;
}

/**
 * The plain value of a tree. Nodes that aliases share become one shared value, so that a file with
 * many aliases costs no more than its text.
 */
export function toJsonValue(node: YamlNode, shared = new Map<YamlNode, JsonValue>()): JsonValue {
  if (node.kind === 'scalar') return node.value;
  const known = shared.get(node);
  if (known !== undefined) return known;
  const value =
    node.kind === 'sequence'
      ? node.items.map((item) => toJsonValue(item, shared))
      : mapValue(node, shared);
  shared.set(node, value);
  return value;
}

function mapValue(node: MapNode, shared: Map<YamlNode, JsonValue>): JsonValue {
  const value: Record<string, JsonValue> = {};
  for (const entry of node.entries) value[entry.key] = toJsonValue(entry.value, shared);
  return value;
}
