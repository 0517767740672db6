/** A fault put into our own code: the simulation must find it. */
export interface Mutant {
  readonly name: string;
  /** Below `src/`. */
  readonly file: string;
  /** Must be there exactly once: a mutant that no longer applies is noticed. */
  readonly find: string;
  readonly replace: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'what the ledger dropped is started all the same',
    file: 'daemon/dispatcher.ts',
    find: 'this.unjudged.delete(ticket);\n    if (isDropped) return;',
    replace: 'this.unjudged.delete(ticket);\n    if (isDropped && this.isStopping) return;',
  },
  {
    name: '>= for >: what is due at this very instant is still to come',
    file: 'schedule/take-up.ts',
    find: 'if (plannedAt > input.now) {',
    replace: 'if (plannedAt >= input.now) {',
  },
  {
    name: 're-arm from now: an interval drifts by each delay',
    file: 'schedule/take-up.ts',
    find: 'const progress = { cursorAt, anchorAt, occurrences };\n    if (nominalAt === undefined) return',
    replace:
      'const progress = { cursorAt, anchorAt: input.now, occurrences };\n    if (nominalAt === undefined) return',
  },
  {
    name: 'wall for monotonic: no jump is ever noticed',
    file: 'daemon/clock-watch.ts',
    find: 'const monotonicMs = this.clock.monotonic();',
    replace: 'const monotonicMs = this.clock.now();',
  },
  {
    name: 'lost cursor: runs are recorded, how far the schedule came is not',
    file: 'daemon/occurrence-taker.ts',
    find: 'if (taken.missed || taken.excluded?.length || taken.fire.length > 0) {',
    replace: 'if (taken.missed) {',
  },
  {
    name: 'window edge: closed where it is open',
    file: 'schedule/take-up.ts',
    find: 'all.newest.slice(-wanted)).filter((at) => at > openStart)',
    replace: 'all.newest.slice(-wanted)).filter((at) => at >= openStart)',
  },
  {
    name: 'a retry is not counted as an attempt',
    file: 'daemon/dispatcher.ts',
    find: "const started = { state: 'running', attempt: attempt + 1, startedAt: now } as const;",
    replace: "const started = { state: 'running', attempt, startedAt: now } as const;",
  },
  {
    name: 'a run that has ended goes on holding its job',
    file: 'daemon/dispatcher.ts',
    find: '    this.occupancy.leave(name);\n',
    replace: '',
  },
  {
    name: 'an attempt that has ended goes on holding its group and its host',
    file: 'daemon/dispatcher.ts',
    find: 'const { ticket } = active;\n    this.occupancy.end(ticket);',
    replace: 'const { ticket } = active;',
  },
  {
    name: 'stale definition: an edited job runs as it was',
    file: 'daemon/scheduler.ts',
    find: 'Object.assign(scheduled, { job, definition: keyed.definition, definitionKey: keyed.key });',
    replace: 'Object.assign(scheduled, { job });',
  },
  {
    name: 'what a run sets off at its end is skipped',
    file: 'daemon/dispatcher.ts',
    find: 'for (const { definition, run } of ended) this.react(definition, run, step);',
    replace: '',
  },
  {
    name: 'effects before the commit',
    file: 'daemon/dispatcher.ts',
    find: 'this.options.journal.write(step.changes, (dropped) => this.afterCommit(step, dropped));',
    replace: 'this.options.journal.write(step.changes);\n    this.afterCommit(step, new Set());',
  },
  {
    name: 'what was between two attempts is forgotten in a crash',
    file: 'daemon/recover.ts',
    find: 'for (const ticket of retrying) options.dispatcher.restoreRetrying(ticket);',
    replace: '',
  },
  {
    name: 'a late result ends the next attempt',
    file: 'daemon/dispatcher.ts',
    find: 'if (!active?.isRunning || active.ticket.run.attempt !== end.attempt) return;',
    replace: 'if (!active?.isRunning) return;',
  },
  {
    name: 'what fell into a pause is caught up after it',
    file: 'daemon/occurrence-taker.ts',
    find: '    this.endPause(scheduled, step);\n',
    replace: '',
  },
  {
    name: 'a changed schedule looks back',
    file: 'daemon/scheduler.ts',
    find: 'scheduled.progress = { cursorAt: now, anchorAt: now, occurrences: 0 };',
    replace: 'scheduled.progress = { ...scheduled.progress, occurrences: 0 };',
  },
  {
    name: 'repeats begin anew with each start',
    file: 'daemon/scheduler.ts',
    find: '  cursorAt,\n  anchorAt,\n  occurrences,\n});',
    replace: '  cursorAt,\n  anchorAt,\n  occurrences: occurrences - occurrences,\n});',
  },
  {
    name: 'a group takes one more than it may',
    file: 'dispatch/occupancy.ts',
    find: '(this.byGroup.get(group)?.count ?? 0) >= limits.maxRunning',
    replace: '(this.byGroup.get(group)?.count ?? 0) > limits.maxRunning',
  },
  {
    name: 'the oldest are caught up instead of the newest',
    file: 'schedule/take-up.ts',
    find: 'all.newest.slice(-wanted)).filter',
    replace: 'all.newest.slice(0, wanted)).filter',
  },
  {
    name: 'what was due on a full disk comes in a flood',
    file: 'daemon/scheduler.ts',
    find: 'if (!this.isRunning || this.options.journal.troubled) return;',
    replace: 'if (!this.isRunning) return;',
  },
  {
    name: 'commits that failed are tried again after those that came later',
    file: 'daemon/journal.ts',
    find: 'this.entries.unshift(...failed);',
    replace: 'this.entries.push(...failed);',
  },
  {
    name: 'a new run overtakes those that wait',
    file: 'dispatch/decide-overlap.ts',
    find: 'if (situation.active === 0 && situation.waiting === 0)',
    replace: 'if (situation.active === 0)',
  },
  {
    name: 'a stretch says one more than it stands for',
    file: 'schedule/take-up.ts',
    find: 'lastAt: lastMissedAt, count: missedCount,',
    replace: 'lastAt: lastMissedAt, count: missedCount + 1,',
  },
  {
    name: 'a disabled job fires',
    file: 'daemon/scheduled-job.ts',
    find: "if (!scheduled.job.enabled) return 'disabled';",
    replace: '',
  },
  {
    name: 'a retry does not wait for its time',
    file: 'daemon/retries.ts',
    find: 'Math.min(Math.max(remainingMs, 0), definition.retry.maxDelayMs)',
    replace: 'Math.min(Math.max(remainingMs, 0), 0 * definition.retry.maxDelayMs)',
  },
  {
    name: 'a paused job fires after a restart',
    file: 'daemon/scheduler.ts',
    find: 'paused: state?.paused,',
    replace: 'paused: undefined,',
  },
  {
    name: 'a pause of a group or of everything ends with a restart',
    file: 'daemon/scheduler.ts',
    find: '    this.pauses.restore(states);\n',
    replace: '',
  },
  {
    name: 'after a restart a retry does not wait for its time',
    file: 'daemon/recover.ts',
    find: 'for (const ticket of retrying) options.dispatcher.restoreRetrying(ticket);',
    replace:
      'for (const ticket of retrying) options.dispatcher.restoreRetrying({ ...ticket, run: { ...ticket.run, retryAt: 0 } });',
  },
  {
    name: 'what waited is forgotten in a crash',
    file: 'daemon/recover.ts',
    find: 'for (const ticket of waiting) options.dispatcher.restoreWaiting(ticket);',
    replace: '',
  },
  {
    name: 'the newest is caught up first',
    file: 'schedule/take-up.ts',
    find: 'const fire = caughtUp.map(',
    replace: 'const fire = caughtUp.toReversed().map(',
  },
  {
    name: 'a restart opens the window of a rate anew',
    file: 'daemon/recover.ts',
    find: '  await restoreRates(options, options.dispatcher.occupancy, step.changes);\n',
    replace: '',
  },
];
