// The night story (rows 1–9), played by keyboard in the real application on real parts.
// `npm run story` prints and photographs it; the end-to-end suite plays the same rows.
import type { Page } from '@playwright/test';
import type { SystemWorkspace } from '../../../local/demo/set-up-workspace.ts';
import type { ConsoleApp } from '../../harness/console-app.ts';
import type { TestSystem } from '../../harness/test-system.ts';
import type { PageTraffic } from './page-traffic.ts';

export const PRIMARY = 'DentalCare_Primary';
export const WESTSIDE = 'DentalCare_Westside';
/** The machine that the technician looks for, by its name and by a variant of its hostname. */
export const PRINT_SERVER = 'PRIM-PRINT-01';
export const PRINT_SERVER_VARIANT = 'prim-print-01.primary';
/** Where the link of the alert leads: the look-alike in the other client. */
export const LOOK_ALIKE = 'WEST-PRINT-01';

export interface Story {
  readonly system: TestSystem;
  readonly console: ConsoleApp;
  /** What the pages of both clients were sent. */
  readonly traffic: PageTraffic;
  /** Primary stands open and signed in when the link is followed; row 5 then reverifies there. */
  readonly primaryOpen: boolean;
  /** A figure worth reading; never a condition. */
  readonly note: (text: string) => void;
  /** Save a picture of a page. */
  readonly picture: (name: string, page: Page) => Promise<void>;
}

export interface StoryRow {
  readonly number: number;
  readonly title: string;
  /** @throws what did not hold */
  readonly play: (story: Story) => Promise<void>;
}

export function workspaceNamed({ system }: Story, name: string): SystemWorkspace {
  const found = system.workspaces.find(({ frame }) => frame.name === name);
  if (found === undefined) throw new Error(`no workspace ${name}`);
  return found;
}
