// A night on paper: attempts, then sessions with their commands, exceptions first, as the review shows them. One HTML
// page that loads nothing and runs nothing; main prints it as a PDF.
import type { CommandRecord } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { bytesText, clockText, dayText, durationText } from '../../../design/time-text.ts';
import { attemptReasonText, endReasonText, exceptionTexts } from '../review-item.ts';
import type { ReviewItem } from '../review-item.ts';
import type { NightSummary } from '../review-filter.ts';
import { html } from './html-text.ts';
import type { Html } from './html-text.ts';
import { REPORT_STYLE } from './report-style.ts';

export interface Night {
  readonly client: Pick<WorkspaceFrame, 'code' | 'name'>;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly items: readonly ReviewItem[];
  readonly summary: NightSummary;
  readonly madeAt: number;
  /** Events that the record held then, under its newest checkpoint. */
  readonly treeSize: number;
}

/** In pieces: a long night is not held as one text. */
export function* nightReport(night: Night): Generator<string> {
  const { client, range, items, summary } = night;
  yield html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${client.code} ${client.name}: night report</title>
        <style>
          ${REPORT_STYLE}
        </style>
      </head>
      <body>
        <header>
          <p class="code">${client.code}</p>
          <div>
            <h1>${client.name}</h1>
            <p>${spanText(range.fromMs, range.toMs)}</p>
          </div>
        </header>
        <dl class="numbers">
          ${figures(summary).map(
            ([what, count]) =>
              html`<div>
                <dt>${what}</dt>
                <dd>${count}</dd>
              </div>`,
          )}
        </dl>
     `.text;
  const attempts = items.filter(({ kind }) => kind !== 'session');
  const sessions = items.filter(({ kind }) => kind === 'session');
  yield html`<h2>Attempts and alarms</h2>
    ${attempts.length === 0 ? html`<p class="none">None.</p>` : ''}`.text;
  for (const item of attempts) yield cardOf(item).text;
  yield html`<h2>Sessions</h2>
    ${sessions.length === 0 ? html`<p class="none">None.</p>` : ''}`.text;
  for (const item of sessions) yield cardOf(item).text;
  yield html`<footer>
      Made on ${dayText(night.madeAt)} at ${clockText(night.madeAt)} from the record of this client, which
      then held ${night.treeSize} signed events. Command lines are what the machine’s shell reported. This
      page proves nothing by itself: the evidence file of the same time does, with caisey-verify.
    </footer>
    </body>
    </html> `.text;
}

function figures(summary: NightSummary): readonly (readonly [string, number])[] {
  return [
    ['Aborted attempts', summary.attempts],
    ['Sessions', summary.sessions],
    ['Commands', summary.commands],
    ['Failed', summary.failed],
    ['Untrusted', summary.untrusted],
    ['Pastes stopped', summary.pastes],
    ['Long outages', summary.gaps],
  ];
}

function cardOf(item: ReviewItem): Html {
  switch (item.kind) {
    case 'attempt': {
      const { attempt } = item;
      const switched =
        attempt.orgSwitchedAt === null
          ? []
          : [html` · asked for another client at ${clockText(attempt.orgSwitchedAt, true)}`];
      return html`<section class="odd">
        <h3>${attempt.technician.name}: ${attemptReasonText(attempt)}</h3>
        <p>${spanText(attempt.openedAt, attempt.endedAt)}, ${durationText(attempt.dwellMs)}${switched}</p>
        <table>
          <tr>
            <th>Time</th>
            <th>Searched for</th>
            <th>Found</th>
          </tr>
          ${attempt.queries.map(
            ({ query, at, resultCount }) =>
              html`<tr>
                <td>${clockText(at, true)}</td>
                <td><code>${query}</code></td>
                <td>${resultCount}</td>
              </tr>`,
          )}
        </table>
      </section> `;
    }
    case 'key':
      return html`<section class="odd">
        <h3>The key of ${item.alert.machineName} was seen on two hosts</h3>
        <p>${dayText(item.atMs)} ${clockText(item.atMs)}</p>
      </section> `;
    case 'pastes':
      return html`<section class="odd">
        <h3>${item.stay.technician.name}: pastes stopped outside sessions</h3>
        <p>${item.stay.pastes.map(({ at }) => html`${clockText(at, true)} `)}</p>
      </section> `;
    case 'session': {
      const { session } = item;
      const odd = exceptionTexts(session);
      return html`<section class="${item.exception ? 'odd' : 'clean'}">
        <h3>${session.machineName} · ${session.technician.name}</h3>
        <p>
          ${spanText(session.startedAt, session.endedAt)}${session.endReason === null ? '' : `, ${endReasonText(session)}`},
          ${bytesText(session.bytesOut)} of output${odd.length === 0 ? '' : html` · <b>${odd.join(', ')}</b>`}
        </p>
        ${
          session.commands.length === 0
            ? html`<p class="none">No command.</p>`
            : html`<table>
                <tr>
                  <th>Time</th>
                  <th>Command</th>
                  <th>In</th>
                  <th>Exit</th>
                  <th>Took</th>
                </tr>
                ${session.commands.map(commandRow)}
              </table>`
        }
        ${session.recordingSha256 === null ? '' : html`<p class="hash">Recording SHA-256 ${session.recordingSha256}</p>`}
      </section> `;
    }
  }
}

function commandRow(command: CommandRecord): Html {
  const { exitCode, durationMs, trusted } = command;
  const marks = [...(trusted ? [] : ['untrusted']), ...(command.source === 'runbook' ? ['runbook'] : [])];
  return html`<tr class="${exitCode === 0 || exitCode === null ? '' : 'failed'}">
    <td>${clockText(command.startedAt, true)}</td>
    <td><code>${command.line}</code>${marks.map((mark) => html` <i>${mark}</i>`)}</td>
    <td><code>${command.cwd}</code></td>
    <td>${exitCode ?? '–'}</td>
    <td>${durationMs === null ? '–' : durationText(durationMs)}</td>
  </tr>`;
}

function spanText(fromMs: number, toMs: number | null): string {
  const until = toMs === null ? 'still open' : `${dayText(toMs)} ${clockText(toMs)}`;
  return `${dayText(fromMs)} ${clockText(fromMs)} – ${until}`;
}
