import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JsonValue } from '../../config/snapshot.ts';
import { JobsdError } from '../../errors.ts';
import type { CommandIo } from '../command-io.ts';

/**
 * The value of an option that takes JSON: as it is, from a file (`@payload.json`) or from standard
 * input (`@-`). Rejects with JOBSD_USAGE, and says where the JSON ends being JSON.
 */
export async function readJsonArgument(
  option: string,
  written: string | undefined,
  io: CommandIo,
): Promise<JsonValue | undefined> {
  if (written === undefined) return undefined;
  const text = written.startsWith('@') ? await readSource(option, written.slice(1), io) : written;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = (error as Error).message;
    const hint = written.startsWith('@')
      ? ''
      : ` A text needs quotes of its own: ${option} '"text"'.`;
    throw new JobsdError('JOBSD_USAGE', `${option} is not JSON: ${reason}.${hint}`);
  }
}

async function readSource(option: string, path: string, io: CommandIo): Promise<string> {
  if (path === '-') return readAll(io.stdin);
  try {
    return await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    throw new JobsdError('JOBSD_USAGE', `${option} @${path}: ${(error as Error).message}.`);
  }
}

async function readAll(stream: CommandIo['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
