/** Version 3 of the state file: an occurrence's number in the life of its schedule. */
export const runNumberMigration = 'ALTER TABLE runs ADD COLUMN number INTEGER;';
