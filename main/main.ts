// The console's main process: puts the parts together and starts them. Decides nothing itself.
// One window and one partition for each organization; what a page may do is in ipc/, where it may send
// anything is in partitions/, who it is signed in as is in identity/.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, dialog, Menu, nativeTheme, protocol, shell } from 'electron';
import { after } from './after.ts';
import { setUpChromium } from './chromium.ts';
import { ClipboardLedger } from './clipboard/ledger.ts';
import { PasteWarnings, type HeldPaste } from './clipboard/paste-warnings.ts';
import { WorkspaceClipboard } from './clipboard/workspace-clipboard.ts';
import { commandLine, configPath, keepGtkFromOpenGl, readConfig, startedFromDesktop } from './config.ts';
import type { Config } from './config.ts';
import { EvidenceFiles } from './evidence/evidence-files.ts';
import { fileKind } from './evidence/file-kind.ts';
import { printReport } from './evidence/print-report.ts';
import { BrowserSignIns } from './identity/browser-sign-ins.ts';
import { secretBox } from './identity/secret-box.ts';
import { answerCalls } from './ipc/answer-calls.ts';
import { callHandlers } from './ipc/call-handlers.ts';
import { Callers } from './ipc/callers.ts';
import { followLink } from './links/follow-link.ts';
import { linkInArguments, type LinkInArguments } from './links/link-in-arguments.ts';
import { createLog } from './log.ts';
import { setUpPartition } from './partitions/partition.ts';
import { LAUNCHER_PARTITION, PASTE_PARTITION } from './partitions/partition-name.ts';
import { relayOrigins } from './partitions/relay-origins.ts';
import { workspacePartitions } from './partitions/workspace-partition.ts';
import { KeySettings } from './settings/key-settings.ts';
import { Settings } from './settings/settings.ts';
import { applicationMenu } from './windows/application-menu.ts';
import { AddClients } from './windows/add-clients.ts';
import { Launcher } from './windows/launcher.ts';
import { restWhatIsCovered } from './windows/rest.ts';
import type { WorkspaceWindow } from './windows/workspace-window.ts';
import { WorkspaceWindows } from './windows/workspace-windows.ts';
import { LINK_SCHEME } from '#protocol/link.ts';

const EXIT_USAGE = 2;
const development = __DEVELOPMENT__;
const preload = join(import.meta.dirname, 'preload.cjs');
const rendererRoot = join(import.meta.dirname, 'renderer');
const log = createLog(
  (line) => process.stderr.write(line),
  () => new Date(),
);

begin();

function begin(): void {
  const userData = app.getPath('userData');
  const path = configPath(commandLine(), userData);
  const config = path.ok ? readConfig(path.value, development) : path;
  if (!config.ok) {
    refuseToStart(config.problem.text);
    return;
  }
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  setUpChromium();
  keepGtkFromOpenGl();
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        corsEnabled: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
  // A development build must not take links away from an installed console.
  if (!development) app.setAsDefaultProtocolClient(LINK_SCHEME);

  const early = linkInArguments(commandLine());
  const arrived: LinkInArguments[] = [];
  let follow = (found: LinkInArguments): void => {
    arrived.push(found);
  };
  app.on('second-instance', (_event, argv) => follow(linkInArguments(argv.slice(1))));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    follow(linkInArguments([url]));
  });
  app.whenReady().then(
    () => {
      follow = start(config.value, userData);
      // macOS hands over its first link before it is ready.
      for (const found of arrived.length > 0 ? arrived : [early]) follow(found);
    },
    (error: unknown) => {
      log('start.failed', { error: String(error) });
      app.exit(1);
    },
  );
}

