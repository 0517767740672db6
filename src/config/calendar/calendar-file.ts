/** What the disk says about a path that a calendar names, inside the project root. */
export type CalendarFile =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' | 'outside-root' | 'too-large' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file of events is a few kilobytes; larger ones are exports of somebody's whole life. */
export const largestCalendarFileBytes = 1024 * 1024;
