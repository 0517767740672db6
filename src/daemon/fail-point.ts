/**
 * Places at which the fault runs end the process as a power cut would: each lies between two steps
 * of a run's line. Armed by `JOBSD_FAIL_POINT=name:n` (the n-th time it is passed), else nothing.
 */
export const failPoints = [
  'recovered',
  'taken-up',
  'commit-sent',
  'commit-durable',
  'before-hand-over',
  'handed-over',
  'end-received',
  'settled',
  'before-reload',
  'reloaded',
  'stopping',
] as const;

export type FailPoint = (typeof failPoints)[number];

let armedName: FailPoint | undefined;
let remaining = 0;

/** Arms the point that `spec` names. Throws `RangeError` for a name or a number that is none. */
export function armFailPoint(spec: string): void {
  const [name, count = '1'] = spec.split(':');
  const known = failPoints.find((point) => point === name);
  const times = Number(count);
  if (!known || !Number.isSafeInteger(times) || times < 1) {
    throw new RangeError(
      `JOBSD_FAIL_POINT: "${spec}" is not name:n with a name of ${failPoints.join(', ')}`,
    );
  }
  armedName = known;
  remaining = times;
}

export function failPoint(name: FailPoint): void {
  if (name !== armedName) return;
  remaining -= 1;
  if (remaining === 0) process.kill(process.pid, 'SIGKILL');
}
