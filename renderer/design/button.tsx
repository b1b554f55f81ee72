import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './button.module.css';
import type { KeyAction } from './keys/key-table.ts';
import { Key } from './key.tsx';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style'> {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** The key that does the same, shown inside. */
  readonly chord?: string;
  /** Or the action whose key it is. */
  readonly action?: KeyAction;
  /** What Enter does on it, in words that name what it does it to; without, it presses the button by its name. */
  readonly enter?: string;
  /** Until when nothing happens while it is disabled. */
  readonly waits?: string;
  readonly children: ReactNode;
  readonly ref?: React.Ref<HTMLButtonElement>;
}

export function Button({ kind = 'plain', chord, action, enter, waits, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={styles['button']}
      data-kind={kind}
      data-enter={enter}
      data-waits={waits}
      {...rest}
    >
      <span>{children}</span>
      {chord !== undefined && <Key chord={chord} />}
      {action !== undefined && <Key action={action} />}
    </button>
  );
}
