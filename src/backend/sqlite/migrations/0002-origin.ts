/** Version 2 of the state file: where a run's job was declared, and in which commit of the project. */
export const originMigration = `
  ALTER TABLE runs ADD COLUMN place INTEGER;
  ALTER TABLE runs ADD COLUMN source_commit INTEGER;
`;
