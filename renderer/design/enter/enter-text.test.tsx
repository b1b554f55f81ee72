// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { Button } from '../button.tsx';
import { enterText } from './enter-text.ts';

afterEach(cleanup);

/** What it says with the focus on what carries `data-here`. */
function said(content: ReactNode, bound: readonly (string | null)[] = []): string {
  const { container } = render(content);
  return enterText(container.querySelector('[data-here]'), bound);
}

describe('what Enter does', () => {
  it('is a button’s, by the name on it or by what it does to what', () => {
    expect(
      said(
        <Button data-here chord="Escape">
          Keep <b>all</b>
        </Button>,
      ),
    ).toBe('presses “Keep all”');
    expect(
      said(
        <Button data-here enter="opens a session on W-1">
          Open
        </Button>,
      ),
    ).toBe('opens a session on W-1');
  });

  it('is nothing on a dead button, and says until when', () => {
    const dead = { disabled: true, enter: 'removes W-1', 'data-here': true };
    expect(said(<Button {...dead}>Remove</Button>)).toBe('does nothing yet');
    expect(
      said(
        <Button {...dead} waits="W-1 is typed">
          Remove
        </Button>,
      ),
    ).toBe('does nothing until W-1 is typed');
  });

  it('is the form’s in a field, by the button that sends it', () => {
    const form = (disabled: boolean) => (
      <form>
        <Button>Cancel</Button>
        <input data-here />
        <Button type="submit" disabled={disabled} enter="saves" waits="it is changed">
          Save
        </Button>
      </form>
    );
    expect(said(form(false))).toBe('saves');
    cleanup();
    expect(said(form(true))).toBe('does nothing until it is changed');
  });

  it('is the field’s own where it handles Enter itself, and a text’s new line', () => {
    expect(said(<input data-here data-enter="opens the card of W-1" />)).toBe('opens the card of W-1');
    expect(said(<textarea data-here />)).toBe('begins a new line');
    expect(said(<input data-here />, ['opens W-1'])).toBe('does nothing here');
  });

  it('is the page’s elsewhere, the newest binding first, but not past a dialog', () => {
    expect(said(<ul data-here />, ['opens W-1', 'runs W-2'])).toBe('runs W-2');
    expect(said(<ul data-here />, [null])).toBe('does nothing here');
    cleanup();
    expect(said(<dialog data-here />, ['opens W-1'])).toBe('does nothing here');
  });
});
