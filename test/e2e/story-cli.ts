// `npm run story`: plays the night story and says, row by row, what held. Exits non-zero below 9 of 9.
// Needs no display and no account: without a display it starts one, as root it changes to an ordinary user.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_FAILED, EXIT_INTERRUPTED, logToStderr, readOptions } from '../../build/command-line.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { onScreen } from '../harness/on-screen.ts';
import { beginNight, storyRows } from './story/play.ts';

const USAGE = `usage: npm run story -- [options]

  --docs           renew docs/images from the pictures, when every row held
  --primary-open   Primary stands open and signed in when the link is followed
  --verbose        print what the system and the console say meanwhile

Pictures of every row are saved under .story/.`;
const PORT = 48_630;
const PICTURES = '.story';
/** Pictures of the night that the documents show, and their names there. */
const DOCS_IMAGES = {
  '0-launcher': 'launcher',
  '2-sign-in': 'sign-in',
  '3-empty-search': 'empty-search',
  '4-paste-held': 'paste-held',
  '5-switch': 'switch',
  '6-machine': 'machine',
  '7-session': 'session',
  '9-review-westside': 'review',
  '9-recording': 'recording',
} as const;

const options = readOptions(USAGE, {
  docs: { type: 'boolean' },
  'primary-open': { type: 'boolean' },
  verbose: { type: 'boolean' },
});
const log = logToStderr;
const say = (line: string) => process.stdout.write(`${line}\n`);

// The documents are renewed here: the ordinary user's copy is not the checkout.
const args = process.argv.slice(2).filter((argument) => argument !== '--docs');
const code = await onScreen({ module: 'test/e2e/story-cli.ts', args, bring: [PICTURES], log }, play);
if (code === 0 && options.docs === true) await renewDocs();
process.exit(code);

async function renewDocs(): Promise<void> {
  for (const [picture, name] of Object.entries(DOCS_IMAGES)) {
    const from = join(repositoryRoot, PICTURES, 'night', `${picture}.png`);
    await copyFile(from, join(repositoryRoot, 'docs/images', `${name}.png`));
  }
  log(`docs/images: ${Object.keys(DOCS_IMAGES).length} pictures renewed`);
}

async function play(): Promise<number> {
  // Interrupted: an orderly exit, at which the system, the console and their folders go.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));
  }
  const primaryOpen = options['primary-open'] === true;
  log('Starting the system and the console …');
  const { story, dispose } = await beginNight({
    primaryOpen,
    preferredPort: PORT,
    pictures: join(repositoryRoot, PICTURES, primaryOpen ? 'primary-open' : 'night'),
    note: (text) => say(`         ${text}`),
    log: options.verbose === true ? log : () => {},
  });
  let held = 0;
  try {
    for (const { number, title, play: playRow } of storyRows) {
      const beganAt = performance.now();
      const broken = await playRow(story).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const seconds = ((performance.now() - beganAt) / 1000).toFixed(1);
      say(`row ${number}  ${broken === null ? 'held  ' : 'BROKEN'}  ${seconds.padStart(5)} s  ${title}`);
      if (broken === null) held += 1;
      else say(broken.replaceAll(/^/gm, '         '));
    }
  } finally {
    await dispose();
  }
  say(`story: ${held} of ${storyRows.length}`);
  return held === storyRows.length ? 0 : EXIT_FAILED;
}
