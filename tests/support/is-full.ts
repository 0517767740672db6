/** Whether this is the full suite, which tries far more than the quick one. */
export const isFull = process.env.JOBSD_FULL === '1';
