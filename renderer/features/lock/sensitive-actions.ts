import type { VerbName } from '#protocol/control/verbs.ts';

/** What a verb that takes a fresh confirmation is about to do, after "You are about to". */
const ACTIONS: Partial<Record<VerbName, string>> = {
  'policy.set': 'change the rules for entering and staying here',
  'frame.set': 'change how this client looks to everyone',
  'runbook.save': 'change a runbook that others run',
  'enrollment.create': 'create a code that brings a machine in here',
  'enrollment.rotate': 'create a new code that brings a machine in here',
  'machine.remove': 'remove a machine from this client',
  'machine.release': 'let a machine back in whose key was seen twice',
  'audit.rotateKey': 'replace the key that signs this client’s audit',
  'stream.set': 'change where the audit of this client is sent',
  'evidence.open': 'export evidence of this client',
};

export function sensitiveAction(verb: VerbName): string | undefined {
  return ACTIONS[verb];
}
