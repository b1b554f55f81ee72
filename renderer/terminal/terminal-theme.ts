import type { ITheme } from '@xterm/xterm';

/** Marks of what is searched for. */
export const searchColours = {
  matchBackground: '#4a3f1c',
  matchOverviewRuler: '#4a3f1c',
  activeMatchColorOverviewRuler: '#f2c14e',
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

/** The place that is shown is selected, and nothing else stands out as much: a selection covers any other mark. */
export const findingTheme: ITheme = {
  ...terminalTheme,
  selectionBackground: '#f2c14e',
  selectionInactiveBackground: '#f2c14e',
  selectionForeground: '#090b10',
};

/** While text is chosen by keyboard: a single character that is chosen is seen, though the terminal has no focus. */
export const choosingTheme: ITheme = {
  ...terminalTheme,
  selectionBackground: '#8fb8f2',
  selectionInactiveBackground: '#8fb8f2',
  selectionForeground: '#090b10',
};
