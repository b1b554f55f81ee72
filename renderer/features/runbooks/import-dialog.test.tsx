// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { OrgId } from '#protocol/ids.ts';
import { derivedFrame } from '#protocol/workspace-frame.ts';
import { ImportDialog } from './import-dialog.tsx';

afterEach(cleanup);

const frame = derivedFrame(OrgId.parse('org_2VxBvWYGxPGdCvksnMITjN4MLzP'));
const open = (text: string, onSave = vi.fn()) =>
  render(
    <ImportDialog
      frame={frame}
      firstText={text}
      versionOf={() => null}
      onReadFile={() => Promise.resolve(null)}
      onSave={onSave}
      onClose={() => undefined}
    />,
  );
const steps = () => screen.getAllByRole('listitem', { hidden: true }).map(({ textContent }) => textContent);

it('shows every step that would be saved, and that they cannot be undone', () => {
  const onSave = vi.fn();
  open('# Wipe\n\n```sh irreversible\nls -l /srv\nrm -r -- /srv\n```\n', onSave);
  expect(steps()).toEqual(['1ls -l /srv', '2rm -r -- /srv']);
  // All of them are in one list that a keyboard reaches and scrolls.
  expect(screen.getByRole('list', { name: 'Steps', hidden: true }).tabIndex).toBe(0);
  expect(screen.getByRole('status', { hidden: true }).textContent).toContain(
    'Cannot be undone. “Wipe”, 2 steps',
  );
  fireEvent.click(screen.getByRole('button', { name: /^Save/, hidden: true }));
  expect(onSave).toHaveBeenCalledOnce();
});

it('shows what cannot be seen in a step by name, and saves none of them', () => {
  const onSave = vi.fn();
  open('# Look\n\n```\nls\necho \u202eon\tx\u200b\n```\n', onSave);
  expect(steps()).toEqual(['1ls', '2echo U+202EonTABxU+200B']);
  expect(screen.getByRole('alert', { hidden: true }).textContent).toContain('cannot be seen');
  fireEvent.click(screen.getByRole('button', { name: /^Save/, hidden: true }));
  expect(onSave).not.toHaveBeenCalled();
});
