/** Stands for all that found no place of its own. No job and no service can have this name. */
export const otherLabel = '(other)';

/**
 * A value for each label, for so many labels; what comes later shares the value of `(other)`. Every
 * label is a time series in whoever scrapes, and the names of jobs may be a million.
 */
export class BoundedLabels<Value> {
  readonly #values = new Map<string, Value>();
  readonly #limit: number;
  readonly #create: () => Value;

  constructor(limit: number, create: () => Value) {
    this.#limit = limit;
    this.#create = create;
  }

  of(label: string): Value {
    return this.#values.get(label) ?? this.#admit(label);
  }

  /** Forgets the labels that are not in use any more: that makes room for new ones. */
  retain(isInUse: (label: string) => boolean): void {
    for (const label of this.#values.keys()) {
      if (label !== otherLabel && !isInUse(label)) this.#values.delete(label);
    }
  }

  get isFull(): boolean {
    return this.#values.size >= this.#limit;
  }

  has(label: string): boolean {
    return this.#values.has(label);
  }

  entries(): Iterable<[label: string, value: Value]> {
    return this.#values.entries();
  }

  #admit(label: string): Value {
    if (this.isFull && label !== otherLabel) return this.of(otherLabel);
    const value = this.#create();
    this.#values.set(label, value);
    return value;
  }
}
