import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { VisibleText } from './visible-text.tsx';

it('draws by name what would reorder, hide or break a command, and everything else as it is', () => {
  const line = 'cat \u202Egpj.yek\u2066 \u200Bünï 日本 \u001B[2K\u0007 a\nb';
  const { container } = render(<VisibleText text={line} />);
  expect(container.textContent).toBe('cat U+202Egpj.yekU+2066 U+200Bünï 日本 ESC[2KBEL aLF\nb');
  expect(container.textContent).not.toMatch(/\p{Cf}/u);
  expect(container.textContent).not.toContain('\u001B');
});
