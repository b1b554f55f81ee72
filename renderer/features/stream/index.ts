// Where this client's record is sent as it grows: a system of its own that gathers such records. Administrators only.
// What is shown is what the relay said last, asked again while the dialog stands open; addresses and tokens go out
// once and are never shown again, the secret that signs batches is shown once.
export { createStream } from './stream-store.ts';
export type { StreamState, StreamStore } from './stream-store.ts';
export { Stream } from './stream.tsx';
export { StreamDialog } from './stream-dialog.tsx';
