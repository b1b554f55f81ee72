// The whole directory as a list by name, of which only the stretches that were looked at are here. The relay's
// patches keep it true; who missed one asks again for what is on the screen.
import type { VerbResult } from '#protocol/control/verbs.ts';
import type { DirectoryVersion, MachineRow } from '#protocol/records.ts';
import type { Announcement } from '../../connection/relay-client.ts';

export const PAGE_ROWS = 100;

export interface Directory {
  readonly version: DirectoryVersion;
  readonly total: number;
  /** By number: page n begins at row n × PAGE_ROWS. */
  readonly pages: ReadonlyMap<number, readonly MachineRow[]>;
}

export interface RowRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

export function rowAt({ pages }: Directory, index: number): MachineRow | undefined {
  return pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
}

export function pagesOf({ from, to }: RowRange): number[] {
  const first = Math.floor(from / PAGE_ROWS);
  const last = Math.floor(Math.max(from, to - 1) / PAGE_ROWS);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Pages of this stretch that are not here; a directory's end may lie before it. */
export function missingPages(directory: Directory, range: RowRange): number[] {
  const end = Math.min(range.to, directory.total);
  return end <= range.from
    ? []
    : pagesOf({ from: range.from, to: end }).filter((page) => !directory.pages.has(page));
}

/** A page as the relay gave it; one of another version is the beginning of a new directory. */
export function withPage(
  directory: Directory | null,
  page: number,
  { version, total, machines }: VerbResult<'machine.list'>,
): Directory {
  const same = directory !== null && isSame(directory.version, version) && directory.total === total;
  const pages = new Map(same ? directory.pages : []);
  pages.set(page, machines);
  return { version, total, pages };
}

/** Null: something was missed or has moved, so the rows must be asked for again. */
export function patched(directory: Directory, patch: Announcement): Directory | null {
  const { version } = directory;
  if (version.epoch !== patch.from.epoch || version.seq < patch.from.seq) return null;
  // Told before the rows were read: they hold it already.
  if (version.seq > patch.from.seq) return directory;
  if (patch.changed === null || patch.moved || patch.removed.length > 0) return null;
  const changed = new Map(patch.changed.map((row) => [row.machineId, row]));
  const pages = new Map(
    [...directory.pages].map(([page, rows]) => [
      page,
      rows.some(({ machineId }) => changed.has(machineId))
        ? rows.map((row) => changed.get(row.machineId) ?? row)
        : rows,
    ]),
  );
  return { version: { epoch: version.epoch, seq: patch.seq }, total: patch.total, pages };
}

function isSame(a: DirectoryVersion, b: DirectoryVersion): boolean {
  return a.epoch === b.epoch && a.seq === b.seq;
}
