import { shortened } from './shortened.ts';
import { laterNames, placesOfAbbreviations, singleNames } from './timezone-names.ts';
import { zoneReader } from './zone-reader.ts';

export type TimezoneResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly message: string; readonly help: string };

/**
 * An IANA zone name in its proper case, aliases kept as written. Bare abbreviations (`EST`,
 * `CET`) and offsets are refused although engines know some: they name no place, several name
 * two, and most of them stand still when the clocks of the place change.
 */
export function checkTimezone(written: unknown): TimezoneResult {
  if (typeof written !== 'string')
    return refused('the time zone is not a text', 'Write an IANA name like `Europe/Athens`.');
  const known = checked.get(written);
  if (known !== undefined) return known;
  const result = check(written);
  if (checked.size < 10_000) checked.set(written, result);
  return result;
}

const checked = new Map<string, TimezoneResult>([['UTC', { ok: true, name: 'UTC' }]]);

function check(written: string): TimezoneResult {
  if (written.trim() === '')
    return refused('the time zone is empty', 'Write an IANA name like `Europe/Athens`, or `UTC`.');
  if (/^(UTC|GMT)?\s*[+-]\d/i.test(written) && !singleNames.has(written.toLowerCase()))
    return refused(
      `"${shortened(written)}" is an offset, not a time zone`,
      `Name a place, like \`Europe/Athens\`${fixedZoneHint(written)}.`,
    );
  const place = placesOfAbbreviations[written.toUpperCase()];
  if (place !== undefined)
    return refused(
      `"${written}" is an abbreviation, not a time zone`,
      `Name a place whose clocks it should follow: did you mean \`${place}\`?`,
    );
  const name = properName(written);
  if (name !== undefined) return { ok: true, name };
  return refused(`unknown time zone "${shortened(written)}"`, suggestion(written));
}

function properName(written: string): string | undefined {
  if (written.length > 64 || !/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(written)) return undefined;
  if (!written.includes('/') && !singleNames.has(written.toLowerCase())) return undefined;
  return zoneReader.properName(written);
}

/** `UTC+2` is `Etc/GMT-2`: the sign of those zones is that of POSIX, turned round. */
function fixedZoneHint(written: string): string {
  const match = /([+-])0?(\d{1,2})(:?00)?$/.exec(written);
  if (match === null || Number(match[2]) > 12) return '';
  if (Number(match[2]) === 0) return ', or `UTC`';
  return `, or \`Etc/GMT${match[1] === '+' ? '-' : '+'}${match[2]}\` for one that never changes`;
}

function suggestion(written: string): string {
  const wanted = written.trim().toLowerCase().replace(/\s+/g, '_');
  const place = `/${wanted.slice(wanted.lastIndexOf('/') + 1)}`;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  knownZones ??= [...Intl.supportedValuesOf('timeZone'), ...laterNames].map(withLower);
  for (const { name, lower } of knownZones) {
    // A city without its continent is the commonest mistake, one in the wrong continent the next.
    const distance = lower.endsWith(place) ? 0 : editDistance(wanted, lower, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best === undefined
    ? 'Write an IANA name like `Europe/Athens`, or `UTC`.'
    : `Did you mean \`${best}\`?`;
}

/** Made at the first mistake; a file may have thousands of them. */
let knownZones: readonly { readonly name: string; readonly lower: string }[] | undefined;

function withLower(name: string) {
  return { name, lower: name.toLowerCase() };
}

/** Levenshtein's distance, or `limit` when it is not below that. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let previous: number[] = [];
  for (let column = 0; column <= to.length; column++) previous.push(column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    let lowest = row;
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const cell = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      current.push(cell);
      if (cell < lowest) lowest = cell;
    }
    // Distances never get smaller from row to row.
    if (lowest >= limit) return limit;
    previous = current;
  }
  return Math.min(limit, previous[to.length] ?? limit);
}

function refused(message: string, help: string): TimezoneResult {
  return { ok: false, message, help };
}
