/** As `Promise.all`, but rejects only when each has come to its end: none goes on behind the failure. */
export async function allDone(parts: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(parts);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
