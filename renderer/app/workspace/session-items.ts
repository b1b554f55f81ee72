import type { PaletteItem } from '../../features/palette/index.ts';
import { frontTab, keysOf, nameOf } from '../../features/sessions/index.ts';
import type { SessionsStore } from '../../features/sessions/index.ts';

/** For the palette: to go to each open session, and to have one of another tab beside the one that is shown. */
export function sessionItems(
  sessions: SessionsStore,
  shown: boolean,
  onShow: (key: string) => void,
): readonly PaletteItem[] {
  const { sessions: all, tabs } = sessions.store.getState();
  const front = frontTab(tabs);
  const here = front === null ? [] : keysOf(front.tree);
  const item = (verb: 'Go to' | 'Beside' | 'Below', key: string, name: string, run: () => void) => ({
    id: `${verb}-${key}`.replace(' ', '-'),
    title: verb === 'Go to' ? `Go to ${name}` : `Show ${name} ${verb.toLowerCase()} this one`,
    group: verb === 'Go to' ? 'Session' : 'Panes',
    chord: null,
    run,
  });
  const named = all.map((session) => ({ key: session.key, name: nameOf(session) }));
  const elsewhere = shown ? named.filter(({ key }) => !here.includes(key)) : [];
  return [
    ...named.map(({ key, name }) => item('Go to', key, name, () => onShow(key))),
    ...elsewhere.flatMap(({ key, name }) => [
      item('Beside', key, name, () => sessions.fetch(key, 'right')),
      item('Below', key, name, () => sessions.fetch(key, 'down')),
    ]),
  ];
}
