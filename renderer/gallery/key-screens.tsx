import type { ReactNode } from 'react';
import { KeyBindingsContext, createKeyBindings } from '../design/keys/key-bindings.ts';
import { KeyEditor } from '../features/keys/index.ts';

const changes = { runbooks: 'Control+Shift+F9', find: 'Control+Alt+Shift+KeyF', search: 'Control+KeyK' };
const bindings = createKeyBindings(changes, false);
const usual = createKeyBindings({}, false);
const done = () => Promise.resolve();
const nothing = () => undefined;

export function keyScreens(inWindow: (screen: ReactNode) => ReactNode): Record<string, () => ReactNode> {
  return {
    'change-keys': () =>
      inWindow(
        <KeyBindingsContext value={bindings}>
          <KeyEditor onChange={done} onClose={nothing} />
        </KeyBindingsContext>,
      ),
    'press-key': () => inWindow(<KeyEditor onChange={done} onClose={nothing} firstAsked="runbooks" />),
    'key-taken': () => {
      const trouble = usual.problemOf('runbooks', 'Control+Shift+KeyS');
      return inWindow(
        <KeyEditor
          onChange={done}
          onClose={nothing}
          firstAsked="runbooks"
          {...(trouble === null ? {} : { firstTrouble: trouble })}
        />,
      );
    },
  };
}
