import { EnrollmentId } from '#protocol/ids.ts';
import { EnrollmentDialog } from '../features/enrollment/index.ts';
import type { EnrollmentState } from '../features/enrollment/index.ts';
import { AddClientsScreen } from '../features/launcher/index.ts';
import { SignInStep } from '../features/sign-in/index.ts';
import { westside } from '../testing/example-frames.ts';
import { launcher, now } from './gallery-data.ts';
import { signInActions } from './sign-in-screens.tsx';

type Shown = Exclude<EnrollmentState, { kind: 'closed' }>;

const nothing = () => undefined;

export const enrolling: Shown = {
  kind: 'waiting',
  machineName: 'WEST-PRINT-02',
  command: `CAISEY_ENROLL_CODE=ce1.${'Ab3'.repeat(60)} node agent.js --relay https://relay.example.com --state /var/lib/caisey-agent`,
  endsAtMs: now + 598_000,
  createdAtMs: now,
  copied: false,
};

const openCode = (last: string, machineName: string, createdBy: string, leftMs: number) => ({
  enrollmentId: EnrollmentId.parse(`enr_${last.padStart(26, '0')}`),
  machineName,
  createdBy,
  endsAtMs: now + leftMs,
});
const openCodes = [
  openCode('3', 'WEST-XRAY-02', 'Anders Lindqvist', 571_000),
  openCode('2', 'WEST-RECEPTION-PC-04', 'Anders Lindqvist', 312_000),
  openCode('1', 'WEST-BACKUP-01', 'Ines Carvalho', 48_000),
];

export const naming: Shown = {
  kind: 'naming',
  name: '',
  busy: false,
  problem: null,
  codes: { rows: openCodes, more: 0, chosen: openCodes[1]?.enrollmentId ?? null, problem: null },
};

export const enrollDialog = (state: Shown) => (
  <EnrollmentDialog
    state={state}
    frame={westside}
    onCreate={nothing}
    onChoose={nothing}
    onRotate={nothing}
    onRevoke={nothing}
    onCopy={nothing}
    onOpenCard={nothing}
    onClose={nothing}
  />
);

export const addClients = (choosing: boolean) => (
  <AddClientsScreen
    state={
      choosing
        ? {
            kind: 'choosing',
            offered: launcher.workspaces.map(({ orgId, frame }, index) => ({
              orgId,
              frame,
              known: index === 3,
            })),
            chosen: new Set(launcher.workspaces.slice(0, 2).map(({ orgId }) => orgId)),
            current: 2,
            problem: null,
          }
        : { kind: 'sign_in' }
    }
    signIn={
      <SignInStep
        state={{ kind: 'identifier', busy: false, problem: null }}
        email=""
        actions={signInActions}
      />
    }
    onMove={nothing}
    onToggle={nothing}
    onToggleAll={nothing}
    onAdd={nothing}
    onRetry={nothing}
    onCancel={nothing}
  />
);
