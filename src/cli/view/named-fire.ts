import type { LocalTime } from '../../schedule/local-time.ts';
import { clockText, dateText } from '../../schedule/words/local-text.ts';
import type { Fire } from '../upcoming-fires.ts';
import { localIso } from './times.ts';

/** Why a job will not fire although its schedule says so. */
export type Silence = 'disabled' | 'paused';

/** A fire with whose it is. */
export interface NamedFire extends Fire {
  /** Empty for an expression without a job. */
  readonly job: string;
  /** The zone the schedule is in. */
  readonly scheduleZone: string;
  /** The zone the time is shown in. */
  readonly timezone: string;
  readonly silence?: Silence;
  /** It counts from now, and will count from when a daemon first sees the job. */
  readonly isGuess?: boolean;
}

/** The fires in the order of time. */
export function inOrder(fires: readonly NamedFire[]): readonly NamedFire[] {
  return [...fires].sort((a, b) => a.nominalAt - b.nominalAt || (a.job < b.job ? -1 : 1));
}

const effectNames = { moved: 'moved', first: 'first-of-two', second: 'second-of-two' } as const;

/** The fires as programs read them, in the order of time. What is not unusual is left out. */
export function fireViews(fires: readonly NamedFire[]) {
  return inOrder(fires).map(({ job, nominalAt, plannedAt, timezone, effect, ...fire }) => ({
    ...(job !== '' && { job }),
    nominal: new Date(nominalAt).toISOString(),
    planned: new Date(plannedAt).toISOString(),
    local: localIso(nominalAt, timezone),
    timezone,
    ...(effect !== undefined && { clockChange: effectNames[effect.kind] }),
    ...(effect?.kind === 'moved' && { movedFrom: isoLocal(effect.from) }),
    ...calendarView(fire),
    ...(plannedAt !== nominalAt && { jitterMs: plannedAt - nominalAt }),
    ...(fire.silence !== undefined && { notFiring: fire.silence }),
    ...(fire.isGuess === true && { countedFromNow: true }),
  }));
}

function calendarView({ excluded, moved }: Pick<Fire, 'excluded' | 'moved'>) {
  if (moved !== undefined) {
    return { calendar: { movedFrom: new Date(moved.from).toISOString(), reason: moved.reason } };
  }
  if (excluded === undefined) return {};
  const { reason, movedTo } = excluded;
  const target = movedTo === undefined ? {} : { movedTo: new Date(movedTo).toISOString() };
  return { calendar: { excluded: true, reason, ...target } };
}

function isoLocal(local: LocalTime): string {
  return `${dateText(local)}T${clockText(local).padEnd(8, ':00')}`;
}
