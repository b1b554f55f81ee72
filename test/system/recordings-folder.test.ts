// Recordings in the folder of a relay on bare workerd: killed while they move, changed by somebody, backed up, pruned.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '#protocol/ids.ts';
import { DEFAULT_POLICY } from '#protocol/policy.ts';
import { backUp, restore } from '../../local/self-host/backup.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';

const KEPT_MS = 500;
const DAY_MS = 24 * 3600_000;

describe('recordings in a folder', () => {
  let system: SmallSystem;
  let state: string;
  let sessionId: SessionId;
  let printed: Buffer;

  beforeAll(async () => {
    system = await startSmallSystem({
      preferredPort: 48_890,
      relayBindings: { RECORDING_KEPT_MS: String(KEPT_MS) },
    });
    state = join(system.stateDir, 'relay');
  }, 60_000);
  afterAll(async () => {
    await system?.dispose();
  });

  /** Without what a kill left half written: workerd writes beside, to a dot file, and renames. */
  const files = async (): Promise<string[]> => {
    const looked = readdir(join(state, 'recordings'), { recursive: true, withFileTypes: true });
    // A folder that goes while it is read: looked at again.
    const found = await looked.catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (found === null) return files();
    return found
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ parentPath, name }) => join(parentPath, name));
  };
  /** In the file of the one session's object, or of the one workspace: as it stands on the disk. */
  const inObject = (kind: string, table: string, run: (database: DatabaseSync) => number) =>
    readdir(join(state, 'objects', kind)).then((names) => {
      for (const name of names.filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite')) {
        const database = new DatabaseSync(join(state, 'objects', kind, name), { timeout: 5000 });
        try {
          const has = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
          if (database.prepare(has).get(table) !== undefined) return run(database);
        } finally {
          database.close();
        }
      }
      return 0;
    });
  const rows = () =>
    inObject('caisey-TerminalSession', 'recording', (database) =>
      Number(database.prepare('SELECT COUNT(*) AS rows FROM recording').get()?.['rows']),
    );
  const read = async (peer: WorkspacePeer): Promise<Buffer> => {
    const parts: Buffer[] = [];
    let cursor: number | null = null;
    do {
      const page: Awaited<ReturnType<typeof ask>> = await ask(peer, cursor);
      for (const event of page.events)
        if (event.kind === 'output') parts.push(Buffer.from(event.data, 'base64'));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return Buffer.concat(parts);
  };
  const ask = (peer: WorkspacePeer, cursor: number | null) =>
    peer.call('recording.read', { sessionId, cursor, purpose: 'play' });
  const restarted = async (meanwhile: () => Promise<unknown> = async () => {}) => {
    await system.killRelay();
    await meanwhile();
    await system.startRelayAgain();
    return system.enter(people.reviewer);
  };

  it('loses nothing to a relay that is killed before, between and after', { timeout: 60_000 }, async () => {
    const machine = await system.addMachine('WEST-PRINT-01');
    const technician = await system.enter(people.technician);
    const chunks: Uint8Array[] = [];
    const terminal = await technician.openTerminal(machine.machineId, {
      onOutput: (bytes) => chunks.push(bytes),
    });
    ({ sessionId } = terminal);
    await terminal.untilText('$ ');
    await terminal.run('seq 1 400000');
    terminal.type('exit\r');
    await terminal.untilEnded();
    printed = Buffer.concat(chunks);
    // Killed as soon as the first part lies there, then again and again until the rows are gone.
    await waitFor('a first file', async () => (await files()).length > 0);
    let kills = 0;
    for (; (await rows()) > 0; kills += 1) {
      expect((await read(await restarted())).equals(printed), `after ${kills} kills`).toBe(true);
    }
    expect(kills).toBeGreaterThan(0);
    const written = await files();
    expect(written.length).toBeGreaterThan(2);
    for (const file of written) {
      expect(file).toContain(join('recordings', system.orgId, machine.machineId, sessionId));
    }
    expect((await read(await restarted())).equals(printed)).toBe(true);
  });

  it('can be checked by anyone, as docs/evidence.md says', async () => {
    const reviewer = await system.enter(people.reviewer);
    const numbered = (await files()).toSorted(
      (a, b) => Number(a.split('/').at(-1)) - Number(b.split('/').at(-1)),
    );
    const texts = await Promise.all(numbered.map((file) => readFile(file, 'utf8')));
    let hash = '0'.repeat(64);
    for (const line of texts.join('').trimEnd().split('\n')) {
      const { kind, at, offsetBytes: offset, cols = null, rows = null, data = '' } = JSON.parse(line).event;
      hash = createHash('sha256')
        .update(`${hash}\n${JSON.stringify({ kind, at, offset, cols, rows })}\n`)
        .update(Buffer.from(data, 'base64'))
        .digest('hex');
    }
    expect(hash).toBe((await reviewer.call('session.review', { sessionId })).recordingSha256);
  });

  it('refuses a file that somebody changed or took away, and says so', { timeout: 30_000 }, async () => {
    const reviewer = await system.enter(people.reviewer);
    const [file = ''] = (await files()).toSorted((a, b) => a.localeCompare(b));
    const whole = await readFile(file, 'utf8');
    const refused = { code: 'recording_damaged' };
    await writeFile(file, whole.replace(/"data":"..../, '"data":"AAAA'));
    await expect(ask(reviewer, null)).rejects.toMatchObject(refused);
    await rename(file, `${file}.away`);
    await expect(ask(reviewer, null)).rejects.toMatchObject(refused);
    await rm(`${file}.away`);
    await writeFile(file, whole);
    expect((await read(reviewer)).equals(printed)).toBe(true);
  });

  it('is in the backup of a running relay, and comes back with it', { timeout: 30_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'caisey-backup-'));
    try {
      const { files: kept } = await backUp(state, join(folder, 'backup'), Date.now());
      expect(kept.filter(({ path }) => path.startsWith('recordings/'))).toHaveLength((await files()).length);
      const reviewer = await restarted(async () => {
        await expect(restore(join(folder, 'backup'), state)).rejects.toThrow('is not empty');
        for (const name of ['objects', 'recordings']) await rm(join(state, name), { recursive: true });
        await restore(join(folder, 'backup'), state);
      });
      expect((await read(reviewer)).equals(printed)).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('goes with what the policy does not keep; the record says so', { timeout: 30_000 }, async () => {
    const reviewer = await restarted(() =>
      inObject('caisey-Workspace', 'sessions', (database) => {
        const year = 365 * DAY_MS;
        database.prepare('UPDATE audit SET at = at - ?').run(year);
        return Number(database.prepare('UPDATE sessions SET ended_at = ended_at - ?').run(year).changes);
      }),
    );
    expect(await files()).not.toEqual([]);
    const admin = await system.enter(people.admin);
    const policy = { ...DEFAULT_POLICY, recordDays: 30 };
    await admin.call('policy.set', { expected: DEFAULT_POLICY, policy });
    await waitFor('the folder to be empty', async () => (await files()).length === 0);
    await expect(ask(reviewer, null)).rejects.toMatchObject({ code: 'not_found' });
    const { lines } = await admin.call('audit.list', { afterSeq: 0, limit: 500 });
    const pruned = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'record.pruned');
    expect(pruned).toMatchObject({ sessions: 1 });
  });
});
