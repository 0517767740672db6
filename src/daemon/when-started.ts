import type { Control } from './control.ts';

type Call = (...asked: unknown[]) => unknown;

/**
 * The same control, of which all but `status` waits for the start to be over. A run that began while
 * the ledger is still read would be taken for one of an earlier life, and tried again beside itself;
 * a reload would be put in force before what it replaces.
 */
export function whenStarted(control: Control, started: Promise<void>): Control {
  const calls = Object.entries(control as unknown as Record<string, Call>).map(([name, call]) => {
    const later: Call = async (...asked) => {
      await started;
      return call(...asked);
    };
    return [name, name === 'status' ? call : later];
  });
  return Object.fromEntries(calls) as Control;
}
