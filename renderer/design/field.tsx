import { useId } from 'react';
import type { InputHTMLAttributes } from 'react';
import styles from './field.module.css';
import { ProblemText } from './problem-text.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'style' | 'id'> {
  readonly label: string;
  /** What is wrong with this very field. */
  readonly error?: string | null;
  readonly ref?: React.Ref<HTMLInputElement>;
}

export function Field({ label, error = null, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={styles['input']}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        {...rest}
      />
      {error !== null && <ProblemText id={`${id}-error`}>{error}</ProblemText>}
    </div>
  );
}
