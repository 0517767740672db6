/** A random source that gives the same numbers for the same seed (mulberry32). */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const weekdays = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** A random expression of the whole dialect, without `H` and macros. May name no date at all. */
export function randomCron(random: Random): string {
  const fields = [
    randomField(random, 0, 59),
    randomField(random, 0, 23),
    random(3) === 0 ? randomDayField(random) : '*',
    random(5) === 0 ? randomField(random, 1, 12, months) : '*',
    random(3) === 0 ? randomWeekdayField(random) : random(9) === 0 ? '?' : '*',
  ];
  if (random(6) === 0) fields.unshift(randomField(random, 0, 59));
  const text = fields.join(random(20) === 0 ? '  ' : ' ');
  return random(10) === 0 ? text.toLowerCase() : text;
}

function randomField(random: Random, min: number, max: number, names?: string[]): string {
  const kind = random(10);
  if (kind < 2) return '*';
  if (kind === 2) return `*/${1 + random(max - min + 1)}`;
  return list(random, () => randomItem(random, min, max, names));
}

function list(random: Random, item: () => string): string {
  return Array.from({ length: 1 + Math.max(0, random(7) - 3) }, item).join(',');
}

function randomItem(random: Random, min: number, max: number, names?: string[]): string {
  const from = min + random(max - min + 1);
  const kind = random(5);
  if (kind < 3) return valueText(random, from, min, names);
  const to = from + random(max - from + 1);
  const range = `${valueText(random, from, min, names)}-${valueText(random, to, min, names)}`;
  return kind === 3 ? range : `${range}/${1 + random(max - min + 1)}`;
}

function valueText(random: Random, value: number, min: number, names?: string[]): string {
  const name = names?.[value - min];
  if (name !== undefined && random(2) === 0) return name;
  return random(8) === 0 ? String(value).padStart(2, '0') : String(value);
}

function randomDayField(random: Random): string {
  if (random(6) === 0) return `*/${1 + random(31)}`;
  return list(random, () => {
    switch (random(9)) {
      case 0:
        return 'L';
      case 1:
        return `L-${1 + random(30)}`;
      case 2:
        return `${1 + random(31)}W`;
      case 3:
        return 'LW';
      default:
        return randomItem(random, 1, 31);
    }
  });
}

function randomWeekdayField(random: Random): string {
  if (random(6) === 0) return `*/${1 + random(7)}`;
  return list(random, () => {
    const day = random(8);
    const text = valueText(random, day % 7, 0, weekdays);
    switch (random(7)) {
      case 0:
        return `${text}L`;
      case 1:
        return `${text}#${1 + random(5)}`;
      case 2:
        return String(day);
      case 3:
        return 'FRI-SUN';
      case 4:
        return `${random(4)}-${4 + random(4)}`;
      default:
        return randomItem(random, 0, 6, weekdays);
    }
  });
}
