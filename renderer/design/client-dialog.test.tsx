// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ClientDialog } from './client-dialog.tsx';
import { westside } from '../testing/example-frames.ts';

afterEach(cleanup);

it('stays open while it is held, however often Esc is pressed', () => {
  let closed = 0;
  const dialog = (held: boolean) => (
    <ClientDialog frame={westside} title="Stream" held={held} onClose={() => (closed += 1)}>
      asked
    </ClientDialog>
  );
  const { rerender } = render(dialog(true));
  const element = screen.getByRole<HTMLDialogElement>('dialog');
  expect(fireEvent(element, new Event('cancel', { cancelable: true }))).toBe(false);
  element.close();
  expect([element.open, closed]).toEqual([true, 0]);
  rerender(dialog(false));
  element.close();
  expect([element.open, closed]).toEqual([false, 1]);
});
