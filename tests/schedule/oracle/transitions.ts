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

/** Half hours, 45 minutes, gaps at midnight, days left out, several changes a year, none at all. */
export const oddZones: readonly string[] = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Antarctica/Troll',
  'Africa/Cairo',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/St_Johns',
  'Asia/Tehran',
  'America/Caracas',
  'Asia/Pyongyang',
  'Asia/Gaza',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Europe/Dublin',
  'Pacific/Kwajalein',
  'UTC',
];
