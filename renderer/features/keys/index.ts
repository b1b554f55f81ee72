// Changing keys: which action has which, and another in its place. Main keeps what is changed, for all windows.
export { KeyEditor } from './key-editor.tsx';
