// Enrolling a machine: an administrator names it, gets a code once, and sees the machine appear.
// The code and the command live in this dialog alone; nothing of them is kept when it closes.
// Codes that are still open are listed without what they read, to be replaced or revoked.
// That a machine is enrolled is the relay's word, not a guess from its name.
export { createEnrollment } from './enrollment-store.ts';
export type { EnrollmentState, EnrollmentStore } from './enrollment-store.ts';
export { Enrollment } from './enrollment.tsx';
export { EnrollmentDialog } from './enrollment-dialog.tsx';
