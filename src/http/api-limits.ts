/** The largest request body the door takes. */
export const bodyLimitBytes = 8 * 1024 * 1024;

/** One long poll holds its connection no longer than this; the asking side asks again. */
export const longestPollMs = 25_000;
