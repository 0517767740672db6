import { expect, test } from 'vitest';
import type { Control } from '../../src/daemon/control.ts';
import type { LoadResult, Project } from '../../src/daemon/load-project.ts';
import { Reloader } from '../../src/daemon/reloader.ts';
import { whenStarted } from '../../src/daemon/when-started.ts';
import { aSnapshot } from '../support/daemon-harness.ts';

test('what is asked for while the ledger is still read waits, and only the status is told', async () => {
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const control = whenStarted(
    {
      status: async () => asked.push('status'),
      runJob: async (job: string) => asked.push(`run ${job}`),
    } as unknown as Control,
    started,
  );
  const run = control.runJob('work', {});
  await control.status();
  expect(asked).toEqual(['status']);
  resolve();
  await run;
  expect(asked).toEqual(['status', 'run work']);
});

const project = (revision: string): Project => ({
  snapshot: { ...aSnapshot([]), revision },
  endpoints: new Map(),
  secrets: [],
  secretFiles: [],
  modules: { files: [], hash: '' } as unknown as Project['modules'],
  warnings: [],
});

function aReloader(apply: () => Promise<{ added: number; changed: number; removed: number }>) {
  const loading = Promise.withResolvers<LoadResult>();
  const reloader = new Reloader(project('1'), {
    load: () => loading.promise,
    apply,
    refusal: () => undefined,
    refresh() {},
    telemetry: { emit() {} },
    monotonic: () => 0,
  });
  return { reloader, loaded: () => loading.resolve({ ok: true, project: project('2') }) };
}

test('a reload that is still reading when the daemon stops puts nothing in force', async () => {
  let applied = 0;
  const { reloader, loaded } = aReloader(async () => {
    applied += 1;
    return { added: 0, changed: 0, removed: 0 };
  });
  const stopping = { code: 'JOBSD_DAEMON_STOPPING' };
  const outcomes = [
    expect(reloader.reload('signal')).rejects.toMatchObject(stopping),
    expect(reloader.reload('signal')).rejects.toMatchObject(stopping),
  ];
  const closed = reloader.close();
  loaded();
  await closed;
  await Promise.all(outcomes);
  await expect(reloader.reload('request')).rejects.toMatchObject(stopping);
  expect(applied).toBe(0);
});

test('a stop waits for a reload that is being put in force, so that its hosts are ended too', async () => {
  const applying = Promise.withResolvers<{ added: number; changed: number; removed: number }>();
  const begun = Promise.withResolvers<void>();
  const { reloader, loaded } = aReloader(() => {
    begun.resolve();
    return applying.promise;
  });
  const reload = reloader.reload('signal');
  loaded();
  await begun.promise;
  let isClosed = false;
  const closed = reloader.close().then(() => {
    isClosed = true;
  });
  await Promise.resolve();
  expect(isClosed).toBe(false);
  applying.resolve({ added: 0, changed: 0, removed: 0 });
  await closed;
  expect(await reload).toMatchObject({ ok: true, revision: '2' });
});
