import { safeStorage } from 'electron';
import type { SecretBox } from './client-token.ts';

/**
 * Electron's safeStorage where a real key store backs it. On Linux without one it falls back to a key that
 * anybody can compute (`basic_text`): then nothing secret is written at all. Ask after the app is ready.
 */
export function secretBox(): SecretBox | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (
    process.platform === 'linux' &&
    ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
  )
    return null;
  return {
    seal: (secret) => safeStorage.encryptString(secret),
    open: (sealed) => safeStorage.decryptString(sealed),
  };
}
