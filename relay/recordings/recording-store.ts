// Where finished recordings lie: an R2 bucket (`RECORDINGS`) on Cloudflare, a folder that workerd serves as a disk
// (`RECORDINGS_FOLDER`) elsewhere. With neither bound they stay in their session's object.
// It is trusted with nothing: whoever reads from it checks what came against the chain.
import type { Env } from '../config.ts';

/** Each call rejects when the store does not answer in time, and may then be repeated. */
export interface RecordingStore {
  readonly put: (key: string, body: Uint8Array) => Promise<void>;
  /** Null: there is none of this size. */
  readonly get: (key: string, bytes: number) => Promise<Uint8Array | null>;
  /** Remove whatever lies below this folder; nothing there is fine. */
  readonly removeFolder: (folder: string) => Promise<void>;
}

export function recordingStoreOf({
  RECORDINGS: bucket,
  RECORDINGS_FOLDER: disk,
}: Env): RecordingStore | null {
  if (bucket !== undefined && bucket !== null) return inTime(r2Store(bucket));
  return disk === undefined || disk === null ? null : inTime(folderStore(disk));
}

/** What waits for a store also waits for nothing else: a bucket that hangs holds up neither alarms nor retention. */
const ANSWER_WITHIN_MS = 15_000;

function inTime(store: RecordingStore): RecordingStore {
  const limited = async <T>(answer: Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error('The store of recordings does not answer.')),
        ANSWER_WITHIN_MS,
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    put: (key, body) => limited(store.put(key, body)),
    get: (key, bytes) => limited(store.get(key, bytes)),
    removeFolder: (folder) => limited(store.removeFolder(folder)),
  };
}

function r2Store(bucket: R2Bucket): RecordingStore {
  return {
    put: async (key, body) => void (await bucket.put(key, body)),
    get: async (key, bytes) => {
      // Never more of it than what was written there.
      const found = await bucket.get(key, { range: { offset: 0, length: bytes } });
      const body = await found?.arrayBuffer();
      return body === undefined || found?.size !== bytes ? null : new Uint8Array(body);
    },
    removeFolder: async (folder) => {
      for (;;) {
        const { objects, truncated } = await bucket.list({ prefix: `${folder}/` });
        if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
        if (!truncated) return;
      }
    },
  };
}

function folderStore(disk: Fetcher): RecordingStore {
  const ask = async (method: string, key: string, body?: Uint8Array): Promise<Response | null> => {
    const answer = await disk.fetch(`http://recordings/${key}`, { method, body: body ?? null });
    if (answer.ok) return answer;
    await answer.body?.cancel();
    if (answer.status === 404) return null;
    throw new Error(`The folder of recordings answered ${answer.status} to ${method}.`);
  };
  return {
    put: async (key, body) => {
      if ((await ask('PUT', key, body)) === null) throw new Error('The folder of recordings is not there.');
    },
    get: async (key, bytes) => {
      const found = await ask('GET', key);
      if (found === null) return null;
      if (found.headers.get('Content-Length') === String(bytes))
        return new Uint8Array(await found.arrayBuffer());
      await found.body?.cancel();
      return null;
    },
    // A directory goes with all that is in it.
    removeFolder: async (folder) => void (await ask('DELETE', folder)),
  };
}
