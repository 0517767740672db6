import { createHash } from 'node:crypto';

/** All that happens in a simulated world, line by line; its hash tells whether two runs are the same. */
export class EventLog {
  private readonly hash = createHash('sha256');
  private readonly onLine: ((line: string) => void) | undefined;
  private pending: string[] = [];
  private digest: string | undefined;

  constructor(onLine?: (line: string) => void) {
    this.onLine = onLine;
  }

  add(line: string): void {
    this.onLine?.(line);
    if (this.pending.push(line) >= 500) this.flush();
  }

  /** Closes the log. */
  end(): string {
    this.flush();
    this.digest ??= this.hash.digest('hex').slice(0, 16);
    return this.digest;
  }

  private flush(): void {
    // All of it is ASCII; in this encoding nothing is converted.
    if (this.pending.length > 0) this.hash.update(`${this.pending.join('\n')}\n`, 'latin1');
    this.pending = [];
  }
}
