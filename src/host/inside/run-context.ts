import type { EndpointCall } from '../../endpoint/endpoint-call.ts';
import { type EndpointAccess, restClients, smtpSenders } from '../../endpoint/endpoint-views.ts';
import { RunKeys } from '../../service/run-keys.ts';
import type {
  ServiceContext,
  ServiceLogger,
  ServiceOutputs,
  ServiceRequest,
} from '../../service/service-context.ts';
import type { JobContext } from '../executor.ts';
import type { HostRun } from './host-run.ts';
import { parse, stringify } from './intrinsics.ts';
import type { AskPool } from './pool-calls.ts';
import { remoteKeyValues } from './remote-key-values.ts';
import type { RunLog } from './run-log.ts';

/** What a run's service sees on `this`. Everything is made when it is first looked at. */
export class RunContext implements ServiceContext {
  readonly #run: HostRun;
  readonly #access: EndpointAccess;
  readonly #ask: AskPool;
  readonly #log: RunLog;
  readonly #keys: RunKeys;
  #logger: ServiceLogger | undefined;
  #request: ServiceRequest<unknown> | undefined;

  constructor(run: HostRun, access: EndpointAccess, ask: AskPool, log: RunLog) {
    this.#run = run;
    this.#keys = new RunKeys(run.handOver.id);
    this.#access = access;
    this.#ask = ask;
    this.#log = log;
  }

  get out(): ServiceOutputs {
    return { rest: restClients(this.#access, this.#endpointCall()) };
  }

  get email(): ServiceContext['email'] {
    return { smtp: smtpSenders(this.#access, this.#endpointCall()) };
  }

  get kvdb(): ServiceContext['kvdb'] {
    return remoteKeyValues(this.#ask);
  }

  get request(): ServiceRequest<unknown> {
    this.#request ??= requestOf(this.#run.handOver.payload);
    return this.#request;
  }

  get logger(): ServiceLogger {
    this.#logger ??= this.#log.loggerOf(this.#run);
    return this.#logger;
  }

  get cid(): string {
    return this.#run.handOver.cid;
  }

  get channel(): ServiceContext['channel'] {
    return this.#run.handOver.channel;
  }

  get job(): JobContext | undefined {
    return this.#run.handOver.job ?? undefined;
  }

  get run(): ServiceContext['run'] {
    return { id: this.#run.handOver.id, attempt: this.#run.handOver.attempt };
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  async invoke(service: string, payload?: unknown): Promise<unknown> {
    const answer = await this.#ask(['invoke', service, jsonOf(payload), true]);
    return typeof answer === 'string' ? parse(answer) : undefined;
  }

  async invokeAsync(service: string, payload?: unknown): Promise<string> {
    return String(await this.#ask(['invoke', service, jsonOf(payload), false]));
  }

  #endpointCall(): EndpointCall {
    return {
      cid: this.cid,
      signal: this.#run.signal,
      nextKey: (kind) => this.#keys.next(kind),
    };
  }
}

function requestOf(payload: string | null): ServiceRequest<unknown> {
  const parsed: unknown = payload === null ? undefined : parse(payload);
  return { rawRequest: payload ?? undefined, payload: parsed, input: parsed };
}

function jsonOf(payload: unknown): string {
  return stringify(payload) ?? 'null';
}
