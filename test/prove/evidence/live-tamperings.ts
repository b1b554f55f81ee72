// Ways to change a workspace's SQLite file while the relay is down, by someone who knows its tables and not its secret.
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { grow, leafHash } from '#protocol/evidence/merkle-tree.ts';
import type { Dice } from './file-tamperings.ts';

export interface LiveTampering {
  readonly kind: string;
  readonly tamper: (database: DatabaseSync, dice: Dice, seen: number) => void;
}

/** The whole file is one that was kept before the last activity. */
export const OLD_FILE = 'whole file of an earlier time';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

interface Row {
  readonly seq: number;
  readonly line: string;
}

function rowsOf(database: DatabaseSync): Row[] {
  const rows = database.prepare('SELECT seq, line FROM audit ORDER BY seq').all();
  return rows.map((row) => ({ seq: Number(row['seq']), line: String(row['line']) }));
}

function setLine(database: DatabaseSync, seq: number, line: string): void {
  database.prepare('UPDATE audit SET line = ? WHERE seq = ?').run(line, seq);
}

function edited(line: string, name: string, value: unknown): string {
  return JSON.stringify({ ...(JSON.parse(line) as object), [name]: value });
}

/** Makes head and signed size fit the lines that are there. */
function refit(database: DatabaseSync): void {
  let frontier: Uint8Array[] = [];
  const rows = rowsOf(database);
  for (const [size, { line }] of rows.entries()) {
    frontier = grow(sha256, frontier, size, leafHash(sha256, Buffer.from(line)));
  }
  database
    .prepare('UPDATE audit_head SET size = ?, frontier = ?, signed_size = MIN(signed_size, ?)')
    .run(rows.length, Buffer.concat(frontier), rows.length);
}

function renumber(database: DatabaseSync): void {
  for (const [index, { seq, line }] of rowsOf(database).entries()) {
    setLine(database, seq, edited(line, 'seq', index + 1));
    database.prepare('UPDATE audit SET seq = ? WHERE seq = ?').run(index + 1, seq);
  }
}

function dropOne(database: DatabaseSync, dice: Dice, seen: number): void {
  const seq = 1 + dice(seen);
  database.prepare('DELETE FROM audit WHERE seq = ?').run(seq);
  database.prepare('DELETE FROM audit_sealed WHERE seq = ?').run(seq);
}

function editOne(database: DatabaseSync, dice: Dice, seen: number): void {
  const row = rowsOf(database)[dice(seen)];
  if (row !== undefined) setLine(database, row.seq, edited(row.line, 'outcome', `forged ${dice(1e6)}`));
}

/** Cut back to `size` events, as if nothing had happened since. */
function cutTo(database: DatabaseSync, size: number): void {
  for (const table of ['audit', 'audit_sealed'])
    database.prepare(`DELETE FROM ${table} WHERE seq > ?`).run(size);
  database.prepare('DELETE FROM checkpoints WHERE size > ?').run(size);
  refit(database);
}

