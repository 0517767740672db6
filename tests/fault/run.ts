/** `npm run fault`: the nightly form. `--kills 200 --seed 1 --longest-life 2500 --late 2000`. */
import { parseArgs } from 'node:util';
import { describeFaultRun } from './describe-fault-run.ts';
import { driveFaultRun, killsOf } from './drive-fault-run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'longest-life': { type: 'string', default: '2500' },
    late: { type: 'string', default: '2000' },
  },
});
const options = {
  seed: Number(values.seed),
  kills: Number(values.kills),
  longestLifeMs: Number(values['longest-life']),
  lateMs: Number(values.late),
};

process.stdout.write(`seed ${options.seed}, ${options.kills} kills\n`);
const result = await driveFaultRun({
  ...options,
  onLife: (log) => {
    const kills = killsOf(log);
    if (kills % 20 === 0) process.stdout.write(`${kills} kills\n`);
  },
});
process.stdout.write(`${describeFaultRun(result)}\n`);
process.exitCode = result.faults.length + result.log.surprises.length === 0 ? 0 : 1;
