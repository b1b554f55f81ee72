import { useId } from 'react';
import styles from './choice.module.css';

/** One of a few, side by side: Tab comes to it, the arrows choose. */
export function Choice<T extends string>({
  name,
  options,
  value,
  autoFocus = false,
  onChange,
}: {
  name: string;
  options: readonly { readonly value: T; readonly text: string }[];
  value: T;
  autoFocus?: boolean;
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <fieldset className={styles['choice']}>
      <legend className={styles['name']}>{name}</legend>
      <div className={styles['options']}>
        {options.map((option) => (
          <label key={option.value} className={styles['option']}>
            <input
              type="radio"
              className={styles['radio']}
              name={id}
              value={option.value}
              checked={option.value === value}
              autoFocus={autoFocus && option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
