// HTML that is written as text: everything that goes into it is escaped, unless it was made here.
import { shownText } from '#protocol/plain-text.ts';

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

/** Tag for templates: what is put in is text, whatever it looks like. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = strings.map((own, index) => `${own}${textOf(parts[index] ?? '')}`);
  return new Html(texts.join(''));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return shownText(String(part)).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
