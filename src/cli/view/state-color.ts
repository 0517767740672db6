import type { RunState } from '../../dispatch/run.ts';
import type { Color } from '../../telemetry/paint.ts';

const colors: Readonly<Record<RunState, Color>> = {
  waiting: 'dim',
  running: 'blue',
  retrying: 'yellow',
  succeeded: 'green',
  failed: 'red',
  'timed-out': 'red',
  cancelled: 'yellow',
  lost: 'red',
  skipped: 'yellow',
  missed: 'yellow',
};

export function stateColor(state: string): Color {
  return Object.hasOwn(colors, state) ? colors[state as RunState] : 'dim';
}
