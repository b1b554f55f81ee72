// Whether a paste goes through, is held behind the warning, or is nothing.
import type { PasteReport } from '#protocol/control/verbs.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { ClipboardLedger } from './ledger.ts';
import { hidesJoiner, sanitise, type SanitisedText } from './sanitise.ts';

export type PasteReportCounts = Omit<PasteReport, 'decision'>;

export type PasteDecision =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string; readonly report: PasteReportCounts }
  | {
      readonly kind: 'held';
      readonly reason: 'other_workspace' | 'outside';
      /** Where it was copied; null from outside. */
      readonly from: OrgId | null;
      readonly sanitised: SanitisedText;
      /** `blocked` for another workspace's text, `previewed` for one from outside. */
      readonly report: PasteReport;
    };

const UNSEEN_BYTES_MAX = 2_048;

/**
 * @param raw the clipboard's text
 * @param intoTerminal a text field runs nothing: there, text from outside needs no preview
 */
export function decidePaste(
  ledger: ClipboardLedger,
  orgId: OrgId,
  raw: string,
  intoTerminal: boolean,
): PasteDecision {
  const provenance = ledger.provenance(orgId, raw);
  const sanitised = sanitise(raw);
  const { text, lines, bytes, controlChars } = sanitised;
  if (text === '') return { kind: 'empty' };
  const report = { provenance: provenance.kind, lines, bytes, controlChars };
  switch (provenance.kind) {
    case 'same':
      return { kind: 'text', text, report };
    case 'other_workspace':
      return {
        kind: 'held',
        reason: 'other_workspace',
        from: provenance.from,
        sanitised,
        report: { ...report, decision: 'blocked' },
      };
    case 'outside': {
      // A newline at the end runs the line at once, so it counts as much as a second line.
      const runsOrHides =
        text.includes('\n') || controlChars > 0 || bytes > UNSEEN_BYTES_MAX || hidesJoiner(text);
      return intoTerminal && runsOrHides
        ? {
            kind: 'held',
            reason: 'outside',
            from: null,
            sanitised,
            report: { ...report, decision: 'previewed' },
          }
        : { kind: 'text', text, report };
    }
  }
}
