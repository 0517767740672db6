import Type, { type Static, type TSchema, type TUnsafe } from 'typebox';

/** A use of a shared definition (`$defs`), with its own description beside the reference. */
export function use<Definition extends TSchema>(
  id: string,
  _definition: Definition,
  annotations: Annotations,
): TUnsafe<Static<Definition>> {
  return Type.Unsafe<Static<Definition>>({ $ref: `#/$defs/${id}`, ...annotations });
}

/** What an editor shows about a key. `default` only where the program fills it in. */
export interface Annotations {
  readonly description: string;
  readonly examples: readonly unknown[];
  readonly default?: unknown;
}

/** A closed map: a key that is not listed is a mistake, never ignored. */
export const closed = { additionalProperties: false } as const;
