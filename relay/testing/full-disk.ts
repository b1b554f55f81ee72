// A disk that takes no more of a recording: the database itself refuses.
export const FILL_DISK =
  "CREATE TRIGGER disk_full BEFORE INSERT ON recording BEGIN SELECT RAISE(ABORT, 'disk full'); END";
export const FREE_DISK = 'DROP TRIGGER disk_full';
