import { runsOf, stepOf } from './bit-values.ts';

/** `5`, `1 and 15`, `10 to 20`, `0, 5, 10 … 55`, `8 to 10, 14 to 16 and 20`. Leaves out nothing. */
export function valueList(values: readonly number[]): string {
  const step = stepOf(values);
  if (step !== undefined && step > 1 && values.length > 5) {
    return `${values.slice(0, 3).join(', ')} … ${values.at(-1)}`;
  }
  return joinWords(runsOf(values).flatMap(([first, last]) => runTexts(first, last)));
}

function runTexts(first: number, last: number): readonly string[] {
  if (first === last) return [`${first}`];
  return last === first + 1 ? [`${first}`, `${last}`] : [`${first} to ${last}`];
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[], joint = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}
