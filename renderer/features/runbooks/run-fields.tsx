import { useId } from 'react';
import type { Runbook } from '#protocol/records.ts';
import { VALUE_MAX } from '#protocol/runbook/runbook-parameter.ts';
import { Field } from '../../design/field.tsx';
import { isTyped } from '../../design/is-typed.ts';
import { shownProblem } from './prepared-run.ts';
import styles from './run-fields.module.css';
import type { RunbooksState } from './runbooks-store.ts';

interface RunFieldsProps {
  readonly runbook: Runbook;
  readonly state: Pick<RunbooksState, 'values' | 'confirmed' | 'starting'>;
  /** By parameter. */
  readonly problems: Readonly<Record<string, string>>;
  /** What is typed for one that cannot be undone; null: there is no machine yet. */
  readonly confirmation: string | null;
  readonly onFill: (name: string, value: string) => void;
  readonly onConfirm: (typed: string) => void;
}

/** What a runbook asks for before it runs. */
export function RunFields({ runbook, state, problems, confirmation, onFill, onConfirm }: RunFieldsProps) {
  const { values, confirmed, starting } = state;
  const asksForCode = runbook.irreversible && confirmation !== null;
  if (runbook.parameters.length === 0 && !asksForCode) return null;
  return (
    <div className={styles['fields']}>
      {runbook.parameters.map((parameter) => (
        <Parameter
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          problem={problems[parameter.name]}
          readOnly={starting}
          onChange={(value) => onFill(parameter.name, value)}
        />
      ))}
      {asksForCode && (
        <Field
          label={`This cannot be undone. Type ${confirmation}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={confirmed}
          readOnly={starting}
          data-missing={confirmed !== confirmation}
          onChange={({ target, nativeEvent }) => {
            if (isTyped(confirmed, target.value, nativeEvent)) onConfirm(target.value);
          }}
        />
      )}
    </div>
  );
}

function Parameter({
  parameter,
  value,
  problem,
  readOnly,
  onChange,
}: {
  parameter: Runbook['parameters'][number];
  value: string;
  problem: string | undefined;
  readOnly: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const { name, description, required, takes } = parameter;
  const label = `${name}${description === '' ? '' : ` · ${description}`}${required ? '' : ' · may stay empty'}`;
  if (takes.kind !== 'one_of')
    return (
      <Field
        label={label}
        autoComplete="off"
        spellCheck={false}
        // One more than is taken, so that what is too long is told and not cut.
        maxLength={VALUE_MAX + 1}
        value={value}
        readOnly={readOnly}
        data-missing={problem !== undefined}
        error={shownProblem(parameter, value, problem)}
        onChange={({ target }) => onChange(target.value)}
      />
    );
  return (
    <div className={styles['choice']}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={readOnly}
        data-missing={problem !== undefined}
        onChange={({ target }) => onChange(target.value)}
      >
        {(!required || value === '') && <option value="">{required ? 'Choose one' : 'None'}</option>}
        {takes.values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </div>
  );
}
