import type { Batch } from './batch.ts';

/** Reads a batch's numbers one after another, and the texts they point to. */
export class BatchCursor {
  private readonly batch: Batch;
  private at = 0;

  constructor(batch: Batch) {
    this.batch = batch;
  }

  get isAtEnd(): boolean {
    return this.at >= this.batch.numbers.length;
  }

  /** The number `offset` places ahead. */
  peek(offset = 0): number {
    return this.batch.numbers[this.at + offset] as number;
  }

  next(): number {
    return this.batch.numbers[this.at++] as number;
  }

  nextOrNull(): number | null {
    const value = this.next();
    return Number.isNaN(value) ? null : value;
  }

  nextString(): string | null {
    const index = this.next();
    return Number.isNaN(index) ? null : (this.batch.strings[index] as string);
  }

  nextSlot(): number | string {
    const slot = this.next();
    return slot >= 0 ? slot : (this.batch.strings[-slot - 1] as string);
  }

  /** Whether `count` steps from here, each `length` long, agree in their code and at `offset`. */
  areAlike(count: number, length: number, offset: number): boolean {
    const { numbers } = this.batch;
    if (this.at + count * length > numbers.length) return false;
    for (let step = 1; step < count; step += 1) {
      const at = this.at + step * length;
      if (numbers[at] !== numbers[this.at]) return false;
      if (numbers[at + offset] !== numbers[this.at + offset]) return false;
    }
    return true;
  }
}
