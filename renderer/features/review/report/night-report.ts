// A night on paper: what deserves a look first, then the clean sessions, each with its commands, as the review shows
// them. One HTML page that loads nothing and runs nothing; main prints it as a PDF.
import { toBase64 } from '#protocol/evidence/base64.ts';
import type { Checkpoint } from '#protocol/evidence/checkpoint.ts';
import type { ReviewNote } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { GLYPH_SHAPES } from '#protocol/look/glyph-shapes.ts';
import { frameStyle } from '../../../design/frame-colours.ts';
import { nameParts } from '../../../design/name-parts.ts';
import { countText } from '../../../design/time-text.ts';
import type { ReviewItem } from '../review-item.ts';
import type { NightSummary } from '../review-filter.ts';
import { Html, html } from './html-text.ts';
import { cardOf } from './report-card.ts';
import { REPORT_STYLE } from './report-style.ts';
import { momentText, spanText, zoneText } from './report-time.ts';

export interface Night {
  readonly client: WorkspaceFrame;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly items: readonly ReviewItem[];
  readonly summary: NightSummary;
  readonly notes: readonly ReviewNote[];
  readonly madeAt: number;
  /** The newest of the record then; null: nothing was ever signed. */
  readonly checkpoint: Checkpoint | null;
}

/** In pieces: a long night is not held as one text. */
export function* nightReport(night: Night): Generator<string> {
  const { client, range, items, notes } = night;
  yield headOf(night).text;
  const noted = Map.groupBy(notes, ({ itemId }) => itemId);
  const alarms = items.filter(({ kind }) => kind !== 'session');
  const sessions = items.filter(({ kind }) => kind === 'session');
  const chapters = [
    {
      title: 'Attempts and alarms',
      none: 'No attempt was aborted, and nothing raised an alarm.',
      of: alarms,
    },
    {
      title: 'Sessions that deserve a look',
      none: 'None: no command failed, no paste was stopped, no session ended in an odd way.',
      of: sessions.filter(({ exception }) => exception),
    },
    { title: 'Clean sessions', none: 'None.', of: sessions.filter(({ exception }) => !exception) },
  ];
  for (const { title, none, of } of chapters) {
    yield html`<h2>${title} <span>${of.length === 0 ? '' : of.length}</span></h2>
      ${of.length === 0 ? html`<p class="none">${none}</p>` : ''}`.text;
    for (const item of of) yield cardOf(item, noted.get(item.id) ?? []).text;
  }
  yield html`<footer>
      <p>
        ${client.code} ${client.name}, ${spanText(range.fromMs, range.toMs)}. Made on
        ${momentText(night.madeAt)}. Command lines are what the machine’s shell reported; what was typed
        without echo is nowhere.
      </p>
      <p>
        These pages prove nothing by themselves. An evidence file of the same time does, with caisey-verify:
        its checkpoint over as many events has the tree head that the first page shows.
      </p>
    </footer>
    </body>
    </html> `.text;
}

function headOf({ client, range, summary, checkpoint }: Night): Html {
  const { before, distinct, after } = nameParts(client);
  const span = spanText(range.fromMs, range.toMs);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${client.code} ${client.name} · night report · ${span}</title>
        <style>
          ${REPORT_STYLE}
        </style>
      </head>
      <body style="${styleOf(client)}">
        <header>
          <p class="mark">
            <svg viewBox="0 0 24 24" fill-rule="evenodd" aria-hidden="true">
              <path d="${GLYPH_SHAPES[client.glyph]}" />
            </svg>
            ${client.code}
          </p>
          <div>
            <h1>${before}<b>${distinct}</b>${after}</h1>
            <p>Night report · ${span}</p>
          </div>
        </header>
        <dl class="numbers">
          ${figures(summary).map(
            ([what, count, odd]) =>
              html`<div class="${odd && count > 0 ? 'odd' : ''}">
                <dt>${what}</dt>
                <dd>${count}</dd>
              </div>`,
          )}
        </dl>
        <p class="signed">${signedText(checkpoint)}</p>
        <p class="zone">${zoneText(range.fromMs, range.toMs)}</p>
     `;
}

function signedText(checkpoint: Checkpoint | null): Html {
  if (checkpoint === null) return html`Nothing of the record was signed yet.`;
  const { size, root, signedAt } = checkpoint;
  return html`The record is signed up to its event <b>${size.toLocaleString('en')}</b>, on
    ${momentText(signedAt)}, with the tree head <code>${toBase64(root)}</code>.`;
}

function figures(summary: NightSummary): readonly (readonly [string, number, boolean])[] {
  const { attempts, sessions, commands, failed, untrusted, pastes, gaps, keys } = summary;
  return [
    [nounOf(attempts, 'aborted attempt'), attempts, true],
    [nounOf(sessions, 'session'), sessions, false],
    [nounOf(commands, 'command'), commands, false],
    ['failed', failed, true],
    ['untrusted', untrusted, true],
    [`${nounOf(pastes, 'paste')} stopped`, pastes, true],
    [nounOf(gaps, 'long outage'), gaps, true],
    ...(keys > 0 ? [[`${nounOf(keys, 'key')} on two hosts`, keys, true] as const] : []),
  ];
}

function nounOf(count: number, one: string): string {
  return countText(count, one).replace(/^\d+ /, '');
}

/** Of the client's own colour, which is told by the glyph and the code as well. */
function styleOf({ colour }: Night['client']): Html {
  const values = Object.entries(frameStyle(colour)).map(([name, value]) => `${name}: ${String(value)}`);
  return new Html(values.join('; '));
}
