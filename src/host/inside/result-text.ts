import { boundedError } from './bounded-error.ts';
import { stringify, textSlice } from './intrinsics.ts';

const maxResultLength = 64 * 1024;
const headLength = 16 * 1024;

export type ResultText =
  | { readonly text: string | undefined }
  | { readonly text: undefined; readonly problem: string };

/**
 * The JSON of what a service returned. Too long, it is replaced by `{truncated: true, length, head}`;
 * what has no JSON (a cycle, a BigInt, a getter that throws) is left out with the reason.
 */
export function resultText(value: unknown): ResultText {
  if (value === undefined) return { text: undefined };
  try {
    const text = stringify(value);
    if (typeof text !== 'string') return { text: undefined, problem: `a ${typeof value}` };
    return { text: text.length > maxResultLength ? truncated(text) : text };
  } catch (error) {
    return { text: undefined, problem: boundedError(error).message };
  }
}

function truncated(text: string): string {
  const head = stringify(`${textSlice(text, 0, headLength)}…`);
  return `{"truncated":true,"length":${text.length},"head":${head}}`;
}
