import type { ITheme } from '@xterm/xterm';

/** Marks of what is searched for; the one that is shown stands out. */
export const searchColours = {
  matchBackground: '#4a3f1c',
  matchOverviewRuler: '#4a3f1c',
  activeMatchBackground: '#a8841f',
  activeMatchColorOverviewRuler: '#a8841f',
};

/** Sixteen colours at even weight on the sunk ground: hex, as xterm does not read OKLCH. */
export const terminalTheme: ITheme = {
  background: '#090b10',
  foreground: '#d9dde5',
  cursor: '#e8ecf4',
  cursorAccent: '#090b10',
  selectionBackground: '#2f4f80',
  selectionInactiveBackground: '#26354d',
  black: '#2a2f3a',
  red: '#f0716b',
  green: '#6fcf86',
  yellow: '#dfb454',
  blue: '#6ea8f5',
  magenta: '#c58af0',
  cyan: '#56c7cf',
  white: '#c6ccd8',
  brightBlack: '#7b8496',
  brightRed: '#ff938c',
  brightGreen: '#93e6a5',
  brightYellow: '#f3cf7d',
  brightBlue: '#97c3ff',
  brightMagenta: '#dbb0ff',
  brightCyan: '#86e2e8',
  brightWhite: '#f5f7fb',
};
