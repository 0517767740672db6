import { InvalidArgumentError } from 'commander';

/** A parser for an option that takes a whole number within bounds. */
export function readCount(least: number, most: number): (written: string) => number {
  return (written) => {
    const count = Number(written);
    if (/^\d+$/.test(written) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };
}
