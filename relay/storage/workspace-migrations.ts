import type { Migrations } from './migrate.ts';

export const workspaceMigrations: Migrations = [
  `CREATE TABLE home (only INTEGER PRIMARY KEY CHECK (only = 1), org_id TEXT NOT NULL);
   CREATE TABLE due (key TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, arg TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0);
   CREATE TABLE workspace_frame (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);

   CREATE TABLE audit (
     seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL, op_id TEXT NOT NULL UNIQUE, event TEXT NOT NULL,
     at INTEGER NOT NULL, line TEXT NOT NULL, hash TEXT NOT NULL);
   CREATE TABLE sealed (sealed_id INTEGER PRIMARY KEY, salt TEXT, text TEXT);
   CREATE TABLE audit_sealed (seq INTEGER NOT NULL, field TEXT NOT NULL, sealed_id INTEGER NOT NULL, PRIMARY KEY (seq, field));

   CREATE TABLE entries (
     entry_id TEXT PRIMARY KEY, sid TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
     device TEXT NOT NULL, auth_at INTEGER NOT NULL, factor TEXT NOT NULL, opened_at INTEGER NOT NULL,
     vanished_at INTEGER, ended_at INTEGER, end_reason TEXT);
   CREATE TABLE attempts (
     attempt_id TEXT PRIMARY KEY, entry_id TEXT NOT NULL, via TEXT NOT NULL, alert_id TEXT, machine_id TEXT,
     opened_at INTEGER NOT NULL, trouble TEXT, ended_at INTEGER, reason TEXT, switched_at INTEGER, session_id TEXT);
   CREATE INDEX attempts_by_entry ON attempts (entry_id, ended_at);
   CREATE TABLE attempt_queries (
     attempt_id TEXT NOT NULL, ordinal INTEGER NOT NULL, at INTEGER NOT NULL, query_hash TEXT NOT NULL,
     result_count INTEGER NOT NULL, sealed_id INTEGER NOT NULL, PRIMARY KEY (attempt_id, ordinal));

   CREATE TABLE machines (
     id INTEGER PRIMARY KEY, machine_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL COLLATE NOCASE,
     hostname TEXT NOT NULL COLLATE NOCASE, os TEXT NOT NULL, os_user TEXT NOT NULL, agent_version TEXT NOT NULL,
     public_key TEXT NOT NULL, enrolled_at INTEGER NOT NULL, last_seen_at INTEGER, reachable INTEGER);
   CREATE INDEX machines_by_name ON machines (name);
   CREATE INDEX machines_by_hostname ON machines (hostname);
   CREATE VIRTUAL TABLE machines_text USING fts5 (name, hostname, content='machines', content_rowid='id', tokenize='trigram');
   CREATE TRIGGER machines_added AFTER INSERT ON machines BEGIN
     INSERT INTO machines_text (rowid, name, hostname) VALUES (new.id, new.name, new.hostname);
   END;
   CREATE TRIGGER machines_changed AFTER UPDATE OF name, hostname ON machines BEGIN
     INSERT INTO machines_text (machines_text, rowid, name, hostname) VALUES ('delete', old.id, old.name, old.hostname);
     INSERT INTO machines_text (rowid, name, hostname) VALUES (new.id, new.name, new.hostname);
   END;
   CREATE TABLE enrollment_codes (
     code_id TEXT PRIMARY KEY, machine_name TEXT NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER);

   CREATE TABLE sessions (
     session_id TEXT PRIMARY KEY, machine_id TEXT NOT NULL, machine_name TEXT NOT NULL, entry_id TEXT NOT NULL,
     user_id TEXT NOT NULL, user_name TEXT NOT NULL, cols INTEGER NOT NULL, rows INTEGER NOT NULL,
     state TEXT NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER, end_reason TEXT,
     exit_code INTEGER, bytes_in INTEGER NOT NULL DEFAULT 0, bytes_out INTEGER NOT NULL DEFAULT 0,
     redactions INTEGER NOT NULL DEFAULT 0, recording_sha256 TEXT);
   CREATE INDEX sessions_by_entry ON sessions (entry_id, state);
   CREATE INDEX sessions_by_machine ON sessions (machine_id, created_at);
   CREATE TABLE commands (
     session_id TEXT NOT NULL, command_id TEXT NOT NULL, line TEXT NOT NULL, cwd TEXT NOT NULL, started_at INTEGER NOT NULL,
     finished_at INTEGER, duration_ms INTEGER, exit_code INTEGER, source TEXT NOT NULL, trusted INTEGER NOT NULL,
     output_offset INTEGER NOT NULL, PRIMARY KEY (session_id, command_id));
   CREATE TABLE interruptions (session_id TEXT NOT NULL, at INTEGER NOT NULL, gap_ms INTEGER NOT NULL, PRIMARY KEY (session_id, at));

   CREATE TABLE runbooks (
     runbook_id TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, steps TEXT NOT NULL,
     version INTEGER NOT NULL, version_sha256 TEXT NOT NULL);
   CREATE TABLE runbook_steps_expected (session_id TEXT NOT NULL, ordinal INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (session_id, ordinal));
   CREATE TABLE reviews_open (user_id TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, opened_at INTEGER NOT NULL, PRIMARY KEY (user_id, from_ms, to_ms));`,
  // Ends of enrollment codes, keys that were ever enrolled, keys that were seen on two hosts.
  `ALTER TABLE enrollment_codes ADD COLUMN created_by_name TEXT NOT NULL DEFAULT '';
   ALTER TABLE enrollment_codes ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE enrollment_codes ADD COLUMN ended_as TEXT;
   ALTER TABLE enrollment_codes DROP COLUMN used_at;
   DELETE FROM enrollment_codes;
   CREATE INDEX enrollment_codes_open ON enrollment_codes (expires_at) WHERE ended_as IS NULL;
   CREATE TABLE enrolled_keys (public_key TEXT PRIMARY KEY, machine_id TEXT NOT NULL);
   INSERT OR IGNORE INTO enrolled_keys SELECT public_key, machine_id FROM machines;
   CREATE TABLE key_alerts (
     machine_id TEXT PRIMARY KEY, window_at INTEGER NOT NULL, clones INTEGER NOT NULL, last_at INTEGER NOT NULL,
     quarantined_at INTEGER);`,
  // The tree takes the place of the chain: it is made from the lines when the audit is next opened.
  `ALTER TABLE audit DROP COLUMN hash;
   CREATE TABLE audit_head (
     only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, frontier BLOB NOT NULL, signed_size INTEGER NOT NULL);
   CREATE TABLE audit_blocks (block INTEGER PRIMARY KEY, root BLOB NOT NULL);
   CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, root TEXT NOT NULL, signed_at INTEGER NOT NULL, note TEXT NOT NULL);
   CREATE TABLE signing_keys (number INTEGER PRIMARY KEY, public_key TEXT NOT NULL, since INTEGER NOT NULL);
   CREATE TABLE evidence_exports (
     export_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, edition TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
     tree_size INTEGER NOT NULL, last_seen_size INTEGER, opened_at INTEGER NOT NULL);`,
  // Policy, idle and maximum age of entries, tokens that are refused before they end.
  `CREATE TABLE organization_policy (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);
   CREATE TABLE barred (
     who TEXT NOT NULL, code TEXT NOT NULL, until_ms INTEGER NOT NULL, noted_at INTEGER NOT NULL, PRIMARY KEY (who, code));
   ALTER TABLE entries ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE entries ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
   UPDATE entries SET active_at = opened_at, proved_at = opened_at;
   CREATE INDEX entries_live ON entries (user_id) WHERE ended_at IS NULL;
   INSERT INTO due (key, at, kind, arg)
     SELECT 'limit:' || entry_id, opened_at, 'entry.limit', entry_id FROM entries WHERE ended_at IS NULL;`,
  // Names are searched by where words begin, by words one slip away, and in their order; machines can be removed.
  `DROP TRIGGER machines_added;
   DROP TRIGGER machines_changed;
   DROP TABLE machines_text;
   DROP INDEX machines_by_name;
   CREATE INDEX machines_by_name ON machines (name, machine_id, hostname);
   CREATE VIEW machines_searched AS SELECT id, ' ' || name AS name, ' ' || hostname AS hostname FROM machines;
   CREATE VIRTUAL TABLE machines_text USING fts5 (name, hostname, content='machines_searched', content_rowid='id', tokenize='trigram');
   INSERT INTO machines_text (machines_text) VALUES ('rebuild');
   ALTER TABLE machines ADD COLUMN words_kept INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX machines_without_words ON machines (id) WHERE words_kept = 0;
   CREATE TABLE name_words (word TEXT PRIMARY KEY, reversed TEXT NOT NULL) WITHOUT ROWID;
   CREATE INDEX name_words_reversed ON name_words (reversed, word);
   CREATE TRIGGER machines_added AFTER INSERT ON machines BEGIN
     INSERT INTO machines_text (rowid, name, hostname) VALUES (new.id, ' ' || new.name, ' ' || new.hostname);
   END;
   CREATE TRIGGER machines_changed AFTER UPDATE OF name, hostname ON machines
     WHEN old.name <> new.name COLLATE BINARY OR old.hostname <> new.hostname COLLATE BINARY BEGIN
     INSERT INTO machines_text (machines_text, rowid, name, hostname) VALUES ('delete', old.id, ' ' || old.name, ' ' || old.hostname);
     INSERT INTO machines_text (rowid, name, hostname) VALUES (new.id, ' ' || new.name, ' ' || new.hostname);
     UPDATE machines SET words_kept = 0 WHERE id = new.id;
   END;
   CREATE TRIGGER machines_gone AFTER DELETE ON machines BEGIN
     INSERT INTO machines_text (machines_text, rowid, name, hostname) VALUES ('delete', old.id, ' ' || old.name, ' ' || old.hostname);
   END;
   CREATE TABLE removed_machines (machine_id TEXT PRIMARY KEY, name TEXT NOT NULL, removed_at INTEGER NOT NULL);`,
  // When a key was seen on two hosts, for the review.
  `CREATE TABLE key_sightings (at INTEGER NOT NULL, machine_id TEXT NOT NULL, quarantined INTEGER NOT NULL);
   CREATE INDEX key_sightings_by_time ON key_sightings (at);`,
  // How many machines there are, without counting them.
  `CREATE TABLE machines_total (only INTEGER PRIMARY KEY CHECK (only = 1), total INTEGER NOT NULL);
   INSERT INTO machines_total SELECT 1, COUNT(*) FROM machines;
   CREATE TRIGGER machines_counted_in AFTER INSERT ON machines BEGIN UPDATE machines_total SET total = total + 1; END;
   CREATE TRIGGER machines_counted_out AFTER DELETE ON machines BEGIN UPDATE machines_total SET total = total - 1; END;`,
  // The review: where a command's output ends, commands by time, pastes that were stopped, notes.
  `ALTER TABLE commands ADD COLUMN output_end INTEGER;
   CREATE INDEX commands_by_time ON commands (started_at);
   CREATE TABLE blocked_pastes (at INTEGER NOT NULL, entry_id TEXT NOT NULL, session_id TEXT, provenance TEXT NOT NULL);
   CREATE INDEX blocked_pastes_by_time ON blocked_pastes (at);
   CREATE TABLE review_notes (
     note_id TEXT PRIMARY KEY, item_id TEXT NOT NULL, at INTEGER NOT NULL, user_id TEXT NOT NULL, user_name TEXT NOT NULL,
     sealed_id INTEGER NOT NULL);
   CREATE INDEX review_notes_by_item ON review_notes (item_id, at);`,
  // Who looks on in whose session, so that it ends with the stay.
  `CREATE TABLE watches (entry_id TEXT NOT NULL, session_id TEXT NOT NULL, PRIMARY KEY (entry_id, session_id)) WITHOUT ROWID;`,
  // Where the record is sent as it grows.
  `CREATE TABLE stream (
     only INTEGER PRIMARY KEY CHECK (only = 1), revision TEXT NOT NULL, kind TEXT NOT NULL, host TEXT NOT NULL,
     sealed BLOB NOT NULL, sent_seq INTEGER NOT NULL, sending_seq INTEGER, tries INTEGER NOT NULL DEFAULT 0,
     failing_since INTEGER, trouble TEXT, told INTEGER NOT NULL DEFAULT 0);`,
  // What is older than the policy keeps is removed: of its lines the hashes stay.
  `ALTER TABLE audit ADD COLUMN leaf BLOB;
   CREATE TABLE record_pruned (only INTEGER PRIMARY KEY CHECK (only = 1), up_to_seq INTEGER NOT NULL);
   CREATE INDEX sessions_ended ON sessions (ended_at);`,
  // In what shape a receiver gets the lines, to be shown.
  `ALTER TABLE stream ADD COLUMN form TEXT;`,
  // Values that are filled into runbooks, quoted for the shell that runs.
  `ALTER TABLE runbooks ADD COLUMN parameters TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE runbooks ADD COLUMN irreversible INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE sessions ADD COLUMN shell TEXT;`,
  // A session's commands in their order, from any place.
  `CREATE INDEX commands_in_order ON commands (session_id, started_at, output_offset);`,
];
