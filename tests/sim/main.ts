import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
  },
});

/** Runs seeds one after the other; exits 1 at the first whose ledger does not add up. */
async function main(): Promise<number> {
  const from = Number(values.from);
  const seeds = Number(values.seeds);
  const started = process.cpuUsage();
  let runs = 0;
  let failed = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await runSeed(seed, values.trace ? (line) => console.log(line) : undefined);
    runs += result.runs;
    if (result.violations.length === 0) continue;
    failed += 1;
    console.log(
      `seed ${seed} (event log ${result.hash}) breaks ${result.violations.length} promises:`,
    );
    for (const violation of result.violations.slice(0, 12)) console.log(`  ${violation}`);
    console.log(`replay: node tests/sim/main.ts --seeds 1 --from ${seed} --trace`);
    if (!values['keep-going']) break;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  const rate = Math.round((seeds / seconds) * 60);
  console.log(
    failed > 0
      ? `${failed} of ${seeds} seeds from ${from} failed`
      : `${seeds} seeds from ${from}: ${runs} attempts, all accounted for; ${seconds.toFixed(1)} s of one core, ${rate} seeds a minute`,
  );
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
