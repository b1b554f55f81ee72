import { test } from '@playwright/test';
import { beginNight, storyRows } from './story/play.ts';

for (const primaryOpen of [false, true]) {
  test(`the night story, with Primary ${primaryOpen ? 'open' : 'locked'} when the link is followed`, async () => {
    const { story, dispose } = await beginNight({
      primaryOpen,
      preferredPort: 48_730,
      pictures: null,
      note: (text) => test.info().annotations.push({ type: 'measured', description: text }),
      log: () => {},
    });
    try {
      for (const { number, title, play } of storyRows) {
        await test.step(`row ${number}: ${title}`, () => play(story));
      }
    } finally {
      await dispose();
    }
  });
}
