import { Launcher, createLauncher } from '../features/launcher/index.ts';
import { mount } from './mount.tsx';

const launcher = createLauncher(window.caisey);
mount(<Launcher launcher={launcher} />);
