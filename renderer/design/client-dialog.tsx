import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import styles from './client-dialog.module.css';
import { frameStyle } from './frame-colours.ts';
import { FrameMark } from './frame-mark.tsx';

/** What is done to a client, over everything else of its window: of which one stands above it, in its colour. */
export function ClientDialog({
  frame,
  title,
  about,
  wide = false,
  held = false,
  onClose,
  children,
}: {
  frame: WorkspaceFrame;
  title: ReactNode;
  /** A second line of the head. */
  about?: ReactNode;
  wide?: boolean;
  /** It stays open: an answer is under way that must be seen. */
  held?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // What is in it comes once it stands open: what is to have the focus cannot take it before.
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // oxlint-disable-next-line react/set-state-in-effect
    setOpen(true);
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      data-wide={wide}
      style={frameStyle(frame.colour)}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (held && event.target === event.currentTarget) event.preventDefault();
      }}
      onClose={() => {
        // A second Esc in a row closes it whatever was prevented.
        if (held) dialog.current?.showModal();
        else onClose();
      }}
    >
      <header className={styles['head']}>
        <FrameMark frame={frame} />
        <div>
          <h2 id={titleId} className={styles['title']}>
            {title}
          </h2>
          {about !== undefined && <p className={styles['about']}>{about}</p>}
        </div>
      </header>
      {open && children}
    </dialog>
  );
}

/** Below what is asked: the way out on the left, what does it on the right. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles['actions']}>{children}</div>;
}
