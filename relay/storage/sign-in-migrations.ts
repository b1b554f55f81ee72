import type { Migrations } from './migrate.ts';

export const signInMigrations: Migrations = [
  `CREATE TABLE home (only INTEGER PRIMARY KEY CHECK (only = 1), org_id TEXT NOT NULL);
   CREATE TABLE spent (only INTEGER PRIMARY KEY CHECK (only = 1), spent_at INTEGER NOT NULL);`,
  // An object of a person, and whether it was told of a sign-in.
  `CREATE TABLE known_to_person (only INTEGER PRIMARY KEY CHECK (only = 1));
   CREATE TABLE sign_ins (id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, issued_at INTEGER NOT NULL);
   CREATE TABLE person_ended (only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL);`,
];
