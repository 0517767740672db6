import type { RunId, RunRecord } from '../../dispatch/run.ts';
import { type Cell, runChecksumOf } from './checksum.ts';
import { type RunColumn, runColumns, stateNames, triggerNames } from './columns.ts';
import { DamagedState } from './damaged-state.ts';
import { joinRunId } from './run-key.ts';
import type { TextReader } from './text-reader.ts';

/** The columns to select for `decodeRun`, in its order. */
export const runRowColumns = `seq, checksum, owner, slot, ${runColumns.map(({ name }) => name).join(', ')}`;

const firstFieldAt = 4;

export type RunRow = readonly Cell[];

export function decodeRun(row: RunRow, texts: TextReader): RunRecord {
  const record: Record<string, unknown> = { id: decodeRunId(row, texts) };
  for (let index = 0; index < runColumns.length; index += 1) {
    const cell = row[firstFieldAt + index] ?? null;
    const column = runColumns[index] as RunColumn;
    if (cell !== null) record[column.field] = decodeCell(column, cell, texts);
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
      return parseJson(cell);
    case 'state':
      return stateNames[cell as number] ?? damaged('state', cell);
    case 'trigger':
      return triggerNames[cell as number] ?? damaged('trigger', cell);
    case 'number':
    case 'text':
      return cell;
    default:
      return kind satisfies never;
  }
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
  throw new DamagedState(`There is no ${what} ${cell}.`);
}
