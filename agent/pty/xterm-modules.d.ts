// xterm's modules by the names of their files: what Node and a bundler both find names in. The addons' own types are
// for the terminal with a screen, and would bring the DOM into the agent.
declare module '@xterm/headless/lib-headless/xterm-headless.mjs' {
  export { Terminal } from '@xterm/headless';
}

declare module '@xterm/addon-serialize/lib/addon-serialize.mjs' {
  import type { ITerminalAddon, Terminal } from '@xterm/headless';

  export class SerializeAddon implements ITerminalAddon {
    activate(terminal: Terminal): void;
    serialize(options: { readonly scrollback: number }): string;
    dispose(): void;
  }
}

declare module '@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs' {
  import type { ITerminalAddon, Terminal } from '@xterm/headless';

  export class UnicodeGraphemesAddon implements ITerminalAddon {
    activate(terminal: Terminal): void;
    dispose(): void;
  }
}
