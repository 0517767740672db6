import { nearestName } from '../config/nearest-name.ts';
import { JobsdError } from '../errors.ts';
import type { ByName, SmtpSender } from '../service/service-context.ts';
import type { EndpointCall } from './endpoint-call.ts';
import type { ResolvedEndpoint } from './endpoint-settings.ts';
import type { RestClient } from './rest-client.ts';
import { restClient } from './rest-endpoint.ts';
import { smtpSender } from './smtp-endpoint.ts';

/** All endpoints, and which of them the service at hand may use (absent: all). */
export interface EndpointAccess {
  readonly all: ReadonlyMap<string, ResolvedEndpoint>;
  readonly allowed?: readonly string[];
}

/** `this.out.rest`: clients made when they are asked for. */
export function restClients(access: EndpointAccess, call: EndpointCall): ByName<RestClient> {
  return byName((name) => restClient(name, endpointOf(access, 'rest', name), call));
}

/** `this.email.smtp`. */
export function smtpSenders(access: EndpointAccess, call: EndpointCall): ByName<SmtpSender> {
  return byName((name) => smtpSender(name, endpointOf(access, 'smtp', name), call));
}

/** The endpoint of that type and name. Throws JOBSD_ENDPOINT_NOT_FOUND with the way out. */
export function endpointOf(access: EndpointAccess, type: string, name: string): ResolvedEndpoint {
  const endpoint = access.all.get(name);
  if (endpoint === undefined || endpoint.type !== type) {
    throw new JobsdError('JOBSD_ENDPOINT_NOT_FOUND', notFound(access, type, name, endpoint));
  }
  if (access.allowed !== undefined && !access.allowed.includes(name)) {
    const detail = `The service may not use "${name}": its "endpoints" do not list it.`;
    throw new JobsdError('JOBSD_ENDPOINT_NOT_FOUND', detail);
  }
  return endpoint;
}

function notFound(
  access: EndpointAccess,
  type: string,
  name: string,
  found: ResolvedEndpoint | undefined,
): string {
  if (found !== undefined) return `"${name}" is of type ${found.type}, not ${type}.`;
  const ofType = [...access.all].filter(([, endpoint]) => endpoint.type === type);
  const near = nearestName(
    name,
    ofType.map(([known]) => known),
  );
  return `There is no ${type} endpoint "${name}"${near === undefined ? '.' : `: did you mean "${near}"?`}`;
}

function byName<T>(make: (name: string) => T): ByName<T> {
  return new Proxy({} as ByName<T>, {
    // Symbols are asked for by the language and by inspectors, never by a service.
    get: (_, name) => (typeof name === 'symbol' ? undefined : make(name)),
  });
}
