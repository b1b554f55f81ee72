import { useState } from 'react';
import { useStore } from 'zustand';
import { useKeys } from '../../design/keys/use-keys.ts';
import { TerminalPane } from '../../terminal/terminal-pane.tsx';
import { FindBar } from './find-bar.tsx';
import { PaneHead } from './pane-head.tsx';
import type { Place } from './pane-tree.ts';
import { RunProgress } from './run-progress.tsx';
import type { Session } from './session.ts';
import styles from './session-pane.module.css';
import { terminalEnterText } from './session-text.ts';
import type { ShownPane } from './shown-panes.ts';
import { StateLine } from './state-line.tsx';
import { TextSelectionBar } from './text-selection-bar.tsx';

interface SessionPaneProps {
  readonly session: Session;
  /** Null: of a tab behind; it stays as it was. */
  readonly pane: ShownPane | null;
  /** Sessions are what the window shows. */
  readonly shown: boolean;
  /** False while something lies over them. */
  readonly takesKeys: boolean;
  readonly mayType: boolean;
  readonly onChoose: () => void;
  readonly onCopy: (address?: string) => void;
  readonly onPaste: () => void;
  readonly onClose: () => void;
}

/**
 * One session in its place. All panes but the one that has the keyboard are inert: no key, wheel or program of the
 * page can put the focus there, so what is typed goes where the focus is seen to be.
 */
export function SessionPane(props: SessionPaneProps) {
  const { session, pane, shown, takesKeys, mayType, onChoose, onCopy, onPaste, onClose } = props;
  const state = useStore(session.store);
  const { view } = state;
  const [tool, setTool] = useState<'find' | 'select' | null>(null);
  const [last, setLast] = useState<ShownPane | null>(pane);
  if (pane !== null && pane !== last) setLast(pane);
  const visible = shown && pane?.visible === true;
  const chosen = shown && pane?.chosen === true;
  // Whoever comes back finds the keyboard in the terminal, as everywhere else.
  if (!chosen && tool !== null) setTool(null);
  const live = chosen && takesKeys && state.phase.kind === 'live';
  useKeys({ loadSkipped: () => session.loadSkipped() }, live && state.skipped?.leftBytes === null);
  useKeys({ takeUp: () => void session.takeOver() }, live && mayType);
  useKeys({ find: () => setTool('find'), selectLines: () => setTool('select'), copy: () => onCopy() }, live);
  useKeys({ scrollUp: () => view?.scrollPages(-1), scrollDown: () => view?.scrollPages(1) }, live);
  // A field of a tool takes a paste itself.
  useKeys({ paste: onPaste }, live && tool === null);
  const { panes } = last ?? { panes: 1 };
  return (
    <div
      className={styles['place']}
      style={placeStyle(last?.place ?? null)}
      data-pane=""
      data-visible={visible}
      data-chosen={chosen}
      data-cut={panes > 1}
      onPointerDown={chosen ? undefined : onChoose}
      // What was inert let the press through to here; it must not take the focus that it has just brought.
      onMouseDown={(event) => event.target === event.currentTarget && event.preventDefault()}
    >
      {panes > 1 && last !== null && (
        <PaneHead session={session} state={state} pane={last} onClose={onClose} />
      )}
      <section
        className={styles['session']}
        data-active={chosen}
        aria-label={`Session on ${session.machineName}`}
        aria-hidden={!visible}
        inert={!chosen}
        data-enter={terminalEnterText(session, state)}
      >
        <div className={styles['terminal']}>
          {view !== null && (
            <TerminalPane
              view={view}
              active={chosen && takesKeys && tool === null && state.phase.kind !== 'failed'}
              onMounted={() => void session.start()}
            />
          )}
        </div>
        {state.run !== null && <RunProgress run={state.run} onEnd={() => session.endRun()} />}
        {tool === 'find' && view !== null && <FindBar view={view} onClose={() => setTool(null)} />}
        {tool === 'select' && view !== null && (
          <TextSelectionBar view={view} onCopy={onCopy} onClose={() => setTool(null)} />
        )}
        {tool === null && (
          <StateLine
            session={session}
            state={state}
            mayType={mayType}
            active={chosen && takesKeys}
            onClose={onClose}
          />
        )}
      </section>
    </div>
  );
}

function placeStyle(place: Place | null): Record<string, string> {
  if (place === null) return {};
  const { left, top, width, height } = place;
  const percent = (fraction: number) => `${fraction * 100}%`;
  return { left: percent(left), top: percent(top), width: percent(width), height: percent(height) };
}
