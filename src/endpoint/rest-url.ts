import { JobsdError } from '../errors.ts';

type Param = string | number | boolean;

/** Query parameters; a list repeats the name, `undefined` leaves it out. */
export interface QueryParams {
  readonly [name: string]: Param | readonly Param[] | undefined;
}

/**
 * The address of `path` below the endpoint's own. A path that would lead to another host or out of
 * the endpoint's base path is refused: the endpoint's credentials go along with the request.
 * Throws JOBSD_INPUT_INVALID.
 */
export function restUrl(base: URL, path: string, params: QueryParams = {}): URL {
  const basePath = base.pathname.replace(/\/+$/, '');
  // Removing leading slashes and appending keeps "//other.host/" and "http://other/" below the base.
  const target = `${base.origin}${basePath}/${path.replace(/^[/\\]+/, '')}`;
  const url = new URL(path === '' ? base.origin + base.pathname : target);
  if (url.origin !== base.origin || !isBelow(url.pathname, basePath)) {
    throw new JobsdError('JOBSD_INPUT_INVALID', `The path "${path}" leads out of the endpoint.`);
  }
  for (const [name, value] of base.searchParams) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(params)) appendParam(url, name, value);
  return url;
}

function isBelow(pathname: string, basePath: string): boolean {
  return pathname.replace(/\/+$/, '') === basePath || pathname.startsWith(`${basePath}/`);
}

function appendParam(url: URL, name: string, value: Param | readonly Param[] | undefined): void {
  if (value === undefined) return;
  const values = Array.isArray(value) ? (value as readonly Param[]) : [value as Param];
  for (const one of values) url.searchParams.append(name, String(one));
}