/** @returns what to do with a link, or with a second start that has none */
function start(config: Config, userData: string): (found: LinkInArguments) => void {
  Menu.setApplicationMenu(applicationMenu());
  const settings = new Settings({
    file: join(userData, 'settings.json'),
    now: () => new Date(),
    newInstallId: randomUUID,
    configured: config.workspaces,
  });
  const keys = new KeySettings(join(userData, 'keys.json'), () => new Date());
  nativeTheme.themeSource = settings.theme;
  const box = secretBox();
  const relay = relayOrigins(config.relayUrl);
  setUpPartition({
    name: LAUNCHER_PARTITION,
    surface: 'launcher',
    rendererRoot,
    log,
    identity: null,
    relay: null,
  });
  setUpPartition({ name: PASTE_PARTITION, surface: 'paste', rendererRoot, log, identity: null, relay: null });

  const callers = new Callers<WorkspaceWindow, HeldPaste>();
  const forget = (contentsId: number): void => callers.remove(contentsId);
  let quitting = false;
  const partitionOf = workspacePartitions({
    frontendApi: config.frontendApi,
    relay,
    rendererRoot,
    identityFolder: join(userData, 'identity'),
    secretBox: box,
    nowMs: () => performance.now(),
    log,
  });
  const windows = new WorkspaceWindows({
    settings,
    keys,
    preload,
    development,
    relayUrl: config.relayUrl,
    publishableKey: config.publishableKey,
    appVersion: app.getVersion(),
    remembersDevice: box !== null,
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    log,
    partitionOf,
    onMade: (window) => callers.add(window.contents.id, { surface: 'workspace', window }),
    // Without any workspace there is the launcher, at once; closing that ends the application.
    onClosing: () => {
      if (!quitting && windows.count === 0) launcher.show();
    },
    onGone: forget,
    onChange: () => {
      warnings.windowsChanged();
      launcher.changed();
    },
  });
  const launcher = new Launcher({
    settings,
    windows,
    forgetPartition: (orgId) => partitionOf(orgId).forget(),
    preload,
    development,
    log,
    now: Date.now,
    onMade: (contentsId) => callers.add(contentsId, { surface: 'launcher' }),
    onGone: forget,
  });
  const addClients = new AddClients({
    settings,
    frontendApi: config.frontendApi,
    publishableKey: config.publishableKey,
    rendererRoot,
    preload,
    development,
    nowMs: () => performance.now(),
    log,
    onMade: (contentsId) => callers.add(contentsId, { surface: 'add' }),
    onGone: forget,
    onDone: () => {
      if (quitting) return;
      launcher.changed();
      launcher.show();
    },
  });
  const warnings = new PasteWarnings({
    preload,
    development,
    log,
    onMade: (contentsId, held) => callers.add(contentsId, { surface: 'paste', held }),
    onGone: forget,
  });
  const clipboard = new WorkspaceClipboard({
    ledger: new ClipboardLedger(),
    warnings,
    frameOf: (orgId) => settings.workspace(orgId)?.frame ?? null,
  });
  const browserSignIns = new BrowserSignIns({
    frontendApi: config.frontendApi,
    signInHosts: config.signInHosts,
    open: (url) => shell.openExternal(url),
    after,
    log,
  });
  const evidenceFiles = new EvidenceFiles<WorkspaceWindow>({
    askPath: async ({ browserWindow }, name) => {
      const { canceled, filePath } = await dialog.showSaveDialog(browserWindow, {
        title: fileKind(name).title,
        defaultPath: join(app.getPath('downloads'), name),
        filters: [fileKind(name).filter],
      });
      return canceled || filePath === '' ? null : filePath;
    },
    print: printReport,
  });
  answerCalls({
    callers,
    handlers: callHandlers({
      windows,
      launcher,
      addClients,
      settings,
      keys,
      onTheme: (theme) => {
        nativeTheme.themeSource = theme;
      },
      clipboard,
      warnings,
      browserSignIns,
      evidenceFiles,
      askRunbookPath: async ({ browserWindow }) => {
        const { canceled, filePaths } = await dialog.showOpenDialog(browserWindow, {
          title: 'Read a runbook',
          properties: ['openFile'],
          filters: [{ name: 'Markdown', extensions: ['md', 'markdown', 'txt'] }],
        });
        return canceled ? null : (filePaths[0] ?? null);
      },
    }),
    checkResults: development,
    log,
  });
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('window-all-closed', () => app.quit());
  app.on('activate', () => launcher.show());
  restWhatIsCovered();
  if (settings.setAside !== null)
    launcher.say({
      code: 'settings_set_aside',
      text: `The settings could not be read. They were kept as ${settings.setAside}, and new ones begun.`,
    });
  if (keys.setAside !== null)
    launcher.say({
      code: 'keys_set_aside',
      text: `The changed keys could not be read: the usual ones are in force. The file was kept as ${keys.setAside}; change keys anew with Ctrl+Shift+, in a client's window.`,
    });
  log('start.ready', {
    version: app.getVersion(),
    electron: process.versions['electron'] ?? '',
    remembersDevice: box !== null,
  });
  return (found) => followLink(found, windows, launcher, browserSignIns);
}

/** Says why in the terminal, and in a box where there is none. */
function refuseToStart(text: string): void {
  process.stderr.write(`caisey: ${text}\n`);
  if (!startedFromDesktop()) {
    app.exit(EXIT_USAGE);
    return;
  }
  app.whenReady().then(
    () => {
      dialog.showErrorBox('Caisey cannot start', text);
      app.exit(EXIT_USAGE);
    },
    () => app.exit(EXIT_USAGE),
  );
}
