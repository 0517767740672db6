import Type from 'typebox';
import type { DurationDeclaration } from '../../schedule/schedule.ts';

const unit = (name: string) =>
  Type.Optional(Type.Integer({ minimum: 0, description: `Whole ${name}.`, examples: [1] }));

const units = {
  weeks: unit('weeks'),
  days: unit('days'),
  hours: unit('hours'),
  minutes: unit('minutes'),
  seconds: unit('seconds'),
  milliseconds: unit('milliseconds'),
};

/**
 * Text or map in one schema without `anyOf`: `pattern` looks only at text, `properties` only at
 * maps, so a mistake in either form is one error in the place where it is.
 */
export const duration = Type.Unsafe<DurationDeclaration>({
  title: 'Duration',
  type: ['string', 'object'],
  pattern: '^\\s*(?=\\d)(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?\\s*$',
  properties: units,
  additionalProperties: false,
  minProperties: 1,
  description: 'A length of time: `1w2d3h4m5s500ms` in that order, or a map of units.',
  examples: ['30s', '1h30m', { hours: 1 }],
});
