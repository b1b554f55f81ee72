import { useState } from 'react';
import { useStore } from 'zustand';
import { retryMs } from '../connection/retry-ms.ts';
import { systemTimers } from '../connection/system-timers.ts';
import { AddClients, createAddClients } from '../features/launcher/index.ts';
import { SignInStep, createLateIdentity, createSignIn } from '../features/sign-in/index.ts';
import { mount } from './mount.tsx';

const RETRY_FLOOR_MS = 1000;

const { publishableKey } = await window.caisey.call('add.window');
const adding = createAddClients(window.caisey);
const signIn = createSignIn({
  // Signs in for no organization: main reads the list, and ends this sign-in with that.
  identity: createLateIdentity({
    publishableKey,
    orgId: null,
    origin: location.origin,
    openBrowser: () => window.caisey.call('add.signInWithBrowser'),
  }),
  now: systemTimers.now,
  after: systemTimers.after,
  retryDelayMs: (attempt) => RETRY_FLOOR_MS + retryMs(attempt, systemTimers.random),
  onSignedIn: () => void adding.list(),
});

function SignIn() {
  const state = useStore(signIn.store);
  const [email, setEmail] = useState('');
  return (
    <SignInStep
      state={state}
      email={email}
      actions={{
        ...signIn.actions,
        identify: (address) => {
          setEmail(address);
          signIn.actions.identify(address);
        },
      }}
    />
  );
}

mount(<AddClients adding={adding} signIn={<SignIn />} />);
