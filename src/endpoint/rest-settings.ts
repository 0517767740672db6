import { JobsdError } from '../errors.ts';
import {
  countSetting,
  durationSetting,
  type ResolvedEndpoint,
  textSetting,
  textsSetting,
} from './endpoint-settings.ts';

export interface RestSettings {
  readonly url: URL;
  readonly timeoutMs: number;
  /** Sent with each request, authentication included; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxResponseBytes: number;
}

const defaultTimeoutMs = 30_000;
const defaultMaxResponseBytes = 32 * 1024 * 1024;

/** Reads a `rest` endpoint. Throws JOBSD_CONFIG_INVALID. */
export function restSettings(endpoint: ResolvedEndpoint): RestSettings {
  const url = httpUrl(textSetting(endpoint, 'url') ?? '');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(textsSetting(endpoint, 'headers'))) {
    headers[name.toLowerCase()] = value;
  }
  Object.assign(headers, urlAuthorization(url), authHeaders(endpoint.settings.auth));
  url.username = '';
  url.password = '';
  return {
    url,
    headers,
    timeoutMs: durationSetting(endpoint, 'timeout', defaultTimeoutMs),
    maxResponseBytes: countSetting(endpoint, 'maxResponseBytes', defaultMaxResponseBytes),
  };
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new JobsdError('JOBSD_CONFIG_INVALID', 'The "url" must begin with http:// or https://.');
}

function urlAuthorization(url: URL): Record<string, string> {
  if (url.username === '') return {};
  return {
    authorization: basic(decodeURIComponent(url.username), decodeURIComponent(url.password)),
  };
}

/** `auth: {basic: {username, password}} | {bearer: token} | {header: {name, value}}`. */
function authHeaders(auth: unknown): Record<string, string> {
  if (typeof auth !== 'object' || auth === null) return {};
  const { basic: login, bearer, header } = auth as Record<string, unknown>;
  if (typeof bearer === 'string') return { authorization: `Bearer ${bearer}` };
  if (isTexts(login)) return { authorization: basic(login.username ?? '', login.password ?? '') };
  if (isTexts(header) && header.name) return { [header.name.toLowerCase()]: header.value ?? '' };
  const detail =
    'The "auth" must be {basic: {username, password}}, {bearer} or {header: {name, value}}.';
  throw new JobsdError('JOBSD_CONFIG_INVALID', detail);
}

function isTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
