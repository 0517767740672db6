import { nearestName } from '../config/nearest-name.ts';
import { type ErrorCode, JobsdError } from '../errors.ts';

/** The error for a name that is not declared, with the name that was probably meant. */
export function notFound(code: ErrorCode, name: string, known: Iterable<string>): JobsdError {
  const nearest = nearestName(name, [...known]);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return new JobsdError(code, `"${name}" is not declared.${hint}`);
}
