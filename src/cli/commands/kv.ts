import type { Command } from 'commander';
import { readCount } from '../arguments/read-count.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { openLedger } from '../open-ledger.ts';
import { examples } from '../view/examples.ts';

interface ListOptions {
  readonly limit: number;
}

export function define(command: Command, act: Act): void {
  command
    .argument('[key]', 'short for "get"; without a key short for "list"')
    .addHelpText(
      'after',
      examples(
        ['jobsd kv get newest.data', 'the value, as it is'],
        ['jobsd kv list sync.', 'the keys that begin like this'],
        ['jobsd kv', 'all keys'],
      ),
    )
    .action((key: string | undefined) =>
      act((context) =>
        key === undefined ? kvList(context, '', defaultLimit) : kvGet(context, key),
      ),
    );
  command
    .command('get')
    .summary('print the value of a key')
    .description('Print the value of a key. Exit code 4 when it has none.')
    .argument('<key>')
    .action((key: string) => act((context) => kvGet(context, key)));
  command
    .command('list')
    .summary('list the keys')
    .description('List the keys, in order.')
    .argument('[prefix]', 'only keys that begin like this', '')
    .option('--limit <count>', 'how many at most', readCount(1, mostKeys), defaultLimit)
    .action((prefix: string, options: ListOptions) =>
      act((context) => kvList(context, prefix, options.limit)),
    );
}

const mostKeys = 1000;
const defaultLimit = 500;

export async function kvGet(context: CommandContext, key: string): Promise<ExitCode> {
  const ledger = await openLedger(context);
  try {
    const value = await ledger.keyValue(key);
    if (context.format === 'json') context.printJson({ key, value: value ?? null });
    else if (value !== undefined) context.print(value);
    if (value !== undefined) return 0;
    context.note(`"${key}" has no value. See: jobsd kv list`);
    return 4;
  } finally {
    await ledger.close();
  }
}

export async function kvList(
  context: CommandContext,
  prefix: string,
  limit: number,
): Promise<ExitCode> {
  const ledger = await openLedger(context);
  try {
    // One more than asked for, to know whether there are more.
    const keys = await ledger.keys(prefix, Math.min(limit + 1, mostKeys));
    const shown = keys.slice(0, limit);
    if (context.format === 'json') context.printJson({ keys: shown });
    else for (const key of shown) context.print(key);
    if (keys.length > limit) context.note('There are more: raise --limit or give a longer prefix.');
    if (keys.length === 0) context.note('No keys.');
    return 0;
  } finally {
    await ledger.close();
  }
}
