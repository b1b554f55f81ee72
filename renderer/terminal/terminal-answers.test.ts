import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { isAnswer } from '#protocol/output/terminal-answers.ts';

const encode = (text: string) => new TextEncoder().encode(text);

describe('isAnswer', () => {
  it('knows what the terminal says by itself', async () => {
    const terminal = new Terminal({ allowProposedApi: true });
    const answers: string[] = [];
    terminal.onData((data) => answers.push(data));
    const queries = [
      '\u001B[c',
      '\u001B[>c',
      '\u001B[5n',
      '\u001B[6n',
      '\u001B[?6n',
      '\u001B[?1$p',
      '\u001BP$qm\u001B\\',
    ];
    await new Promise<void>((done) => terminal.write(queries.join(''), done));
    expect(answers).toHaveLength(queries.length);
    expect(answers.filter((answer) => !isAnswer(encode(answer)))).toEqual([]);
  });

  it.each(['a', '\r', '\u0003', '\u001B', '\u001B[A', '\u001BOA', '\u001B[1;5C', '\u001B[3~', '\u001Bb'])(
    'takes no key for one: %j',
    (key) => expect(isAnswer(encode(key))).toBe(false),
  );
});
