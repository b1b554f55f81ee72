// What Chromium is told before it starts, besides what each partition and page is (partitions/, windows/).
import { readdirSync } from 'node:fs';
import { app } from 'electron';

const TILE_PX = '128';
/** Opens a database for each partition: of dictionaries that no server of ours sends. */
const UNUSED = ['CompressionDictionaryTransport', 'CompressionDictionaryTransportBackend'];

/** To be called before Electron is ready. */
export function setUpChromium(): void {
  app.enableSandbox();
  const { commandLine } = app;
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp');
  commandLine.appendSwitch('dns-prefetch-disable');
  // Terminals parse and acknowledge by timers, in a window that others cover as well (docs/decisions/0051).
  commandLine.appendSwitch('disable-background-timer-throttling');
  // The rest is memory (docs/decisions/0052). Drawn without a GPU, small tiles hold fewer pixels of one colour.
  commandLine.appendSwitch('default-tile-width', TILE_PX);
  commandLine.appendSwitch('default-tile-height', TILE_PX);
  addFeatures('disable-features', UNUSED);
  if (process.platform !== 'linux') return;
  if (!commandLine.hasSwitch('use-gl') && !hasGpu()) commandLine.appendSwitch('use-gl', 'disabled');
  addFeatures('enable-features', ['NetworkServiceInProcess2']);
}

/** Chromium takes the last list alone: what the person has given stays, and what is off in one is off. */
function addFeatures(list: 'enable-features' | 'disable-features', names: readonly string[]): void {
  const given = app.commandLine.getSwitchValue(list);
  app.commandLine.appendSwitch(list, [given, ...names].filter((name) => name !== '').join(','));
}

/** Without one, Chromium would load a renderer in software for WebGL, which no page of ours uses. */
function hasGpu(): boolean {
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
