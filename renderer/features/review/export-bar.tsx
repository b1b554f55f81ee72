import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { Button } from '../../design/button.tsx';
import styles from './review-screen.module.css';

export const EXPORTS = [
  { as: 'pdf', text: 'Report, PDF' },
  { as: 'html', text: 'Report, HTML' },
  { as: 'csv', text: 'Table, CSV' },
  { as: 'ocsf', text: 'OCSF' },
  { as: 'ecs', text: 'ECS' },
] as const;
export type ExportAs = (typeof EXPORTS)[number]['as'];

/** What else the time under review is exported as; evidence has keys of its own. */
export function ExportBar({
  onExport,
  onCancel,
}: {
  onExport: (as: ExportAs) => void;
  onCancel: () => void;
}) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => bar.current?.querySelector('button')?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const buttons = [...(bar.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (event.key === 'Escape') onCancel();
    else if (step === 0) return;
    else buttons[(at + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={bar}
      className={styles['noting']}
      role="group"
      aria-label="Export this time as"
      onKeyDown={onKeyDown}
    >
      <span>Export this time as</span>
      {EXPORTS.map(({ as, text }) => (
        <Button key={as} onClick={() => onExport(as)}>
          {text}
        </Button>
      ))}
      <Button kind="quiet" onClick={onCancel} chord="Escape">
        Cancel
      </Button>
    </div>
  );
}
