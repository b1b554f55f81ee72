// The least that Electron can show: what a window of the console is compared with. Opens one at the start, and one
// more, in a partition of its own as the console's are, for every line on stdin.
const { app, BrowserWindow } = require('electron');

const PAGE = 'data:text/html,<title>Empty</title><p>Nothing';
const say = (event) =>
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, surface: 'empty' })}\n`);

let opened = 0;

function open() {
  opened += 1;
  say('window.opened');
  const window = new BrowserWindow({
    width: 1280,
    height: 820,
    show: false,
    webPreferences: { partition: `persist:empty-${opened}`, sandbox: true },
  });
  window.once('ready-to-show', () => {
    window.show();
    say('window.shown');
  });
  void window.loadURL(PAGE);
}

app.enableSandbox();
void app.whenReady().then(() => {
  open();
  process.stdin.on('data', open);
});
