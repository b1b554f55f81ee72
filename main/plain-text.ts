import { shownText } from '#protocol/plain-text.ts';

/** A name as it may stand in a title or beside other names: without what hides or reorders, as the relay takes it. */
export function plainText(text: string): string {
  return shownText(text).replaceAll('\uFFFD', '').trim();
}
