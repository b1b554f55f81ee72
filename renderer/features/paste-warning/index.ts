// The warning that main shows over a workspace when it holds a paste. Its own page, outside every workspace.
// It shows the text as text, with what cannot be seen made visible, and where it would go.
// Discarding is the default; releasing takes a deliberate chord.
export { PasteWarningScreen } from './paste-warning-screen.tsx';
export { PasteWarningPage } from './paste-warning-page.tsx';
