import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { KnownWorkspace } from '#contract/window-state.ts';
import { frameDoubt, frameFigures } from '#protocol/look/frame-doubts.ts';
import type { FrameDoubt, Marks, Neighbour } from '#protocol/look/frame-doubts.ts';
import { FRAME_COLOURS, FRAME_GLYPHS } from '#protocol/workspace-frame.ts';
import { ClientName } from '../../design/client-name.tsx';
import { Field } from '../../design/field.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import { Key } from '../../design/key.tsx';
import styles from './frame-editor.module.css';

/** How a client looks to everybody: colour and glyph by arrows, the code typed; checked against the others here. */
export function FrameEditor({
  row,
  others,
  onSave,
  onClose,
}: {
  row: KnownWorkspace;
  others: readonly KnownWorkspace[];
  onSave: (marks: Marks) => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const { colour, glyph, code } = row.frame;
  const [marks, setMarks] = useState<Marks>({ colour, glyph, code });
  const neighbours = others.map(({ frame }): Neighbour =>
    Object.assign({ alike: row.lookAlikes.includes(frame.code) }, frame),
  );
  const doubt = frameDoubt(marks, neighbours);
  const { onPlate, ink, apart } = frameFigures(marks, neighbours);
  const short = marks.code.length < 2;
  const changed = marks.colour !== colour || marks.glyph !== glyph || marks.code !== code;
  const idle = idleText(short, doubt !== null, changed);

  const onKeyDown = (event: KeyboardEvent) => {
    const [x, y] = STEPS[event.key] ?? [0, 0];
    if (x !== 0 && event.altKey) setMarks({ ...marks, colour: stepped(FRAME_COLOURS, marks.colour, x) });
    else if (y !== 0) setMarks({ ...marks, glyph: stepped(FRAME_GLYPHS, marks.glyph, y) });
    else if (event.key === 'Enter' && idle === null) onSave(marks);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className={styles['editor']} aria-labelledby="frame-title" onClose={onClose}>
      <h2 id="frame-title" className={styles['title']}>
        How <ClientName frame={row.frame} /> looks to everyone
      </h2>
      <div className={styles['preview']}>
        <FrameMark frame={{ ...row.frame, ...marks }} size="large" />
        <p role="status">
          {marks.colour}, {marks.glyph}
          <span className={styles['figures']}>
            contrast of the frame {onPlate.toFixed(1)}:1, of the code on it {ink.toFixed(1)}:1
            {apart !== null && `; colour ${apart.toFixed(2)} ΔE from the nearest look-alike`}
          </span>
        </p>
      </div>
      <Field
        label="Code"
        value={marks.code}
        maxLength={4}
        autoFocus
        spellCheck={false}
        error={doubt === null ? null : DOUBTS[doubt.kind](doubt)}
        onKeyDown={onKeyDown}
        data-enter={idle ?? `changes how ${row.frame.name} looks to everyone`}
        onChange={({ target }) =>
          setMarks({ ...marks, code: target.value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') })
        }
      />
      <p className={styles['hints']}>
        <Key chord="Alt+ArrowLeft" /> <Key chord="Alt+ArrowRight" /> colour · <Key chord="ArrowUp" />{' '}
        <Key chord="ArrowDown" /> glyph · <Key chord="Escape" /> leave it
      </p>
    </dialog>
  );
}

/** Why Enter does nothing; null: it saves. */
function idleText(short: boolean, alike: boolean, changed: boolean): string | null {
  if (short) return 'does nothing: the code is too short';
  if (alike) return 'does nothing: another client looks like this';
  return changed ? null : 'does nothing until the code, the colour or the glyph is changed';
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const DOUBTS: Readonly<Record<FrameDoubt['kind'], (doubt: FrameDoubt) => string>> = {
  code_taken: () => 'Another client here has this code.',
  marks_taken: (doubt) => `${codeOf(doubt)} has this colour and this glyph.`,
  colour_of_look_alike: (doubt) => `${codeOf(doubt)} has a name like this one, and this colour.`,
};

function codeOf(doubt: FrameDoubt): string {
  return 'code' in doubt ? doubt.code : '';
}

function stepped<T>(all: readonly T[], from: T, by: number): T {
  return all[(all.indexOf(from) + by + all.length) % all.length] ?? from;
}
