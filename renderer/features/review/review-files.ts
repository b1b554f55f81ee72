// Files that a review is taken away in, one at a time; how far each is and what became of it is told in a line.
import type { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
import type { SessionReview } from '#protocol/records.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { CastVersion } from './cast-writer.ts';
import { downloadRecording } from './download-recording.ts';
import type { ExportAs } from './export-bar.tsx';
import { exportEvidence } from './export-evidence.ts';
import type { EvidenceFile, ExportChoice, Exported } from './export-evidence.ts';
import { exportReport } from './report/export-report.ts';
import type { Night } from './report/night-report.ts';

export interface ReviewFilesPorts {
  readonly call: Call;
  readonly file: EvidenceFile;
  readonly now: () => number;
  /** Null: there is nothing to say any more. */
  readonly tell: (line: string | null) => void;
}

export interface ReviewFiles {
  readonly writeRecording: (session: SessionReview, version: CastVersion) => Promise<void>;
  /** The whole record. */
  readonly writeEvidence: (edition: EvidenceEdition) => Promise<void>;
  /** The time under review, for people or for other systems. */
  readonly writeNight: (as: ExportAs, night: Omit<Night, 'madeAt' | 'checkpoint'>) => Promise<void>;
}

export function createReviewFiles({ call, file, now, tell }: ReviewFilesPorts): ReviewFiles {
  let writing = false;

  /** One file at a time. */
  async function write(
    run: () => Promise<Exported>,
    done: (exported: { events: number; name: string }) => string,
  ) {
    if (writing) return;
    writing = true;
    const exported = await run();
    writing = false;
    switch (exported.kind) {
      case 'done':
        return tell(done(exported));
      case 'cancelled':
        return tell(null);
      case 'failed':
        return tell(exported.text);
    }
  }

  const writeRecord = (choice: ExportChoice, advice: string) =>
    write(
      () =>
        exportEvidence(call, file, choice, now, (done, total) => {
          const [part, whole] = [done, total].map((events) => events.toLocaleString('en'));
          tell(`Exporting ${part} of ${whole} events…`);
        }),
      ({ events, name }) => `${events.toLocaleString('en')} events exported to ${name}. ${advice}`,
    );

  return {
    writeRecording: (session, version) => {
      const progress = (done: number, total: number) =>
        tell(`Downloading ${percent(done, total)} of the recording…`);
      return write(
        () => downloadRecording(call, file, session, version, progress),
        ({ name }) => `Recording saved as ${name}. It plays with asciinema.`,
      );
    },
    writeEvidence: (edition) => writeRecord({ form: 'evidence', edition }, 'Check it with caisey-verify.'),
    writeNight: (as, night) => {
      if (as !== 'pdf' && as !== 'html') {
        const { fromMs } = night.range;
        return writeRecord({ form: as, edition: 'client', fromMs }, 'Sealed texts are not in it.');
      }
      tell('Writing the report…');
      return write(
        () => exportReport(call, file, as, { ...night, madeAt: now() }),
        ({ name }) => `The report was saved as ${name}.`,
      );
    },
  };
}

function percent(done: number, total: number): string {
  return `${total === 0 ? 0 : Math.min(99, Math.floor((done / total) * 100))} %`;
}
