/** The sum of a whole number's text and `by`, or why there is none. */
export function addToText(text: string, by: number): number | string {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) return 'The value is not a whole number.';
  const sum = value + by;
  return Number.isSafeInteger(sum) ? sum : 'The sum is beyond 2^53 - 1.';
}
