import type { Migrations } from './migrate.ts';

export const terminalMigrations: Migrations = [
  `CREATE TABLE home (only INTEGER PRIMARY KEY CHECK (only = 1), org_id TEXT NOT NULL);
   CREATE TABLE due (key TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, arg TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0);
   CREATE TABLE session (
     only INTEGER PRIMARY KEY CHECK (only = 1), machine_id TEXT NOT NULL, session_id TEXT NOT NULL,
     cols INTEGER NOT NULL, rows INTEGER NOT NULL, agent TEXT NOT NULL DEFAULT 'never', lost_at INTEGER,
     cuts INTEGER NOT NULL DEFAULT 0, fact_seq INTEGER NOT NULL DEFAULT 0, input_offset INTEGER NOT NULL DEFAULT 0,
     end_requested TEXT, ended_at INTEGER, end_reason TEXT, exit_code INTEGER);
   CREATE TABLE tickets (ticket_id TEXT PRIMARY KEY);
   CREATE TABLE recording (
     id INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, offset INTEGER NOT NULL,
     data BLOB, cols INTEGER, rows INTEGER, hash TEXT NOT NULL);
   CREATE INDEX recording_by_offset ON recording (kind, offset);
   CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL);
   CREATE TABLE commands (command_id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, json TEXT NOT NULL);`,
  // Whose keyboard it is, and stays that are over.
  `ALTER TABLE session ADD COLUMN typist_entry TEXT NOT NULL DEFAULT '';
   ALTER TABLE session ADD COLUMN typist_user TEXT NOT NULL DEFAULT '';
   ALTER TABLE session ADD COLUMN typist_name TEXT NOT NULL DEFAULT '';
   CREATE TABLE ended_entries (entry_id TEXT PRIMARY KEY, code TEXT NOT NULL);`,
  // What of the recording lies in the store.
  `CREATE TABLE recording_objects (
     number INTEGER PRIMARY KEY, after_id INTEGER NOT NULL, last_id INTEGER NOT NULL UNIQUE, bytes INTEGER NOT NULL,
     hash TEXT NOT NULL);`,
  // How often the keyboard was handed over.
  `ALTER TABLE session ADD COLUMN typist_turn INTEGER NOT NULL DEFAULT 0;`,
];
