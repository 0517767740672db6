import type { Change } from '../backend/backend.ts';
import { type DueReaction, reactionsTo } from '../dispatch/reaction.ts';
import type { RunRecord } from '../dispatch/run.ts';
import type { RunDefinition } from '../dispatch/run-definition.ts';
import type { MadeReaction } from './make-reaction.ts';

/** Makes the run that a reaction asks for; puts the definition it refers to into `changes`. */
export type MakeReaction = (due: DueReaction, cause: RunRecord, changes: Change[]) => MadeReaction;

/** What jobs' `on` asks for at the end of their runs; remembers who was failing. */
export class Reactions {
  private readonly make: MakeReaction;
  private readonly failing = new Set<string>();

  constructor(make: MakeReaction) {
    this.make = make;
  }

  /** The job's last run was a failure: its next success is a recovery. */
  restoreFailing(job: string): void {
    this.failing.add(job);
  }

  renameJob(from: string, to: string): void {
    if (this.failing.delete(from)) this.failing.add(to);
  }

  of(definition: RunDefinition, run: RunRecord, changes: Change[]): MadeReaction[] {
    const { name } = definition;
    const due = reactionsTo(definition, run, this.failing.has(name));
    if (run.state === 'succeeded') this.failing.delete(name);
    else if (isFailure(run)) this.failing.add(name);
    return due.map((reaction) => this.make(reaction, run, changes));
  }
}

const isFailure = ({ state }: RunRecord) =>
  state === 'failed' || state === 'timed-out' || state === 'lost';
