import Type, { type TSchema } from 'typebox';
import { namePattern } from './name-pattern.ts';

/** A map from names to declarations of one kind. */
export function mapByName<Declaration extends TSchema>(
  declaration: Declaration,
  annotations: { description: string; examples: unknown[] },
) {
  return Type.Record(Type.String(), declaration, {
    propertyNames: { pattern: namePattern },
    ...annotations,
  });
}

export function nameOf(kind: string, examples: string[]) {
  return Type.String({ minLength: 1, description: `The name of a declared ${kind}.`, examples });
}
