/**
 * Does the work bound by permissions. They do not bind root, as whom containers run tests: then it
 * is done as nobody.
 */
export async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
