// A caisey: link among command line arguments, as the operating system hands it over. Chromium adds and
// reorders arguments, so position says nothing; exactly one link counts.
import { LINK_SCHEME, parseLink, type MachineLink } from '#protocol/link.ts';
import { parseSignInCallback, type SignInCallback } from './sign-in-callback.ts';

export type LinkInArguments =
  | { readonly kind: 'none' }
  | { readonly kind: 'link'; readonly link: MachineLink }
  | { readonly kind: 'sign_in'; readonly callback: SignInCallback }
  | { readonly kind: 'refused' };

/** @param argv without the program itself; options are skipped whatever they hold */
export function linkInArguments(argv: readonly string[]): LinkInArguments {
  const candidates = argv.filter((argument) =>
    argument.trimStart().toLowerCase().startsWith(`${LINK_SCHEME}:`),
  );
  const [first, ...more] = candidates;
  if (first === undefined) return { kind: 'none' };
  if (more.length > 0) return { kind: 'refused' };
  const callback = parseSignInCallback(first);
  if (callback !== null) return { kind: 'sign_in', callback };
  const link = parseLink(first);
  return link === null ? { kind: 'refused' } : { kind: 'link', link };
}
