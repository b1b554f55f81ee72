import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { WorkspaceHeader } from '../app/workspace/workspace-header.tsx';
import { frameStyle } from '../design/frame-colours.ts';
import { MachineName } from '../features/machines/index.ts';
import { westside } from '../testing/example-frames.ts';

const EXAMPLES = ['<b>DentalCare</b>_Westside', '\u202Eedistseaw\u202C DentalCare', 'W'.repeat(120)];

/** Headers and rows under any names: a test puts in thousands by `window.showNames`. */
export function HostileNames() {
  const [names, setNames] = useState<readonly string[]>(EXAMPLES);
  useEffect(() => {
    Object.assign(window, { showNames: (next: readonly string[]) => flushSync(() => setNames(next)) });
  }, []);
  return (
    <main>
      <h1 style={{ padding: 20 }}>No client: what headers make of hostile names</h1>
      {names.map((name, index) => (
        // The same name may come twice.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} data-testid="named" style={frameStyle(westside.colour)}>
          <WorkspaceHeader
            frame={{ ...westside, code: 'TEST', name, emphasis: [0, Math.min(5, name.length)] }}
            person="Tess Okafor"
            role="technician"
            relay={{ dot: 'good', text: 'Connected' }}
            alarm={false}
            onLock={() => undefined}
          />
          <p style={{ overflow: 'hidden', whiteSpace: 'nowrap' }}>
            <MachineName text={name} query="" /> <span data-testid="after">online</span>
          </p>
        </div>
      ))}
    </main>
  );
}
