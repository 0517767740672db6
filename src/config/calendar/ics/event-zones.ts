import { checkTimezone } from '../../../schedule/timezone.ts';
import { componentsOf, firstValueOf, type JcalComponent } from './jcal.ts';

/** Finds the IANA zone that a `TZID` means, or none. */
export type ZoneFinder = (tzid: string) => string | undefined;

/**
 * Zones by their names: IANA ones, those with a prefix (`/mozilla.org/20050126_1/Europe/Berlin`),
 * and those whose `VTIMEZONE` says which place it is for (`X-LIC-LOCATION`). The rules in a
 * `VTIMEZONE` are not read: those of the IANA zone hold, as for everything else.
 */
export function zoneFinder(calendars: readonly JcalComponent[]): ZoneFinder {
  const places = new Map<string, string>();
  for (const zone of calendars.flatMap((calendar) => componentsOf(calendar, 'vtimezone'))) {
    places.set(
      String(firstValueOf(zone, 'tzid')),
      String(firstValueOf(zone, 'x-lic-location') ?? ''),
    );
  }
  return (tzid) => {
    const names = [tzid, places.get(tzid) ?? '', tzid.split('/').slice(-2).join('/')];
    for (const name of names) {
      const result = checkTimezone(name);
      if (result.ok) return result.name;
    }
    return undefined;
  };
}
