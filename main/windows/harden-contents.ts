// What every page of ours gets, and what no page of ours can do.
import type { WebContents, WebPreferences } from 'electron';
import type { Log } from '../log.ts';

export function webPreferences(preload: string, partition: string, development: boolean): WebPreferences {
  return {
    preload,
    partition,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    safeDialogs: true,
    devTools: development,
    v8CacheOptions: 'bypassHeatCheck',
  };
}

/** Keeps a page where it is: no navigation, no new windows, no webviews, no peer connections around the relay. */
export function hardenContents(contents: WebContents, log: Log): void {
  const deny = (what: string) => (event: { preventDefault: () => void }) => {
    event.preventDefault();
    log('navigation.denied', { what });
  };
  contents.on('will-navigate', deny('navigate'));
  contents.on('will-frame-navigate', deny('frame'));
  contents.on('will-redirect', deny('redirect'));
  contents.on('will-attach-webview', deny('webview'));
  contents.on('login', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.setWindowOpenHandler(() => {
    log('navigation.denied', { what: 'window' });
    return { action: 'deny' };
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
