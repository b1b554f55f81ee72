/** Of the shells that a session of ours is compared with: as the agent starts its own. */
export const SHELL_SIZE = { cols: 120, rows: 40 };
export const SHELL_ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
};
