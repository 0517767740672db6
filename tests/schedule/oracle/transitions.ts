/** The epoch seconds at which a zone's offset changes, from 1970 to 2100. */
export function transitionsOf(zone: string): number[] {
  const found: number[] = [];
  const end = Date.UTC(2101, 0, 1);
  let next = Temporal.Instant.fromEpochMilliseconds(0)
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next');
  while (next !== null && next.epochMilliseconds < end) {
    found.push(next.epochMilliseconds / 1000);
    next = next.getTimeZoneTransition('next');
  }
  return found;
}
