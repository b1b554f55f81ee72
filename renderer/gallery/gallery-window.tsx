// What stands around every screen of the gallery: a client's window as the console draws it, or a bare sheet.
import { useState } from 'react';
import type { ReactNode } from 'react';
import insideStyles from '../app/workspace/inside-screen.module.css';
import { WorkspaceHeader } from '../app/workspace/workspace-header.tsx';
import windowStyles from '../app/workspace/workspace-window.module.css';
import { EnterLine } from '../design/enter/enter-line.tsx';
import { frameStyle } from '../design/frame-colours.ts';
import { Key } from '../design/key.tsx';
import { SessionTabs } from '../features/sessions/index.ts';
import type { SessionsStore } from '../features/sessions/index.ts';
import { westside } from '../testing/example-frames.ts';
import { Panes } from './pane-screens.tsx';

const nothing = () => undefined;

export function Shell({
  children,
  frame = westside,
  alarm = false,
  signedIn = true,
  tabs = 'Machines',
  sessions = null,
  over = null,
  banner = null,
  said = null,
}: {
  children: ReactNode;
  frame?: typeof westside;
  alarm?: boolean;
  signedIn?: boolean;
  tabs?: string;
  /** Those that stand open, in tabs of their own. */
  sessions?: SessionsStore | null;
  over?: ReactNode;
  banner?: ReactNode;
  /** Before what Enter does. */
  said?: ReactNode;
}) {
  return (
    <div className={windowStyles['window']} style={frameStyle(frame.colour)}>
      <WorkspaceHeader
        frame={frame}
        person={signedIn ? 'Tess Okafor' : null}
        role={signedIn ? 'technician' : null}
        relay={signedIn ? { dot: 'good', text: 'Connected' } : { dot: 'off', text: 'Not signed in' }}
        alarm={alarm}
        onLock={signedIn ? nothing : null}
      />
      {banner}
      <div className={windowStyles['stage']} inert={over !== null}>
        {signedIn ? (
          <div className={insideStyles['inside']}>
            <nav className={insideStyles['bar']} data-theme="dark" aria-label="Places">
              <div className={insideStyles['tabs']} role="tablist" aria-label="Places and sessions">
                {['Machines', 'Review'].map((name) => (
                  <button
                    key={name}
                    type="button"
                    role="tab"
                    aria-selected={name === tabs}
                    className={insideStyles['tab']}
                  >
                    {name}
                  </button>
                ))}
                {sessions !== null && (
                  <SessionTabs sessions={sessions} shown={tabs === 'Sessions'} onShow={nothing} />
                )}
              </div>
              <button type="button" className={insideStyles['button']}>
                Runbooks <Key action="runbooks" />
              </button>
            </nav>
            <main className={insideStyles['places']}>
              <div className={insideStyles['place']}>{children}</div>
            </main>
          </div>
        ) : (
          children
        )}
      </div>
      {over !== null && <div className={windowStyles['over']}>{over}</div>}
      <EnterLine>{said}</EnterLine>
    </div>
  );
}

/** A window whose sessions are shown, and what lies over them. */
export function Sessions({ make, children }: { make: () => SessionsStore; children?: ReactNode }) {
  const [sessions] = useState(make);
  return (
    <Shell tabs="Sessions" sessions={sessions}>
      <Panes sessions={sessions} takesKeys={children === undefined} />
      {children}
    </Shell>
  );
}

/** Parts for design review: no window has it, so Enter does nothing. */
export function Sheet({ children }: { children: ReactNode }) {
  return (
    <div style={{ display: 'flex', flexDirection: 'column', height: '100%' }}>
      <div style={{ flex: 1, minHeight: 0, overflowY: 'auto' }}>{children}</div>
      <EnterLine framed={false} />
    </div>
  );
}
