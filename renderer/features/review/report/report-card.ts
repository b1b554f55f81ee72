// One card of the review, on paper.
import type {
  AttemptReview,
  BlockedPaste,
  CommandRecord,
  KeyAlertReview,
  ReviewNote,
  SessionReview,
} from '#protocol/records.ts';
import { bytesText, clockText, countText, durationText } from '../../../design/time-text.ts';
import { attemptReasonText, endReasonText, exceptionTexts, PROVENANCE_TEXT } from '../review-item.ts';
import type { ReviewItem } from '../review-item.ts';
import { html } from './html-text.ts';
import type { Html } from './html-text.ts';
import { momentText, spanText } from './report-time.ts';

/** A card with more rows than this may lie on two pages. */
const ROWS_TOGETHER = 8;

export function cardOf(item: ReviewItem, notes: readonly ReviewNote[]): Html {
  const rows = item.kind === 'session' ? item.session.commands.length : 0;
  return html`<section class="${item.exception ? 'odd' : 'clean'} ${rows > ROWS_TOGETHER ? 'long' : 'short'}">
    ${bodyOf(item)}
    ${notes.map(({ by, at, text }) => html`<p class="note">${text} <i>${by.name}, ${momentText(at)}</i></p>`)}
  </section> `;
}

function bodyOf(item: ReviewItem): Html {
  switch (item.kind) {
    case 'attempt':
      return attempt(item.attempt);
    case 'key':
      return keyAlert(item.alert);
    case 'pastes':
      return html`<h3>Paste stopped · ${item.stay.technician.name}</h3>
        <p>Outside any session.</p>
        ${pasteTable(item.stay.pastes)}`;
    case 'session':
      return session(item.session);
  }
}

function attempt(found: AttemptReview): Html {
  const { technician, openedAt, endedAt, dwellMs, orgSwitchedAt, queries, via, machineName } = found;
  const came = via === 'link' ? `by a link to ${machineName ?? 'a machine that is not here'}` : 'by a search';
  const switched = orgSwitchedAt === null ? '' : `, asked for at ${clockText(orgSwitchedAt, true)}`;
  return html`<h3>Aborted attempt · ${technician.name}</h3>
    <p>
      ${spanText(openedAt, endedAt)} · ${durationText(dwellMs)} · came ${came}
      <b>${attemptReasonText(found)}${switched}</b>
    </p>
    ${
      queries.length === 0
        ? html``
        : html`<table>
            <thead>
              <tr>
                <th class="time">Time</th>
                <th>Searched for</th>
                <th class="right took">Found</th>
              </tr>
            </thead>
            ${queries.map(
              ({ query, at, resultCount }) =>
                html`<tr>
                  <td>${clockText(at, true)}</td>
                  <td class="wide"><code>${query}</code></td>
                  <td class="right">${resultCount === 0 ? 'nothing' : resultCount}</td>
                </tr>`,
            )}
          </table>`
    }`;
}

function keyAlert({ machineName, firstAt, lastAt, times, quarantined }: KeyAlertReview): Html {
  return html`<h3>Key on two hosts · ${machineName}</h3>
    <p>
      ${spanText(firstAt, lastAt)} · ${countText(times, 'time')}
      <b>${quarantined ? 'kept out until an administrator decides' : 'let in'}</b>
    </p>`;
}

function session(found: SessionReview): Html {
  const { machineName, technician, startedAt, endedAt, bytesOut, redactions, interruptions } = found;
  const odd = exceptionTexts(found);
  const facts = [
    spanText(startedAt, endedAt),
    ...(endedAt === null ? [] : [durationText(endedAt - startedAt)]),
    ...(found.endReason === null || odd.includes(endReasonText(found).toLowerCase())
      ? []
      : [endReasonText(found).toLowerCase()]),
    `${bytesText(bytesOut)} of output`,
    ...(redactions > 0 ? [`typed without echo ${countText(redactions, 'time')}, not kept`] : []),
    ...(interruptions.length === 0
      ? []
      : [`interrupted for ${interruptions.map(({ gapMs }) => durationText(gapMs)).join(', ')}`]),
  ];
  return html`<h3>${machineName} · ${technician.name}</h3>
    <p>${facts.join(' · ')} ${odd.length === 0 ? '' : html`<b>${odd.join(' · ')}</b>`}</p>
    ${found.commands.length === 0 ? html`<p class="none">No command.</p>` : commandTable(found)}
    ${found.blockedPastes.length === 0 ? '' : pasteTable(found.blockedPastes)}
    ${found.recordingSha256 === null ? '' : html`<p class="hash">Recording SHA-256 ${found.recordingSha256}</p>`}`;
}

/** The head of a table is on each of its pages; where there may be several, it says whose they are. */
function commandTable({ commands, machineName }: SessionReview): Html {
  return html`<table>
    <col class="time" />
    <col />
    <col class="cwd" />
    <col class="exit" />
    <col class="took" />
    <thead>
      ${
        commands.length > ROWS_TOGETHER
          ? html`<tr>
              <th colspan="5">${commands.length} commands on ${machineName}</th>
            </tr>`
          : ''
      }
      <tr>
        <th>Time</th>
        <th>Command</th>
        <th>In</th>
        <th class="right">Exit</th>
        <th class="right">Took</th>
      </tr>
    </thead>
    ${commands.map(commandRow)}
  </table>`;
}

function commandRow({ exitCode, durationMs, trusted, source, startedAt, line, cwd }: CommandRecord): Html {
  const marks = [
    ...(trusted ? [] : ['not reported by our shell']),
    ...(source === 'runbook' ? ['runbook'] : []),
  ];
  return html`<tr class="${exitCode === 0 || exitCode === null ? '' : 'failed'}">
    <td>${clockText(startedAt, true)}</td>
    <td class="wide"><code>${line}</code>${marks.map((mark) => html` <i>${mark}</i>`)}</td>
    <td class="cwd"><code>${cwd}</code></td>
    <td class="right">${exitCode ?? '–'}</td>
    <td class="right">${durationMs === null ? '–' : durationText(durationMs)}</td>
  </tr>`;
}

function pasteTable(pastes: readonly BlockedPaste[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th class="time">Time</th>
        <th>Paste that was stopped</th>
      </tr>
    </thead>
    ${pastes.map(
      ({ at, provenance }) =>
        html`<tr>
          <td>${clockText(at, true)}</td>
          <td class="wide">${PROVENANCE_TEXT[provenance]}</td>
        </tr>`,
    )}
  </table>`;
}
