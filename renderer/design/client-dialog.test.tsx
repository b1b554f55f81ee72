// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientDialog } from './client-dialog.tsx';

afterEach(cleanup);

const frame: WorkspaceFrame = {
  colour: 'amber',
  glyph: 'triangle',
  code: 'DCW',
  name: 'DentalCare_Westside',
  emphasis: [11, 19],
};

it('stays open while it is held, however often Esc is pressed', () => {
  let closed = 0;
  const dialog = (held: boolean) => (
    <ClientDialog frame={frame} title="Stream" held={held} onClose={() => (closed += 1)}>
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
