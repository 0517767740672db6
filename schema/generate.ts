import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSchemaText, generateValidatorText } from '../src/config/schema/generate.ts';

/**
 * `npm run generate`: writes what is made from the definitions in `src/config/schema/`. Both files
 * are committed, so that a command needs neither TypeBox nor Ajv to start; a test compares them.
 */
const root = join(import.meta.dirname, '..');
mkdirSync(join(root, 'src/config/generated'), { recursive: true });
writeFileSync(join(root, 'schema/jobsd.schema.json'), generateSchemaText());
writeFileSync(join(root, 'src/config/generated/validate-document.js'), generateValidatorText());
