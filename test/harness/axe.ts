import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;

/** A card of the review is one option: its name says what it is, and never repeats all that it holds. */
const NOT_ASKED = 'label-content-name-mismatch';
const QUICKLY = { resultTypes: ['violations' as const], preload: false, iframes: false };

/** Everything that axe finds in a page, each with the element it found it on. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  if (await page.evaluate(() => 'axe' in window))
    return run(page, { rules: { [NOT_ASKED]: { enabled: false } } });
  const axe = new AxeBuilder({ page })
    .options(QUICKLY)
    .disableRules(NOT_ASKED)
    // The newer mode needs a second page, which a console never opens.
    .setLegacyMode(true);
  return shown(await axe.analyze());
}

/** Contrast alone, in a page that was looked at before: a theme changes nothing else. */
export function axeContrast(page: Page): Promise<readonly string[]> {
  return run(page, { runOnly: { type: 'rule', values: ['color-contrast'] } });
}

/** With the axe that is in the page already. */
async function run(page: Page, options: object): Promise<readonly string[]> {
  const results = await page.evaluate(
    (asked) => {
      const { axe } = window as unknown as {
        axe: { run: (context: Document, options: object) => Promise<AxeResults>; teardown: () => void };
      };
      // What it remembers of the run before, the colours of texts among it.
      axe.teardown();
      return axe.run(document, asked);
    },
    { ...QUICKLY, ...options },
  );
  return shown(results);
}

function shown({ violations }: AxeResults): readonly string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 300)} ${any[0]?.message ?? ''}`),
  );
}
