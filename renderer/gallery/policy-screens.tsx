import { useEffect, useState } from 'react';
import { DEFAULT_POLICY } from '#protocol/policy.ts';
import { LockScreen, StayEnding, StepUpDialog } from '../features/lock/index.ts';
import { PolicyDialog } from '../features/policy/index.ts';
import type { PolicyState } from '../features/policy/index.ts';
import { westside } from '../testing/example-frames.ts';
import { now } from './gallery-data.ts';

const nothing = () => undefined;
const never = () => new Promise<never>(nothing);

const rules = (
  note: Extract<PolicyState, { kind: 'shown' }>['note'],
  mayChange = true,
  recordDays = 36_500,
) => (
  <PolicyDialog
    state={{
      kind: 'shown',
      holds: { ...DEFAULT_POLICY, recordDays },
      freshSignInMinutesMax: 2,
      busy: false,
      note,
    }}
    frame={westside}
    mayChange={mayChange}
    onSave={nothing}
    onClose={nothing}
  />
);

/** What lies over the machines. */
export const policyDialog = () => rules(null);
export const policyConflict = () => <Conflict />;
export const policyToRead = () => rules(null, false);
export const policyKept = () => rules({ kind: 'saved' }, true, 2190);

/** What was typed when another's change came. */
function Conflict() {
  const [recordDays, setRecordDays] = useState(2190);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setRecordDays(36_500));
    return () => cancelAnimationFrame(frame);
  }, []);
  return rules({ kind: 'conflict' }, true, recordDays);
}

export const stepUpDialog = () => (
  <StepUpDialog
    frame={westside}
    verb="enrollment.create"
    ports={{
      start: () => Promise.resolve({ kind: 'ask', factor: 'password' }),
      password: never,
      code: never,
    }}
    onCancel={nothing}
  />
);

export const stayEnding = () => (
  <div style={{ padding: 8 }}>
    <StayEnding reason="idle" endsAtMs={now + 118_000} onPresence={nothing} />
  </div>
);

export const idleScreen = () => (
  <LockScreen frame={westside} reason="idle" ending={false} onSignIn={nothing} />
);
