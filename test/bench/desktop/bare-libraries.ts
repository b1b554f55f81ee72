// The page of a window that holds the console's libraries and nothing of the console (see empty-app/main.cjs): what
// React, clerk-js and xterm take once loaded and made, beside one screen of text.
import { Clerk } from '@clerk/clerk-js/no-rhc';
import { Terminal } from '@xterm/xterm';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const LINES = 40;
const LINE = 'The quick brown fox jumps over the lazy dog, and 0123456789 times over the fence. ';

const kept = { clerk: new Clerk(`pk_test_${btoa('bench.invalid$')}`), terminal: new Terminal() };
Object.assign(window, { kept });
const lines = Array.from({ length: LINES }, (_, key) => createElement('div', { key }, LINE.repeat(2)));
createRoot(document.body).render(lines);
