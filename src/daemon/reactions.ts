import type { Change } from '../backend/backend.ts';
import { type DueReaction, reactionsTo } from '../dispatch/reaction.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import { FailingJobs } from './failing-jobs.ts';
import type { MadeReaction } from './make-reaction.ts';

/** Makes the run that a reaction asks for; puts the definition it refers to into `changes`. */
export type MakeReaction = (due: DueReaction, cause: RunRecord, changes: Change[]) => MadeReaction;

/** What jobs' `on` asks for at the end of their runs; remembers who was failing. */
export class Reactions {
  readonly failing = new FailingJobs();
  private readonly make: MakeReaction;

  constructor(make: MakeReaction) {
    this.make = make;
  }

  /** What follows this end. What it says about its job goes into `changes`. */
  of(definition: RunDefinition, run: RunRecord, changes: Change[]): MadeReaction[] {
    const due = reactionsTo(definition, run, this.failing.has(definition.name));
    this.failing.note(run, changes);
    return due.map((reaction) => this.make(reaction, run, changes));
  }
}
