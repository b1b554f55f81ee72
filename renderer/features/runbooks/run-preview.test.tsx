// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { Runbook } from '#protocol/records.ts';
import { derivedFrame } from '#protocol/workspace-frame.ts';
import { OrgId } from '#protocol/ids.ts';
import { firstValues } from './prepared-run.ts';
import { RunbooksPanel } from './runbooks-panel.tsx';

afterEach(cleanup);

const frame = { ...derivedFrame(OrgId.parse('org_2VxBvWYGxPGdCvksnMITjN4MLzP')), code: 'DCW' };
const runbook = Runbook.parse({
  runbookId: 'run_00000000000000000000000001',
  title: 'Cancel',
  description: '',
  steps: ['lpstat {{queue}}', 'lprm -U {{user}} {{queue}}'],
  parameters: [
    { name: 'queue', description: '', default: 'main', required: true, takes: { kind: 'any' } },
    { name: 'user', description: '', default: null, required: true, takes: { kind: 'any' } },
  ],
  version: 1,
  versionSha256: 'x',
});

function Panel({ shown = runbook, onRun = vi.fn() }: { shown?: Runbook; onRun?: () => void }) {
  const [values, setValues] = useState(firstValues(shown));
  const [confirmed, setConfirmed] = useState('');
  const nothing = () => undefined;
  return (
    <RunbooksPanel
      state={{
        runbooks: [shown],
        error: null,
        chosen: 0,
        starting: false,
        shell: 'posix',
        values,
        confirmed,
      }}
      frame={frame}
      machineName="WEST-01"
      onChoose={nothing}
      onFill={(name, value) => setValues({ ...values, [name]: value })}
      onConfirm={setConfirmed}
      onRun={onRun}
      onCopy={nothing}
      onCopyMarkdown={nothing}
      onSaveFile={nothing}
      onImport={null}
      takesKeys
      onClose={nothing}
    />
  );
}

const lines = () => screen.getByRole('list', { name: 'Steps' }).textContent;
const run = () => screen.getByRole('button', { name: /^Run/ });
const enter = () =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Enter', code: 'Enter' });

it('leads by Enter from the list through what is asked to the button, and runs by one more', () => {
  const onRun = vi.fn();
  render(<Panel onRun={onRun} />);
  expect(run()).toHaveProperty('disabled', true);
  enter();
  expect(document.activeElement).toBe(screen.getByLabelText('queue'));
  enter();
  const user = screen.getByLabelText('user');
  expect(document.activeElement).toBe(user);
  // What is still missing keeps the keyboard.
  enter();
  expect(document.activeElement).toBe(user);
  fireEvent.change(user, { target: { value: "o'neil" } });
  expect(lines()).toBe(String.raw`1lpstat 'main'2lprm -U 'o'\''neil' 'main'`);
  enter();
  expect(document.activeElement).toBe(run());
  expect(onRun).not.toHaveBeenCalled();
});

it('says below a field what is wrong with its value, and what stands in the line until then', () => {
  render(<Panel />);
  fireEvent.change(screen.getByLabelText('user'), { target: { value: 'a\u202Eb' } });
  expect(screen.getByRole('alert').textContent).toContain('turns text around');
  expect(lines()).toContain('{{user}}');
  expect(run()).toHaveProperty('disabled', true);
});

it('asks for the code and the machine, typed and not pasted, where nothing can be undone', () => {
  render(<Panel shown={{ ...runbook, steps: ['true'], parameters: [], irreversible: true }} />);
  const field = screen.getByLabelText(/Type DCW WEST-01/);
  fireEvent.change(field, { target: { value: 'DCW WEST-01' } });
  expect(field).toHaveProperty('value', '');
  for (let end = 1; end <= 11; end += 1)
    fireEvent.change(field, { target: { value: 'DCW WEST-01'.slice(0, end) } });
  expect(run()).toHaveProperty('disabled', false);
});
