import type { JobContext } from '../host/executor.ts';
import { contextOf } from './bind-context.ts';
import type { ServiceContext } from './service-context.ts';

type Hook = void | Promise<void>;

/**
 * A unit of work that knows nothing of who calls it: a job, the command line, a channel or
 * another service. Derive from it, write `handle`, and export the class.
 *
 * What is on `this` is there from `accept` on, not yet in the constructor. Hooks are optional and
 * run in the order in which they are listed here; an error in one ends the run as failed.
 */
export abstract class Service<Input = unknown, Output = unknown> {
  /** Returning `false` declines the request: the run ends as cancelled, without being retried. */
  accept?(): boolean | Promise<boolean>;
  /** The job hooks run only when a job runs the service, the typed ones only for that type. */
  beforeJob?(): Hook;
  beforeOneTimeJob?(): Hook;
  beforeIntervalJob?(): Hook;
  beforeCronJob?(): Hook;
  beforeHandle?(): Hook;
  /** Throws when the input is not acceptable. The declared `input` schema was checked before. */
  validateInput?(input: Input): Hook;
  /** The work itself. What it returns is kept as the run's result, as JSON of at most 64 KiB. */
  abstract handle(): Output | Promise<Output>;
  validateOutput?(output: Output): Hook;
  afterHandle?(): Hook;
  afterJob?(): Hook;
  afterOneTimeJob?(): Hook;
  afterIntervalJob?(): Hook;
  afterCronJob?(): Hook;
  /** After an error in any of the above. The run stays failed. */
  onError?(error: unknown): Hook;
  /** Always, last. */
  finalizeHandle?(): Hook;

  get out(): ServiceContext['out'] {
    return contextOf(this).out;
  }
  get email(): ServiceContext['email'] {
    return contextOf(this).email;
  }
  get kvdb(): ServiceContext['kvdb'] {
    return contextOf(this).kvdb;
  }
  get request(): ServiceContext<Input>['request'] {
    return contextOf<Input>(this).request;
  }
  get logger(): ServiceContext['logger'] {
    return contextOf(this).logger;
  }
  get cid(): string {
    return contextOf(this).cid;
  }
  get channel(): ServiceContext['channel'] {
    return contextOf(this).channel;
  }
  get job(): JobContext | undefined {
    return contextOf(this).job;
  }
  get run(): ServiceContext['run'] {
    return contextOf(this).run;
  }
  get signal(): AbortSignal {
    return contextOf(this).signal;
  }
  invoke(service: string, payload?: unknown): Promise<unknown> {
    return contextOf(this).invoke(service, payload);
  }
  invokeAsync(service: string, payload?: unknown): Promise<string> {
    return contextOf(this).invokeAsync(service, payload);
  }
}
