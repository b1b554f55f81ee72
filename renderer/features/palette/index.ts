// Everything that can be done now, by name: the palette lists what keys are bound, and what the page adds to it.
// It carries nothing out itself: the chosen action runs when the palette has closed and the focus is back.
export { PaletteScreen } from './palette-screen.tsx';
export type { PaletteItem } from './palette-items.ts';
