import { PasteWarningPage } from '../features/paste-warning/index.ts';
import { mount } from './mount.tsx';

mount(<PasteWarningPage bridge={window.caisey} />);
