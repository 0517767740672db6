/** What the disk says about a path that a calendar names, inside the project root. */
export type CalendarFile =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' | 'outside-root' | 'too-large' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Of days off a few kilobytes are usual. Larger files would hold up a daemon that reads them. */
export const largestCalendarFileBytes = 512 * 1024;
