import { expect, it } from 'vitest';
import { takesStepUp, VERB_NAMES } from '#protocol/control/verbs.ts';
import { sensitiveAction } from './sensitive-actions.ts';

it('says of every sensitive verb what it is about to do', () => {
  const silent = VERB_NAMES.filter((verb) => takesStepUp(verb) && sensitiveAction(verb) === undefined);
  expect(silent).toEqual([]);
});
