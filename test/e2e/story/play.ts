import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { people } from '../../harness/people.ts';
import { openStage } from '../../harness/stage.ts';
import { signIn } from './keyboard.ts';
import { PageTraffic } from './page-traffic.ts';
import { row1 } from './rows/row-1-link.ts';
import { row2 } from './rows/row-2-sign-in.ts';
import { row3 } from './rows/row-3-absence.ts';
import { row4 } from './rows/row-4-paste.ts';
import { row5 } from './rows/row-5-switch.ts';
import { row6 } from './rows/row-6-found.ts';
import { row7 } from './rows/row-7-fix.ts';
import { row8 } from './rows/row-8-done.ts';
import { row9 } from './rows/row-9-review.ts';
import { PRIMARY } from './story.ts';
import type { Story, StoryRow } from './story.ts';

export const storyRows: readonly StoryRow[] = [row1, row2, row3, row4, row5, row6, row7, row8, row9];

export interface NightOptions {
  readonly primaryOpen: boolean;
  readonly preferredPort: number;
  /** Folder for pictures; null: none are taken. */
  readonly pictures: string | null;
  readonly note: (text: string) => void;
  readonly log: (line: string) => void;
}

export interface Night {
  readonly story: Story;
  readonly dispose: () => Promise<void>;
}

/** Everything up to 02:17: the system runs, the console stands open, and Primary was worked in that evening. */
export async function beginNight(options: NightOptions): Promise<Night> {
  const { primaryOpen, pictures, note, log } = options;
  const { system, console, dispose } = await openStage({ preferredPort: options.preferredPort, log });
  const picture = async (name: string, page: Page) => {
    if (pictures !== null) await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  const traffic = new PageTraffic(console.application);
  const story: Story = { system, console, traffic, primaryOpen, note, picture };
  try {
    await workEarlierThatEvening(story);
    return { story, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The technician copies the steps of Primary's runbook in Primary's own window. */
async function workEarlierThatEvening({ console, primaryOpen, picture }: Story): Promise<void> {
  const launcher = await console.launcher();
  await expect(launcher.getByRole('option')).toHaveCount(2);
  await picture('0-launcher', launcher);
  await launcher.keyboard.type('primary');
  await launcher.keyboard.press('Enter');
  const primary = await console.workspace(PRIMARY);
  await signIn(primary, people.technician);
  await expect(primary.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
  await primary.keyboard.press('Control+Shift+R');
  await expect(primary.getByRole('option', { name: /Clear a stuck print queue/ })).toBeVisible();
  await primary.keyboard.press('c');
  await primary.keyboard.press('Escape');
  if (primaryOpen) return;
  await primary.keyboard.press('Control+Shift+L');
  // Locked to the end: row 1 holds the window against how it stands here.
  await expect(primary.getByRole('button', { name: 'Sign in again' })).toBeEnabled();
}
