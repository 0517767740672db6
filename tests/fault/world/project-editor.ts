import type { JobState } from '../../../src/backend/backend.ts';
import type { Random } from '../../support/random.ts';
import type { JobEdit } from '../check/job-versions.ts';
import type { FaultJob } from '../fault-job.ts';
import type { FaultProject } from './fault-project.ts';
import { editedJob, passingJob } from './make-jobs.ts';
import { jobsFile, outsideService } from './project-files.ts';

/** Keeps the project's files, and remembers each edit that changes what a job is. */
export class ProjectEditor {
  readonly edits: JobEdit[] = [];
  private readonly project: FaultProject;
  private readonly random: Random;
  private readonly steady: readonly FaultJob[];
  private edited: FaultJob;
  private passing: FaultJob | undefined = passingJob;
  private count = 0;
  private readonly unseen = new Map<string, JobEdit>();
  private isBroken = false;
  private isEnabled = true;

  constructor(project: FaultProject, random: Random, steady: readonly FaultJob[]) {
    this.project = project;
    this.random = random;
    this.steady = steady;
    this.edited = editedJob(random);
    const at = Date.now();
    for (const job of [...steady, this.edited, passingJob]) {
      this.edits.push({ name: job.name, at, job });
    }
    this.writeAll();
  }

  /** All jobs, with another description: no schedule changes. */
  touch(): void {
    this.writeAll();
  }

  /** What the ledger knows of the jobs: an edit that it does not show yet may still come into force. */
  look(states: readonly JobState[]): void {
    for (const { name, at, job } of this.unseen.values()) {
      const anchorAt = states.find((state) => state.job === name)?.anchorAt;
      if (job ? anchorAt !== undefined && anchorAt >= at : anchorAt === undefined) {
        this.unseen.delete(name);
      }
    }
  }

  /** Another schedule. Only one edit of a job at a time: of two, the checker could not see the first. */
  reschedule(): void {
    if (this.unseen.has(this.edited.name)) return this.touch();
    this.edited = editedJob(this.random);
    this.remember(this.edited.name, this.edited);
    this.writeEdited();
  }

  /** The job that comes and goes does so. */
  pass(): void {
    if (this.unseen.has(passingJob.name)) return this.touch();
    this.passing = this.passing ? undefined : passingJob;
    this.remember(passingJob.name, this.passing);
    this.writeEdited();
  }

  break(): void {
    this.isBroken = true;
    this.project.write(
      'jobs.d/edited.yaml',
      'version: 1\njobs: { edited: { type: cron, crn: "*" }\n',
    );
  }

  /** A daemon does not start on files with errors. */
  repair(): void {
    if (!this.isBroken) return;
    this.isBroken = false;
    this.writeEdited();
  }

  changeService(): void {
    this.count += 1;
    this.project.write('services/outside.ts', `${outsideService}// ${this.count}\n`);
  }

  disableAll(): void {
    this.isEnabled = false;
    this.writeAll();
  }

  private remember(name: string, job: FaultJob | undefined): void {
    const edit = { name, at: Date.now(), job };
    this.edits.push(edit);
    this.unseen.set(name, edit);
  }

  private writeAll(): void {
    this.count += 1;
    this.project.write('jobs.d/steady.yaml', this.file(this.steady));
    this.writeEdited();
  }

  private writeEdited(): void {
    const jobs = this.passing ? [this.edited, this.passing] : [this.edited];
    this.isBroken = false;
    this.project.write('jobs.d/edited.yaml', this.file(jobs));
  }

  private file(jobs: readonly FaultJob[]): string {
    const description = `edit ${this.count}`;
    return jobsFile(jobs, { log: this.project.logPath, enabled: this.isEnabled, description });
  }
}
