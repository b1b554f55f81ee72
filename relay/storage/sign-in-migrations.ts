import type { Migrations } from './migrate.ts';

export const signInMigrations: Migrations = [
  `CREATE TABLE home (only INTEGER PRIMARY KEY CHECK (only = 1), org_id TEXT NOT NULL);
   CREATE TABLE spent (only INTEGER PRIMARY KEY CHECK (only = 1), spent_at INTEGER NOT NULL);`,
];
