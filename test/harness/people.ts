import { demoSeedFile } from '../../local/identity/start-identity.ts';
import { readSeed } from '../../local/identity/seed.ts';

export interface TestPerson {
  readonly userId: string;
  readonly name: string;
  readonly identifier: string;
  readonly password: string;
}

/** The demo's people by what they may do: a member of both clients with that role. */
export const people = {
  technician: personWith('org:technician'),
  reviewer: personWith('org:reviewer'),
  admin: personWith('org:admin'),
};

function personWith(role: string): TestPerson {
  const seed = readSeed(demoSeedFile);
  if (!seed.ok) throw new Error(seed.reason);
  const user = seed.seed.users.find(
    ({ memberships, totpSecret }) =>
      totpSecret === undefined &&
      memberships.length === 2 &&
      memberships.every((membership) => membership.role === role),
  );
  if (user === undefined) throw new Error(`seed.json has no user with ${role} in both organizations`);
  const { id, firstName, lastName, email, password } = user;
  return { userId: id, name: `${firstName} ${lastName}`, identifier: email, password };
}
