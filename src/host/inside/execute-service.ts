import { bindContext } from '../../service/bind-context.ts';
import type { Service } from '../../service/service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { boundedError, retryAdvice } from './bounded-error.ts';
import type { RunSettlement } from './host-run.ts';
import { resultText } from './result-text.ts';
import type { ServiceClass } from './service-loader.ts';

type HookName = Exclude<keyof Service, keyof ServiceContext>;
type Hooks = Partial<Record<string, (...args: unknown[]) => unknown>>;

const typedHooks = {
  'one-time': 'OneTimeJob',
  interval: 'IntervalJob',
  cron: 'CronJob',
  manual: undefined,
} as const;

export interface ServiceCall {
  readonly serviceClass: ServiceClass;
  readonly context: ServiceContext;
  /** Rejects with JOBSD_INPUT_INVALID; absent when the service declares no schema. */
  readonly checkInput: ((input: unknown) => Promise<void>) | undefined;
  /** Calls a piece of the user's code, and knows for how long it kept the thread. */
  readonly watched: (work: () => unknown) => unknown;
}

/** One run of a service, hooks and all, in the order of `Service`. Never rejects. */
export async function executeService(call: ServiceCall): Promise<RunSettlement> {
  let instance: Hooks = {};
  let settlement: RunSettlement;
  try {
    instance = call.watched(() => new call.serviceClass()) as Hooks;
    bindContext(instance, call.context);
    settlement = await callInOrder(instance, call);
  } catch (error) {
    settlement = failed(error);
    if (instance.onError !== undefined) await tellError(instance, error, call);
  }
  if (instance.finalizeHandle === undefined) return settlement;
  return finalized(instance, settlement, call);
}

/** Awaits only where there is a hook: most services have none, and an await is a turn of the queue. */
async function callInOrder(hooks: Hooks, call: ServiceCall): Promise<RunSettlement> {
  const hook = (name: HookName, ...args: unknown[]) => callHook(hooks, name, call, args);
  const { context } = call;
  if (hooks.accept !== undefined && (await hook('accept')) === false) return declined;
  for (const name of jobHooks(hooks, 'before', context)) await hook(name);
  if (hooks.beforeHandle !== undefined) await hook('beforeHandle');
  if (call.checkInput !== undefined) await call.checkInput(context.request.input);
  if (hooks.validateInput !== undefined) await hook('validateInput', context.request.input);
  const output = await hook('handle');
  if (hooks.validateOutput !== undefined) await hook('validateOutput', output);
  if (hooks.afterHandle !== undefined) await hook('afterHandle');
  for (const name of jobHooks(hooks, 'after', context)) await hook(name);
  return succeeded(output, context);
}

function callHook(hooks: Hooks, name: HookName, call: ServiceCall, args: unknown[]): unknown {
  return call.watched(() => hooks[name]?.(...args));
}

const noHooks: readonly HookName[] = [];

function jobHooks(
  hooks: Hooks,
  when: 'before' | 'after',
  context: ServiceContext,
): readonly HookName[] {
  if (context.job === undefined) return noHooks;
  const typed = typedHooks[context.job.type];
  const names: readonly HookName[] =
    typed === undefined ? [`${when}Job`] : [`${when}Job`, `${when}${typed}`];
  return names.filter((name) => hooks[name] !== undefined);
}

const declined: RunSettlement = {
  outcome: 'cancelled',
  error: { name: 'Declined', message: 'The service declined: accept() returned false.' },
  retry: { never: true },
};

function succeeded(output: unknown, context: ServiceContext): RunSettlement {
  const result = resultText(output);
  if ('problem' in result) {
    context.logger.warn(`The result is not kept, it has no JSON: ${result.problem}`);
  }
  return { outcome: 'succeeded', ...(result.text !== undefined && { result: result.text }) };
}

async function tellError(hooks: Hooks, error: unknown, call: ServiceCall): Promise<void> {
  try {
    await callHook(hooks, 'onError', call, [error]);
  } catch (second) {
    call.context.logger.warn(`onError() failed itself: ${boundedError(second).message}`);
  }
}

/** An error in the last hook fails a run that was fine; one that had failed keeps its own error. */
async function finalized(
  hooks: Hooks,
  settlement: RunSettlement,
  call: ServiceCall,
): Promise<RunSettlement> {
  try {
    await callHook(hooks, 'finalizeHandle', call, []);
    return settlement;
  } catch (error) {
    return settlement.outcome === 'succeeded' ? failed(error) : settlement;
  }
}

/** The end of a run that threw this. */
export function failed(error: unknown): RunSettlement {
  const retry = retryAdvice(error);
  return { outcome: 'failed', error: boundedError(error), ...(retry && { retry }) };
}
