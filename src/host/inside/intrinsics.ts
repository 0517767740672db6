/**
 * The language's own functions, kept before any service runs. A service may replace `Date`,
 * `JSON` or `String.prototype.slice`; what the host itself says to the pool must not change then.
 * Code in this folder uses these, index loops and closures instead of prototype methods wherever
 * it runs after a service has been loaded.
 */
const call = Function.prototype.call;

function uncurried<This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return call.bind(method) as (self: This, ...args: Args) => Result;
}

export const { stringify, parse } = JSON;
export const { now } = Date;
export const monotonic: () => number = performance.now.bind(performance);
export const textIndexOf: (self: string, search: string, from: number) => number = uncurried(
  String.prototype.indexOf,
);
export const textSlice: (self: string, start: number, end?: number) => string = uncurried(
  String.prototype.slice,
);
export const { add, compareExchange, load, store } = Atomics;
export const NativePromise = Promise;
export const NativeError = Error;
export const NativeAbortController = AbortController;
export const setImmediateNow = setImmediate;
export const toText = String;
