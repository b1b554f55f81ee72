import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaiseyBridge } from '#contract/ipc.ts';
import type { UserId } from '#protocol/ids.ts';
import type { SessionRow } from '#protocol/records.ts';
import type { Call, Entry } from '../../connection/relay-client.ts';
import { createEnrollment } from '../../features/enrollment/index.ts';
import type { EnrollmentStore } from '../../features/enrollment/index.ts';
import { createMachines } from '../../features/machines/index.ts';
import type { MachinesStore } from '../../features/machines/index.ts';
import { createPolicy } from '../../features/policy/index.ts';
import type { PolicyStore } from '../../features/policy/index.ts';
import { createReview } from '../../features/review/index.ts';
import type { EvidenceFile, ReviewStore } from '../../features/review/index.ts';
import { createRunbooks } from '../../features/runbooks/index.ts';
import type { RunbookFiles, RunbooksStore } from '../../features/runbooks/index.ts';
import { createSessions } from '../../features/sessions/index.ts';
import type { SessionPorts, SessionsStore } from '../../features/sessions/index.ts';
import { createStream } from '../../features/stream/index.ts';
import type { StreamStore } from '../../features/stream/index.ts';
import { readTerminal } from '../../terminal/late-terminal.ts';
import { unheeded } from '../bridge.ts';
import { InsideScreen } from './inside-screen.tsx';

export type Place = 'machines' | 'sessions' | 'review';

export interface InsideView {
  readonly place: Place;
  readonly runbooksOpen: boolean;
  readonly keysOpen: boolean;
  readonly keyEditorOpen: boolean;
  readonly paletteOpen: boolean;
  /** Raised by one whenever the search field is to have the focus. */
  readonly focusSearch: number;
  /** This person's sessions that run on without a tab here. */
  readonly running: readonly SessionRow[];
}

/** Everything that exists only while an entry stands; gone as a whole when it ends. */
export interface Inside {
  readonly machines: MachinesStore;
  readonly sessions: SessionsStore;
  readonly runbooks: RunbooksStore;
  readonly runbookFiles: RunbookFiles;
  readonly review: ReviewStore;
  /** Null for everyone but administrators. */
  readonly enrollment: EnrollmentStore | null;
  /** Likewise. */
  readonly stream: StreamStore | null;
  readonly policy: PolicyStore;
  readonly view: StoreApi<InsideView>;
  readonly mayOperate: boolean;
  readonly mayReview: boolean;
  readonly userId: UserId;
  /** Comes with the rest, so that none of it is read in before somebody is signed in. */
  readonly Screen: typeof InsideScreen;
  readonly dispose: () => void;
}

export function createInside(ports: {
  readonly entry: Entry;
  readonly call: Call;
  readonly bridge: CaiseyBridge;
  readonly connection: SessionPorts['connection'];
  readonly now: () => number;
  readonly isReserved: SessionPorts['isReserved'];
}): Inside {
  const { entry, call, bridge, connection, now, isReserved } = ports;
  const mayReview = entry.role !== 'technician';
  // The launcher then tells which clients are still to review: by what their windows said, and by nothing else.
  if (entry.role === 'reviewer') unheeded(bridge.call('workspace.reviews', { done: false }));
  const machines = createMachines(call);
  const copyText = (text: string) => bridge.call('clipboard.copy', { text });
  const sessions = createSessions({ call, connection, isReserved, readTerminal }, bridge);
  const view = createStore<InsideView>(() => ({
    place: entry.role === 'reviewer' ? 'review' : 'machines',
    runbooksOpen: false,
    keysOpen: false,
    keyEditorOpen: false,
    paletteOpen: false,
    focusSearch: 0,
    running: entry.openSessions.filter(({ endedAt }) => endedAt === null),
  }));
  // The last tab is gone: back to where a session comes from.
  const stopTabs = sessions.store.subscribe(({ sessions: open }) => {
    if (open.length === 0 && view.getState().place === 'sessions') {
      view.setState({ place: 'machines', focusSearch: view.getState().focusSearch + 1 });
    }
  });
  // What still runs is likely to be taken up, and no card is seen on the way.
  if (view.getState().running.length > 0) void readTerminal();
  // Whoever sees a machine's card is about to open a session on it.
  const stopCards = machines.store.subscribe(({ card }, { card: before }) => {
    if (card?.kind === 'shown' && before?.kind !== 'shown') void readTerminal();
  });
  return {
    machines,
    sessions,
    view,
    mayReview,
    enrollment:
      entry.role === 'admin'
        ? createEnrollment({
            call,
            now,
            relayUrl: connection.relayUrl,
            copyText,
          })
        : null,
    stream: entry.role === 'admin' ? createStream(call, copyText) : null,
    policy: createPolicy(call, entry.role === 'admin'),
    runbooks: createRunbooks(call),
    runbookFiles: runbookFiles(bridge),
    review: createReview(call, now, evidenceFile(bridge), readTerminal, () =>
      unheeded(bridge.call('workspace.reviews', { done: true })),
    ),
    Screen: InsideScreen,
    mayOperate: entry.role !== 'reviewer',
    userId: entry.person.userId,
    dispose: () => {
      stopTabs();
      stopCards();
      sessions.dispose();
    },
  };
}

function evidenceFile(bridge: CaiseyBridge): EvidenceFile {
  return {
    begin: async (name) => (await bridge.call('evidence.file', { step: 'begin', name })).name,
    append: async (text) => void (await bridge.call('evidence.file', { step: 'append', text })),
    end: async () => void (await bridge.call('evidence.file', { step: 'end' })),
    cancel: async () => void (await bridge.call('evidence.file', { step: 'cancel' })),
  };
}

function runbookFiles(bridge: CaiseyBridge): RunbookFiles {
  const file = evidenceFile(bridge);
  return {
    read: () => bridge.call('runbook.readFile'),
    save: async (suggestedName, text) => {
      if ((await file.begin(suggestedName)) === null) return;
      await file.append(text);
      await file.end();
    },
  };
}
