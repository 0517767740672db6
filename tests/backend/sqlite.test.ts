import { join } from 'node:path';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { backendSuite } from './backend-suite.ts';
import { stateFolder } from './state-folder.ts';

const folder = stateFolder();
let count = 0;

backendSuite('sqlite', (clock) => {
  count += 1;
  return openSqliteBackend({ path: join(folder, `${count}.db`), clock });
});
