import cronstrue from 'cronstrue';

const around = {
  second: (text: string) => `${text} * * * * *`,
  minute: (text: string) => `0 ${text} * * * *`,
  day: (text: string) => `0 0 0 ${text} * *`,
  month: (text: string) => `0 0 0 * ${text} *`,
  weekday: (text: string) => `0 0 0 * * ${text}`,
} as const;

/**
 * One field of an expression in English, by cronstrue: `Every 5 minutes`, `on the last day of the
 * month`, `only in January`. It gets one field at a time, with every other one left open: what
 * joins fields is where it goes wrong (an "or" told as "and", `between 09:00 and 09:00`).
 */
export function fieldPhrase(field: keyof typeof around, text: string): string {
  const sentence = cronstrue.toString(around[field](text), {
    use24HourTimeFormat: true,
    throwExceptionOnParseError: true,
  });
  return sentence
    .replace(/^At 00:00, /, '')
    .replace(/, and /g, ' and ')
    .replace('weekday nearest day', 'weekday nearest to day');
}
