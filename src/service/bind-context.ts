import { JobsdError } from '../errors.ts';
import type { ServiceContext } from './service-context.ts';

// A registered symbol: the project's copy of this package and the host's may be two.
const contextKey = Symbol.for('jobsd.service.context');

interface Bound {
  [contextKey]?: ServiceContext;
}

/** Puts the context behind the getters of `Service`. */
export function bindContext(instance: object, context: ServiceContext): void {
  (instance as Bound)[contextKey] = context;
}

/** The context of a service that is being run. Throws JOBSD_USAGE before there is one. */
export function contextOf<Input>(instance: object): ServiceContext<Input> {
  const context = (instance as Bound)[contextKey];
  if (context === undefined) {
    const detail = 'What is on `this` of a service is not there yet in its constructor.';
    throw new JobsdError('JOBSD_USAGE', detail);
  }
  return context as ServiceContext<Input>;
}
