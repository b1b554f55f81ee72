// The morning's review of one client: what happened in a time range, exceptions first, by keyboard alone.
// The relay keeps the clock of the review and records its end; recordings play in the console's own terminal.
// Marks on cards live in this window until the review is completed as a whole.
export { createReview } from './review-store.ts';
export type { EvidenceFile } from './export-evidence.ts';
export type { ReviewStore } from './review-store.ts';
export { Review } from './review.tsx';
