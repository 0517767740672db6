import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderFindings } from '../../src/cli/view/render-findings.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';

const folder = join(import.meta.dirname, '../golden/config/err');
const cases = readdirSync(folder).filter((name) => !name.endsWith('.out'));

/** A case is one file, or a folder that is a project; `services/` is there in both. */
async function findingsOf(name: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'jobsd-golden-'));
  try {
    const source = join(folder, name);
    const isFolder = statSync(source).isDirectory();
    cpSync(source, isFolder ? root : join(root, name), { recursive: true });
    cpSync(join(folder, '../services'), join(root, 'services'), { recursive: true });
    symlinkSync('/etc/passwd', join(root, 'services/link.ts'));
    const result = await loadConfiguration({
      root,
      now: Date.UTC(2026, 0, 1),
      ...(isFolder ? {} : { paths: [name] }),
    });
    return renderFindings(result.findings, { color: false });
  } finally {
    rmSync(root, { recursive: true });
  }
}

test.each(cases)('%s gets the findings that are written beside it', async (name) => {
  const output = `${join(folder, name.replace(/\.ya?ml$/, ''))}.out`;
  const findings = await findingsOf(name);
  expect(findings).not.toBe('');
  await expect(findings).toMatchFileSnapshot(output);
});

test('each expected output belongs to a case', () => {
  const names = new Set(cases.map((name) => name.replace(/\.ya?ml$/, '')));
  const outputs = readdirSync(folder).filter((name) => name.endsWith('.out'));
  expect(outputs.filter((name) => !names.has(name.slice(0, -4)))).toEqual([]);
  expect(readFileSync(join(folder, '../services/a.ts'), 'utf8')).not.toBe('');
});
