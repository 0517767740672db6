import type { Instant } from '../clock/clock.ts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID (github.com/ulid/spec): 48 bits of time, 80 random bits, in Crockford's base 32. Sorts by
 * time. `random` gives numbers in [0, 1).
 */
export function ulid(at: Instant, random: () => number): string {
  let time = '';
  for (let rest = at, digit = 0; digit < 10; digit++) {
    time = crockford.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let tail = '';
  for (let digit = 0; digit < 16; digit++) tail += crockford.charAt(Math.floor(random() * 32));
  return time + tail;
}
