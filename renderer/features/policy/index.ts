// The organization's policy: everyone sees it, administrators change it. The relay keeps it and enforces it.
// What is shown is what holds now; a change is refused when somebody else was faster.
export { createPolicy } from './policy-store.ts';
export type { PolicyState, PolicyStore } from './policy-store.ts';
export { Policy } from './policy.tsx';
export { PolicyDialog } from './policy-dialog.tsx';
