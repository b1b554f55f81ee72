// @vitest-environment happy-dom
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepHeldKeys } from './held-key.ts';

/** What came through, as "key place", and whether the browser would still do what it does by itself. */
const heard: string[] = [];
beforeAll(() => {
  keepHeldKeys(window);
  window.addEventListener('keydown', ({ key, target }) => {
    heard.push(`${key} ${target instanceof Element && target.id !== '' ? target.id : 'page'}`);
  });
});
beforeEach(() => {
  heard.length = 0;
  document.body.innerHTML = `<button id="button"></button><input id="field"><textarea id="text"></textarea>
    <div data-terminal><textarea id="shell"></textarea></div><div data-terminal><textarea id="other"></textarea></div>`;
});

function down(place: string, key: string, repeat = true): boolean {
  const target = document.getElementById(place) ?? document.body;
  const options = { key, code: key, repeat, bubbles: true, cancelable: true };
  return target.dispatchEvent(new KeyboardEvent('keydown', options));
}
const up = (key: string) => window.dispatchEvent(new KeyboardEvent('keyup', { code: key }));

describe('a held key', () => {
  it('goes on where it writes', () => {
    for (const place of ['shell', 'text', 'field'])
      for (const repeat of [false, true, true]) expect(down(place, 'x', repeat)).toBe(true);
    for (const repeat of [false, true, true]) down('shell', 'Enter', repeat);
    expect(heard).toHaveLength(12);
  });

  it('does once what Enter does, wherever the focus goes', () => {
    down('page', 'Enter', false);
    for (const place of ['page', 'button', 'button', 'field', 'shell'])
      expect(down(place, 'Enter'), place).toBe(false);
    expect(heard).toEqual(['Enter page']);
    up('Enter');
    down('button', 'Enter', false);
    expect(down('button', 'Enter')).toBe(false);
    expect(heard).toEqual(['Enter page', 'Enter button']);
  });

  it('writes nothing into a terminal or a field that came under it', () => {
    down('page', 'b', false);
    for (const place of ['shell', 'field']) down(place, 'b');
    down('shell', 'ArrowUp', false);
    for (const place of ['shell', 'other']) down(place, 'ArrowUp');
    expect(heard).toEqual(['b page', 'ArrowUp shell', 'ArrowUp shell']);
  });

  it('writes nothing in a window that it did not go down in', () => {
    down('shell', 'y', false);
    window.dispatchEvent(new Event('blur'));
    for (const key of ['y', 'Enter']) down('shell', key);
    expect(heard).toEqual(['y shell']);
  });

  it('walks through rows and fields', () => {
    down('page', 'ArrowDown', false);
    down('button', 'ArrowDown');
    down('page', 'Tab', false);
    for (const place of ['button', 'field', 'text']) down(place, 'Tab');
    expect(heard).toHaveLength(6);
  });
});
