/** What is in the state file cannot be what was written. Becomes JOBSD_BACKEND_CORRUPT. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
}
