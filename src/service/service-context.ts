import type { RestClient } from '../endpoint/rest-client.ts';
import type { ChannelKind, JobContext } from '../host/executor.ts';
import type { KeyValues } from './key-values.ts';
import type { SmtpMessage } from './smtp-message.ts';

/** Where a run's log lines go; arguments are joined as `console.log` joins them. */
export interface ServiceLogger {
  debug(...message: unknown[]): void;
  info(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  error(...message: unknown[]): void;
}

export interface ServiceRequest<Input> {
  /** The payload as it came: JSON text, or `undefined` when there was none. */
  readonly rawRequest: string | undefined;
  /** The payload, parsed; `undefined` when there was none. */
  readonly payload: unknown;
  /** The payload as the service declares it, checked against the service's `input` schema. */
  readonly input: Input;
}

export interface SmtpSender {
  /** Sends one message and gives its Message-ID. Rejects with JOBSD_ENDPOINT_FAILED. */
  send(message: SmtpMessage): Promise<{ readonly messageId: string }>;
}

/** Endpoints by name. An unknown name throws JOBSD_ENDPOINT_NOT_FOUND with the nearest one. */
export type ByName<T> = { readonly [name: string]: T };

export interface ServiceOutputs {
  readonly rest: ByName<RestClient>;
}

/** Everything a service sees on `this`. Made by whoever runs the service, one per attempt. */
export interface ServiceContext<Input = unknown> {
  readonly out: ServiceOutputs;
  readonly email: { readonly smtp: ByName<SmtpSender> };
  readonly kvdb: KeyValues;
  readonly request: ServiceRequest<Input>;
  readonly logger: ServiceLogger;
  /** Correlation id: the same for everything one request or occurrence sets off. */
  readonly cid: string;
  /** Through which door the request came. */
  readonly channel: ChannelKind;
  /** The job that runs the service; absent when no job does. */
  readonly job: JobContext | undefined;
  /** `id` stays the same over all attempts: the key to make effects idempotent with. */
  readonly run: { readonly id: string; readonly attempt: number };
  /** Aborted at the run's timeout or when it is cancelled. */
  readonly signal: AbortSignal;
  /** Runs another service and gives what its `handle` returned. */
  invoke(service: string, payload?: unknown): Promise<unknown>;
  /** Has another service run on its own; gives the id of that run once it is recorded. */
  invokeAsync(service: string, payload?: unknown): Promise<string>;
}
