import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../../src/clock/system-clock.ts';

// Tries to open a state file as a user without special rights, and prints what it gets.
const nobody = 65_534;
if (process.getuid?.() === 0) {
  process.setgid?.(nobody);
  process.setuid?.(nobody);
}
try {
  await openSqliteBackend({ path: process.argv[2] ?? '', clock: systemClock });
  console.log('{}');
} catch (error) {
  const { code, message } = error as { code: string; message: string };
  console.log(JSON.stringify({ code, message }));
}
