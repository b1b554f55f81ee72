import { nativeTheme } from 'electron';

/** Ground of renderer/design in the present theme, so that no other colour flashes before the first paint. */
export function groundColour(): string {
  return nativeTheme.shouldUseDarkColors ? '#0f1116' : '#f6f7f9';
}
