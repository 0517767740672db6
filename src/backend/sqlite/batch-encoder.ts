import type { Change } from '../backend.ts';
import { checkWholeNumber } from '../check-input.ts';
import { type Batch, StepCode } from './batch.ts';
import { type RunColumn, runColumns, stateCodes, triggerCodes } from './columns.ts';
import { splitRunId } from './run-key.ts';
import type { TextKeys } from './text-keys.ts';

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;
type RunFields = ChangeOf<'update'>['fields'];

const none = Number.NaN;
const indexByField = new Map<string, number>(runColumns.map(({ field }, index) => [field, index]));

/** Gathers steps as numbers and strings until they are taken as one batch. */
export class BatchEncoder {
  private readonly texts: TextKeys;
  private numbers = new Float64Array(1024);
  private length = 0;
  private strings: string[] = [];
  private stepCount = 0;
  // Values of one record by column, to be put in order.
  private readonly values: number[] = runColumns.map(() => none);
  // The last text of each column and its number: most columns say the same in record after record.
  private readonly lastTexts: (string | undefined)[] = runColumns.map(() => undefined);
  private readonly lastKeys: number[] = runColumns.map(() => none);

  constructor(texts: TextKeys) {
    this.texts = texts;
  }

  get steps(): number {
    return this.stepCount;
  }

  /** Adds all of `changes` or, throwing JOBSD_INPUT_INVALID, none. */
  addAll(changes: readonly Change[]): void {
    const { length, stepCount } = this;
    const stringCount = this.strings.length;
    try {
      for (const change of changes) this.add(change);
    } catch (error) {
      this.length = length;
      this.stepCount = stepCount;
      this.strings.length = stringCount;
      throw error;
    }
  }

  set(key: string, value: string, expiresAt: number | undefined): void {
    this.begin(StepCode.set, 3);
    this.push(this.string(key), this.string(value), expiresAt ?? none);
  }

  delete(key: string): void {
    this.begin(StepCode.delete, 1);
    this.push(this.string(key));
  }

  increment(key: string, by: number): void {
    this.begin(StepCode.increment, 2);
    this.push(this.string(key), by);
  }

  /** What was gathered, and a fresh start. */
  take(now: number, epoch: number): Batch {
    const batch: Batch = {
      numbers: this.numbers.slice(0, this.length),
      strings: this.strings,
      texts: this.texts.takeFresh(),
      now,
      epoch,
    };
    this.clear();
    return batch;
  }

  /** Forgets the steps gathered; the texts they brought are still to be sent. */
  clear(): void {
    this.length = 0;
    this.stepCount = 0;
    this.strings = [];
  }

  private add(change: Change): void {
    switch (change.kind) {
      case 'record':
        return this.addRecord(change);
      case 'update':
        return this.addUpdate(change);
      case 'job-state':
        return this.addJobState(change);
      case 'forget-job':
        this.begin(StepCode.forgetJob, 1);
        return this.push(this.texts.keyOf(change.job));
      case 'rename-job':
        this.begin(StepCode.renameJob, 2);
        return this.push(this.texts.keyOf(change.from), this.texts.keyOf(change.to));
      case 'definition':
        this.begin(StepCode.definition, 2);
        return this.push(this.texts.keyOf(change.key), this.string(change.json));
      case 'log':
        this.begin(StepCode.log, 3);
        this.pushRunKey(change.id);
        return this.push(this.string(JSON.stringify(change.lines)));
      default:
        return change satisfies never;
    }
  }

  private addRecord({ run }: ChangeOf<'record'>): void {
    this.begin(StepCode.record, 3 + runColumns.length);
    this.pushRunKey(run.id, run.job);
    this.pushFields(run, false);
  }

  private addUpdate({ id, ifAttempt, fields }: ChangeOf<'update'>): void {
    this.begin(StepCode.update, 4 + runColumns.length);
    this.pushRunKey(id);
    this.push(ifAttempt ?? none);
    this.pushFields(fields, true);
  }

  private addJobState({ state }: ChangeOf<'job-state'>): void {
    this.begin(StepCode.jobState, 6);
    this.push(
      this.texts.keyOf(state.job),
      this.texts.keyOf(state.scheduleKey),
      wholeNumber(state.anchorAt, 'anchorAt'),
      wholeNumber(state.cursorAt, 'cursorAt'),
      wholeNumber(state.occurrences, 'occurrences'),
      state.paused === undefined ? none : this.string(JSON.stringify(state.paused)),
    );
  }

  private pushRunKey(id: string, likelyOwner?: string): void {
    const { owner, slot } = splitRunId(id, likelyOwner);
    this.push(this.texts.keyOf(owner), typeof slot === 'number' ? slot : -this.string(slot) - 1);
  }

  /** A mask of the fields that are there, then their values in the order of the columns. */
  private pushFields(fields: RunFields, clears: boolean): void {
    const { values } = this;
    let mask = 0;
    // Over the keys that are there: asking for each of twenty fields costs three times as much.
    for (const field in fields) {
      const index = indexByField.get(field);
      if (index === undefined) continue;
      const value = fields[field as keyof RunFields];
      if (value !== undefined) values[index] = this.encode(index, value);
      else if (clears) values[index] = none;
      else continue;
      mask |= 1 << index;
    }
    this.numbers[this.length++] = mask;
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      this.numbers[this.length++] = values[31 - Math.clz32(rest & -rest)] as number;
    }
  }

  private encode(index: number, value: NonNullable<RunFields[RunColumn['field']]>): number {
    const column = runColumns[index] as RunColumn;
    switch (column.kind) {
      case 'number':
        return wholeNumber(value, column.field);
      case 'key':
        return this.keyInColumn(index, value as string);
      case 'text':
        return this.string(value as string);
      case 'json':
        return this.string(JSON.stringify(value));
      case 'state':
        return stateCodes[value as keyof typeof stateCodes];
      case 'trigger':
        return triggerCodes[value as keyof typeof triggerCodes];
      default:
        return column.kind satisfies never;
    }
  }

  private keyInColumn(index: number, text: string): number {
    if (this.lastTexts[index] !== text) {
      this.lastTexts[index] = text;
      this.lastKeys[index] = this.texts.keyOf(text);
    }
    return this.lastKeys[index] as number;
  }

  private string(text: string): number {
    return this.strings.push(text) - 1;
  }

  private begin(code: number, room: number): void {
    if (this.length + room + 1 > this.numbers.length) {
      const larger = new Float64Array((this.length + room + 1) * 2);
      larger.set(this.numbers.subarray(0, this.length));
      this.numbers = larger;
    }
    this.stepCount += 1;
    this.numbers[this.length++] = code;
  }

  private push(...values: readonly number[]): void {
    for (const value of values) this.numbers[this.length++] = value;
  }
}

function wholeNumber(value: unknown, field: string): number {
  checkWholeNumber(field, value);
  return value as number;
}
