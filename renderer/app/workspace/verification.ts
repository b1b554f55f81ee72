import type { Call } from '../../connection/relay-client.ts';
import type { ReverifyPorts, ReverifyStep } from '../../features/lock/index.ts';
import type { FactorStep, Identity } from '../../features/sign-in/index.ts';

interface VerificationPorts {
  readonly identity: Pick<Identity, 'startReverification' | 'reverifyPassword' | 'reverifyCode' | 'getToken'>;
  readonly call: Call;
  readonly purpose: 'switch' | 'step_up';
  /** The relay has accepted it. */
  readonly onDone: () => void;
}

/** Proving a factor again within a stay: first to the identity service, then, with a new token, to the relay. */
export function createVerification({ identity, call, purpose, onDone }: VerificationPorts): ReverifyPorts {
  async function verified(step: FactorStep): Promise<ReverifyStep> {
    if (step.kind !== 'complete') return reverifyStep(step);
    const token = await identity.getToken();
    if (!token.ok) return { kind: 'wrong', text: 'The sign-in service did not answer. Try again.' };
    const answer = await call('workspace.reverify', { token: token.token, purpose });
    if (!answer.ok) return { kind: 'wrong', text: answer.error.text };
    onDone();
    return { kind: 'done' };
  }
  return {
    start: async () => reverifyStep(await identity.startReverification()),
    password: async (password) => verified(await identity.reverifyPassword(password)),
    code: async (code) => verified(await identity.reverifyCode(code)),
  };
}

function reverifyStep(step: FactorStep): ReverifyStep {
  switch (step.kind) {
    case 'complete':
      return { kind: 'done' };
    case 'password':
      return { kind: 'ask', factor: 'password' };
    case 'totp':
      return { kind: 'ask', factor: 'code' };
    case 'email_code':
      return { kind: 'ask', factor: 'email_code' };
    case 'unsupported':
      return {
        kind: 'wrong',
        text: `Your account asks for ${step.factor}, which cannot be confirmed here. Lock this client and sign in again.`,
      };
    case 'wrong':
    case 'unreachable':
      return { kind: 'wrong', text: step.text };
  }
}