export const liveTamperings: readonly LiveTampering[] = [
  { kind: 'row edited', tamper: editOne },
  { kind: 'row deleted', tamper: dropOne },
  {
    kind: 'row deleted, rest renumbered, tree made to fit',
    tamper: (database, dice, seen) => {
      dropOne(database, dice, seen);
      renumber(database);
      refit(database);
    },
  },
  {
    kind: 'two rows in each other’s place',
    tamper: (database, dice, seen) => {
      const rows = rowsOf(database);
      const at = dice(seen - 1);
      const [one, other] = [rows[at], rows[at + 1]];
      if (one === undefined || other === undefined) throw new Error('too few rows');
      setLine(database, one.seq, edited(other.line, 'seq', one.seq));
      setLine(database, other.seq, edited(one.line, 'seq', other.seq));
    },
  },
  {
    kind: 'row forged and put in, tree made to fit',
    tamper: (database, dice, seen) => {
      // Before the last that was signed: what is added behind it was never seen otherwise (docs/evidence.md).
      const at = 1 + dice(seen - 1);
      const row = rowsOf(database)[at - 1];
      if (row === undefined) throw new Error('too few rows');
      database.prepare('UPDATE audit SET seq = -seq WHERE seq > ?').run(at);
      database.prepare('UPDATE audit SET seq = 1 - seq WHERE seq < 0').run();
      const line = edited(row.line, 'op_id', `forged ${dice(1e9)}`);
      database
        .prepare('INSERT INTO audit (seq, event_id, op_id, event, at, line) VALUES (?, ?, ?, ?, ?, ?)')
        .run(at + 1, `forged ${dice(1e9)}`, `forged ${dice(1e9)}`, 'forged', 0, line);
      for (const { seq, line } of rowsOf(database)) setLine(database, seq, edited(line, 'seq', seq));
      refit(database);
    },
  },
  {
    kind: 'cut back, tree and checkpoints made to fit',
    tamper: (database, dice, seen) => cutTo(database, seen - 1 - dice(Math.floor(seen / 2))),
  },
  {
    kind: 'last rows deleted',
    tamper: (database, dice, seen) => {
      database.prepare('DELETE FROM audit WHERE seq > ?').run(seen - 1 - dice(5));
    },
  },
  {
    kind: 'wiped',
    tamper: (database) => {
      for (const table of [
        'audit',
        'audit_sealed',
        'audit_head',
        'audit_blocks',
        'checkpoints',
        'signing_keys',
      ]) {
        database.exec(`DELETE FROM ${table}`);
      }
    },
  },
  {
    kind: 'edited, tree made to fit',
    tamper: (database, dice, seen) => {
      editOne(database, dice, seen);
      refit(database);
    },
  },
  {
    kind: 'edited, tree made to fit, all checkpoints taken away',
    tamper: (database, dice, seen) => {
      editOne(database, dice, seen);
      refit(database);
      database.exec('DELETE FROM checkpoints');
      database.exec('UPDATE audit_head SET signed_size = 0');
    },
  },
  {
    kind: 'edited, head taken away for the relay to make again',
    tamper: (database, dice, seen) => {
      editOne(database, dice, seen);
      database.exec('DELETE FROM audit_head');
    },
  },
  {
    kind: 'head changed',
    tamper: (database, dice) => {
      const row = database.prepare('SELECT frontier FROM audit_head').get();
      const frontier = Buffer.from(row?.['frontier'] as Uint8Array);
      const at = dice(frontier.length);
      frontier[at] = (frontier[at] ?? 0) ^ 1;
      database.prepare('UPDATE audit_head SET frontier = ?').run(frontier);
    },
  },
  {
    kind: 'checkpoint changed',
    tamper: (database, dice) => {
      const row = database.prepare('SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1').get();
      const note = String(row?.['note']);
      const [text = '', rest = ''] = note.split('\n\n');
      const root = Buffer.from(text.split('\n')[2] ?? '', 'base64');
      root[dice(32)] = dice(256);
      root[31] = (root[31] ?? 0) ^ 1;
      const forged = text.split('\n').with(2, root.toString('base64')).join('\n');
      database
        .prepare('UPDATE checkpoints SET note = ?, root = ? WHERE size = ?')
        .run(`${forged}\n\n${rest}`, root.toString('base64'), row?.['size'] ?? 0);
    },
  },
  {
    kind: 'sealed text changed',
    tamper: (database) => {
      database.exec(
        "UPDATE sealed SET text = 'forged' WHERE sealed_id = (SELECT MIN(sealed_id) FROM audit_sealed)",
      );
    },
  },
  {
    kind: 'sealed text taken from its line',
    tamper: (database) => {
      database.exec('DELETE FROM audit_sealed WHERE rowid = (SELECT MIN(rowid) FROM audit_sealed)');
    },
  },
  { kind: OLD_FILE, tamper: () => {} },
];
