import { useState } from 'react';
import type { FormEvent } from 'react';
import type { StreamStanding } from '#protocol/stream.ts';
import { Button } from '../../design/button.tsx';
import { DialogActions } from '../../design/client-dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Choice } from './choice.tsx';
import { EMPTY_DRAFT, receiverOf } from './receiver-draft.ts';
import type { ReceiverDraft } from './receiver-draft.ts';
import styles from './stream-dialog.module.css';
import type { StreamStart, StreamStore } from './stream-store.ts';

/** Always from nothing: what an earlier receiver was given is not shown again. */
export function ReceiverForm({
  standing,
  busy,
  problem,
  actions,
}: {
  standing: StreamStanding | null;
  busy: boolean;
  problem: string | null;
  actions: Pick<StreamStore, 'save' | 'back'>;
}) {
  const [draft, setDraft] = useState<ReceiverDraft>(() => ({
    ...EMPTY_DRAFT,
    kind: standing?.receiver.kind ?? EMPTY_DRAFT.kind,
    form: standing?.receiver.form ?? EMPTY_DRAFT.form,
  }));
  const [start, setStart] = useState<StreamStart>('on');
  const [asked, setAsked] = useState(false);
  const read = receiverOf(draft);
  const faults = asked && !read.ok ? read.faults : {};
  const type = (change: Partial<ReceiverDraft>) => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (read.ok && !busy) void actions.save(read.receiver, start);
  };
  const typed = draft.kind === 'webhook' ? draft.url : draft.host;
  const to = read.ok && draft.kind === 'webhook' ? new URL(typed).host : typed.trim();
  const enterDoes = !read.ok
    ? 'sends nothing yet: what is wrong is then said at its field'
    : standing === null
      ? `starts sending the record to ${to}`
      : `sends the record to ${to} from now on`;
  const field = { autoComplete: 'off', spellCheck: false, readOnly: busy } as const;
  return (
    <form className={styles['step']} onSubmit={submit} noValidate aria-label="Receiver">
      <Choice
        name="Sent by"
        options={[
          { value: 'webhook', text: 'HTTPS webhook' },
          { value: 'syslog', text: 'Syslog over TLS' },
        ]}
        value={draft.kind}
        autoFocus
        onChange={(kind) => type({ kind })}
      />
      {draft.kind === 'webhook' ? (
        <>
          <Field
            {...field}
            label="Address"
            placeholder="https://siem.example.com/services/collector"
            value={draft.url}
            error={faults.url ?? null}
            onChange={({ target }) => type({ url: target.value })}
          />
          <Choice
            name="Shape"
            options={[
              { value: 'record', text: 'Lines of the record' },
              { value: 'ocsf', text: 'OCSF' },
              { value: 'ecs', text: 'ECS' },
            ]}
            value={draft.form}
            onChange={(form) => type({ form })}
          />
          <Field
            {...field}
            label="Authorization header, where the receiver wants one"
            type="password"
            placeholder="Splunk 3f1c…"
            value={draft.authorization}
            error={faults.authorization ?? null}
            onChange={({ target }) => type({ authorization: target.value })}
          />
        </>
      ) : (
        <div className={styles['pair']}>
          <Field
            {...field}
            label="Host"
            placeholder="siem.example.com"
            value={draft.host}
            error={faults.host ?? null}
            onChange={({ target }) => type({ host: target.value })}
          />
          <Field
            {...field}
            label="Port"
            inputMode="numeric"
            value={draft.port}
            error={faults.port ?? null}
            onChange={({ target }) => type({ port: target.value })}
          />
        </div>
      )}
      <Choice
        name="Begins with"
        options={[
          {
            value: 'on',
            text:
              standing === null
                ? 'What happens from now on'
                : `Event ${(standing.sentSeq + 1).toLocaleString('en')}, the next one`,
          },
          { value: 'first', text: 'The first event that is kept' },
        ]}
        value={start}
        onChange={setStart}
      />
      <p className={styles['dim']}>
        {draft.kind === 'webhook'
          ? 'Address and token are stored encrypted and not shown again; a new secret signs each batch. '
          : 'Its certificate must be of a known authority, for that name. '}
        This change is in the record itself, and arrives within seconds.
      </p>
      {problem !== null && (
        <p role="alert" className={styles['problem']}>
          {problem}
        </p>
      )}
      <DialogActions>
        <Button kind="quiet" onClick={actions.back} disabled={busy}>
          Back
        </Button>
        <Button
          kind="primary"
          type="submit"
          disabled={busy || to === ''}
          chord="Enter"
          enter={enterDoes}
          waits={
            busy ? 'the relay has answered' : `${draft.kind === 'webhook' ? 'an address' : 'a host'} is typed`
          }
        >
          {busy ? 'Asking the relay…' : standing === null ? 'Start sending' : 'Replace the receiver'}
        </Button>
      </DialogActions>
    </form>
  );
}
