import type { LogLine } from '../../dispatch/run.ts';
import type { EndpointCall } from '../../endpoint/endpoint-call.ts';
import type { EndpointAccess } from '../../endpoint/endpoint-views.ts';

/** What a built-in service is given. */
export interface BuiltInCall {
  /** JSON text; absent when there is none. */
  readonly payload: string | undefined;
  readonly endpoints: EndpointAccess;
  readonly endpointCall: () => EndpointCall;
  readonly log: (level: LogLine['level'], text: string) => void;
}

/**
 * A service that comes with jobsd and runs inside the daemon: nothing in it may take long between
 * two awaits. Gives its result, or with `json` the JSON text of it.
 */
export type BuiltIn = (call: BuiltInCall) => BuiltInResult | Promise<BuiltInResult>;

export type BuiltInResult = { readonly json: string | undefined } | { readonly value: unknown };
