// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { useKeys } from '../../design/keys/use-keys.ts';
import { KeyEditor } from './key-editor.tsx';

afterEach(cleanup);

/** A window with sessions below, with the keys of its places. */
function open() {
  const did: string[] = [];
  const kept: unknown[] = [];
  function Window({ editor }: { editor: boolean }) {
    useKeys({
      closeSession: () => did.push('closeSession'),
      newSession: () => did.push('newSession'),
      endRun: () => did.push('endRun'),
      paste: () => did.push('paste'),
      lock: () => did.push('lock'),
    });
    return (
      editor && (
        <KeyEditor
          onChange={async (changes) => {
            kept.push(changes);
          }}
          onClose={() => undefined}
        />
      )
    );
  }
  const { rerender } = render(<Window editor />);
  return { did, kept, close: () => rerender(<Window editor={false} />) };
}

const press = (target: Element, letter: string) =>
  fireEvent.keyDown(target, { key: letter, code: `Key${letter}`, ctrlKey: true, shiftKey: true });

it('takes the next key as an answer, wherever a click has left the focus', () => {
  const { did, kept } = open();
  fireEvent.click(screen.getByRole('button', { name: /^Change/ }));
  for (const target of [document.body, screen.getByRole('button', { name: /^Change/ })]) {
    press(target, 'W');
    press(target, 'L');
    expect(screen.getByRole('status').textContent).toContain('key_taken');
  }
  expect(did).toEqual([]);
  press(document.body, 'Q');
  expect(kept).toEqual([{ palette: 'Control+Shift+KeyQ' }]);
});

it('shows no key that would do something else while it waits for one', () => {
  open();
  fireEvent.click(screen.getByRole('button', { name: /^Change/ }));
  for (const name of [/^Change/, /^Usual key Del/, /^Usual keys for all/])
    expect(screen.getByRole('button', { name }).hasAttribute('disabled')).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: /^Leave it as it is/ }));
  expect(screen.getByRole('button', { name: /^Close/ })).toBeDefined();
});

it('lets no key through to what is below it but those that leave the client', () => {
  const { did, close } = open();
  for (const letter of ['W', 'T', 'X', 'V', 'L']) press(document.body, letter);
  expect(did).toEqual(['lock']);
  close();
  for (const letter of ['W', 'T', 'X', 'V']) press(document.body, letter);
  expect(did).toEqual(['lock', 'closeSession', 'newSession', 'endRun', 'paste']);
});
