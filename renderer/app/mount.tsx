import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createEnterKeys, EnterKeysContext } from '../design/enter/enter-keys.ts';
import { keepHeldKeys } from '../design/keys/held-key.ts';
import '../design/tokens.css';

/** Ctrl's part is Command's there. */
export const isMac = navigator.userAgent.includes('Macintosh');

export function mount(page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  keepHeldKeys(window);
  createRoot(root).render(
    <StrictMode>
      <EnterKeysContext value={createEnterKeys()}>{page}</EnterKeysContext>
    </StrictMode>,
  );
}
