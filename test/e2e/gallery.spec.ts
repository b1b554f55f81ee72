import { expect, test } from '@playwright/test';
import { axeContrast, axeViolations } from '../harness/axe.ts';
import { openGallery, type Gallery } from '../harness/gallery.ts';

let gallery: Gallery;
test.beforeAll(async () => {
  gallery = await openGallery();
});
test.afterAll(async () => {
  await gallery.dispose();
});

test('axe finds nothing in any state of any view, in the dark theme or the light one', async () => {
  const { page, names, show, setTheme } = gallery;
  const found: string[] = [];
  for (const name of names) {
    await setTheme('dark');
    await show(name);
    for (const each of await axeViolations(page)) found.push(`${name} (dark): ${each}`);
    await setTheme('light');
    for (const each of await axeContrast(page)) found.push(`${name} (light): ${each}`);
  }
  process.stdout.write(`axe: ${found.length} violations in ${names.length} states, both themes\n`);
  expect(found).toEqual([]);
  expect(names.length).toBeGreaterThan(40);
});

test('what the foot of the window says of Enter is what Enter does, in every state of every view', async () => {
  const { page, names, errors, show, setTheme } = gallery;
  await setTheme('dark');
  const wrong: string[] = [];
  let nothing = 0;
  for (const name of names) {
    await show(name);
    const says = (await page.getByTestId('enter-does').textContent()) ?? '';
    await page.evaluate(watchEnter);
    await page.keyboard.press('Enter');
    const did = await page.evaluate(() => (window as unknown as { enterDid: () => string[] }).enterDid());
    const idle = says.includes('does nothing');
    if (idle) nothing += 1;
    // Whoever has nothing to do with an Enter may still keep it from others.
    const acted = did.filter((each) => each !== 'handled');
    const pressed = /presses “(.*)”/.exec(says)?.[1];
    const agrees = idle ? acted.length === 0 : did.length > 0;
    const asNamed = pressed === undefined || did.some((each) => each.startsWith(`click ${pressed}`));
    if (!agrees || !asNamed) wrong.push(`${name}: “${says}”: ${did.join(', ')}`);
    // A screen that was acted on is drawn anew for whoever looks at it next.
    await page.evaluate(() => {
      location.hash = '';
    });
  }
  process.stdout.write(`enter: said in ${names.length} states, in ${nothing} that it does nothing\n`);
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

/** In the page: what the next Enter presses, types or changes, and whether something handles it. */
function watchEnter(): void {
  const did: string[] = [];
  const stop = new AbortController();
  const options = { capture: true, signal: stop.signal };
  const drawn = () =>
    [
      document.querySelectorAll(':not([data-terminal] *)').length,
      document.querySelector('dialog[open] [role="status"]')?.textContent,
    ].join(' ');
  const [focused, before] = [document.activeElement, drawn()];
  let pressed: KeyboardEvent | null = null;
  document.addEventListener('keydown', (event) => (pressed = event), options);
  document.addEventListener('input', () => did.push('input'), options);
  document.addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element) did.push(`click ${target.closest('button')?.textContent ?? ''}`);
    },
    options,
  );
  Object.assign(window, {
    enterDid: () => {
      stop.abort();
      if (pressed?.defaultPrevented === true) did.push('handled');
      if (document.activeElement !== focused) did.push('focus');
      if (drawn() !== before) did.push('drawn');
      return did;
    },
  });
}

const HOSTILE = [
  '<img src=x onerror=window.ran=1>',
  '<script>window.ran=1</script>',
  '</h1></header>',
  '&lt;b&gt;',
  '{{7*7}}',
  '${7*7}',
  '"onfocus=window.ran=1 autofocus="',
  'javascript:window.ran=1',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u061c',
  '\u200b',
  '\u200d',
  '\u001b[2J',
  '\u001b]0;x\u0007',
  '\u0000',
  '\n',
  '\r\n',
  '\t',
  '\u2028',
  '\u0085',
  '\ud83d',
  '\ue000',
  '\u3164',
  'e\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  '\ufdfd',
  '\u{1242b}',
  'عميل',
  '日本',
  '👩‍💻',
  'W'.repeat(40),
  ' ',
  'Dental',
  'Care_',
  'DentaI',
];

test('10,000 hostile names are text, break no layout and never push the header off', async () => {
  const { page, show, setTheme } = gallery;
  await setTheme('dark');
  await show('names');
  const names = hostileNames(10_000);
  const broken: string[] = [];
  let shown = 0;
  for (let at = 0; at < names.length; at += 250) {
    const answer = await page.evaluate(showAndMeasure, names.slice(at, at + 250));
    shown += answer.shown;
    broken.push(...answer.broken);
  }
  process.stdout.write(`names: ${shown} hostile ones shown, ${broken.length} broke something\n`);
  expect(broken.slice(0, 20)).toEqual([]);
  expect(shown).toBe(10_000);
});

/** From a fixed seed: one to six pieces each, up to the 120 units that a name may have. */
function hostileNames(count: number): readonly string[] {
  let state = 7;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + below(6) }, () => HOSTILE[below(HOSTILE.length)] ?? '')
      .join('')
      .slice(0, 120),
  );
}

/** In the page: shows the names and says of each what is not as it is for an ordinary one. */
function showAndMeasure(names: readonly string[]): { shown: number; broken: string[] } {
  const page = window as unknown as { showNames: (names: readonly string[]) => void; ran?: number };
  page.showNames(['DentalCare_Westside']);
  const one = (root: ParentNode, selector: string) => {
    const found = root.querySelector(selector);
    if (found === null) throw new Error(`no ${selector}`);
    return found;
  };
  const measure = (row: Element) => {
    const [header, name] = [one(row, 'header'), one(row, 'h1')];
    const [tile, status] = [header.firstElementChild ?? header, one(row, '[role="status"]')].map((each) =>
      each.getBoundingClientRect(),
    );
    const { left, right, height } = header.getBoundingClientRect();
    return {
      layout: JSON.stringify([
        Math.round(height),
        Math.round((tile?.left ?? 0) - left),
        Math.round(tile?.width ?? 0),
        Math.round(right - (status?.right ?? 0)),
        header.scrollWidth - header.clientWidth,
        document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ]),
      elements: header.querySelectorAll('*').length - (name.querySelector('bdi')?.childElementCount ?? 0),
      inName: [...row.querySelectorAll('h1 bdi *')].every(({ localName }) =>
        ['strong', 'span'].includes(localName),
      ),
      text: name.textContent,
      code: header.firstElementChild?.textContent,
      after: one(row, '[data-testid="after"]').textContent,
    };
  };
  const ordinary = measure(one(document, '[data-testid="named"]'));
  page.showNames(names);
  const rows = [...document.querySelectorAll('[data-testid="named"]')];
  const broken = rows.flatMap((row, index) => {
    const name = names[index] ?? '';
    const own = measure(row);
    const same =
      own.layout === ordinary.layout &&
      own.elements === ordinary.elements &&
      own.inName &&
      own.text === name &&
      own.code === ordinary.code &&
      own.after === ordinary.after;
    return same
      ? []
      : [`${JSON.stringify(name)} ${own.layout} instead of ${ordinary.layout}, ${own.elements}`];
  });
  if (page.ran !== undefined) broken.push('a script ran');
  return { shown: rows.length, broken };
}
