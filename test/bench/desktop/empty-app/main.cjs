// The least that Electron can show: what a window of the console is compared with. Opens one at the start, and one
// more for every line on stdin, in a partition of its own as the console's are: an empty one, or for the line
// `libraries` one with the console's libraries, which gives back its caches as the console's pages do.
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { app, BrowserWindow } = require('electron');

const say = (event) =>
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, surface: 'empty' })}\n`);

const file = (name) => join(app.getAppPath(), name);

let opened = 0;

function open(what) {
  opened += 1;
  say('window.opened');
  const window = new BrowserWindow({
    width: 1280,
    height: 820,
    show: false,
    webPreferences: {
      partition: `persist:empty-${opened}`,
      sandbox: true,
      ...(what === 'libraries' ? { preload: file('rest.cjs') } : {}),
    },
  });
  window.once('ready-to-show', () => {
    window.show();
    say('window.shown');
  });
  void (what === 'libraries'
    ? window.loadFile(file('libraries.html'))
    : window.loadURL('data:text/html,<title>Empty</title><p>Nothing'));
}

app.enableSandbox();
void app.whenReady().then(() => {
  open('empty');
  createInterface({ input: process.stdin }).on('line', open);
});
