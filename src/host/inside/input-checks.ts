import { JobsdError } from '../../errors.ts';
import type { ServiceEntry } from '../protocol.ts';
import type { WhileLoading } from './service-loader.ts';

type Check = (input: unknown) => Promise<void>;

/**
 * The check of a service's declared `input` schema (JSON Schema 2020-12), or none. Compiled at the
 * service's first run, so that hosts without such services never load the validator.
 */
export class InputChecks {
  readonly #checks: Record<string, Check> = Object.create(null);
  readonly #whileLoading: WhileLoading;

  constructor(whileLoading: WhileLoading) {
    this.#whileLoading = whileLoading;
  }

  for(entry: ServiceEntry): Check | undefined {
    if (entry.input === undefined) return undefined;
    this.#checks[entry.name] ??= inputCheck(
      this.#whileLoading(() => compile(entry.input as object)),
    );
    return this.#checks[entry.name];
  }
}

function inputCheck(compiled: ReturnType<typeof compile>): Check {
  compiled.catch(() => {}); // Told by each run that awaits it.
  return async (input) => {
    const validate = await compiled;
    if (validate(input)) return;
    const problems = (validate.errors ?? []).map(
      ({ instancePath, message }) =>
        `${instancePath === '' ? 'the input' : instancePath} ${message}`,
    );
    const error = new JobsdError('JOBSD_INPUT_INVALID', `${problems.slice(0, 5).join('; ')}.`);
    throw Object.assign(error, { retryable: false });
  };
}

async function compile(schema: object) {
  const [{ Ajv2020 }, formats] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ]);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default.default(ajv);
  return ajv.compile(schema);
}
