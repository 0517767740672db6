import type { LogLine, RunId, RunRecord } from '../../dispatch/run.ts';
import { type Cell, runChecksumOf } from './checksum.ts';
import { type RunColumn, runColumns, stateNames, triggerNames } from './columns.ts';
import { DamagedState } from './damaged-state.ts';
import { joinRunId } from './run-key.ts';
import type { TextReader } from './text-reader.ts';

/** The columns to select for `decodeRun`, in its order. */
export const runRowColumns = `seq, checksum, owner, slot, ${runColumns.map(({ name }) => name).join(', ')}`;

const firstFieldAt = 4;

// Finished records have no checksum, and reading must not fail in the middle of a screen: what a
// flipped byte can make of a cell is looked at here.
const required: readonly string[] = [
  'service',
  'trigger',
  'state',
  'attempt',
  'plannedAt',
  'revision',
];
const isRequired = runColumns.map(({ field }) => required.includes(field));

// https://tc39.es/ecma262/#sec-time-values-and-time-range
const mostMs = 8_640_000_000_000_000;

function isInstantOrCount(cell: unknown): boolean {
  return Number.isSafeInteger(cell) && Math.abs(cell as number) <= mostMs;
}

export type RunRow = readonly Cell[];

export function decodeRun(row: RunRow, texts: TextReader): RunRecord {
  const record: Record<string, unknown> = { id: decodeRunId(row, texts) };
  for (let index = 0; index < runColumns.length; index += 1) {
    const cell = row[firstFieldAt + index] ?? null;
    const column = runColumns[index] as RunColumn;
    if (cell !== null) record[column.field] = decodeCell(column, cell, texts);
    else if (isRequired[index]) damaged(column.name, cell);
  }
  return record as unknown as RunRecord;
}

/** As `decodeRun`, for a record that may be executed: throws `DamagedState` when a byte has changed. */
export function decodeCheckedRun(row: RunRow, texts: TextReader): RunRecord {
  const [seq, checksum, ...cells] = row;
  if (runChecksumOf(cells) !== checksum) {
    throw new DamagedState(`Record ${seq} does not match its checksum.`);
  }
  return decodeRun(row, texts);
}

function decodeRunId(row: RunRow, texts: TextReader): RunId {
  const [, , owner, slot] = row;
  return joinRunId({ owner: texts.text(owner ?? null), slot: slot as number | string });
}

function decodeCell({ kind }: RunColumn, cell: Cell, texts: TextReader): unknown {
  switch (kind) {
    case 'key':
      return texts.text(cell);
    case 'json':
      return parseObject(cell);
    case 'state':
      return stateNames[cell as number] ?? damaged('state', cell);
    case 'trigger':
      return triggerNames[cell as number] ?? damaged('trigger', cell);
    case 'number':
      return isInstantOrCount(cell) ? cell : damaged('number', cell);
    case 'text':
      return typeof cell === 'string' ? cell : damaged('text', cell);
    default:
      return kind satisfies never;
  }
}

/** What a log's row holds. */
export function parseLines(cell: unknown): LogLine[] {
  const lines = parseJson(cell);
  if (!Array.isArray(lines)) throw new DamagedState('A log is none.');
  for (const line of lines) {
    const isLine = typeof line === 'object' && typeof line?.text === 'string';
    if (!isLine || !isInstantOrCount(line.at)) throw new DamagedState('A line of a log is none.');
  }
  return lines as LogLine[];
}

function parseObject(cell: unknown): object {
  const value = parseJson(cell);
  if (typeof value === 'object' && value !== null) return value;
  throw new DamagedState('What was written as an error is none.');
}

/** A text that was written as JSON. */
export function parseJson(cell: unknown): unknown {
  try {
    return JSON.parse(cell as string);
  } catch (cause) {
    throw new DamagedState('A text that was written as JSON is none.', { cause });
  }
}

function damaged(what: string, cell: Cell): never {
  throw new DamagedState(`There is no ${what} ${String(cell).slice(0, 40)}.`);
}
