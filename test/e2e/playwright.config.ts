import { defineConfig } from '@playwright/test';

// One Electron at a time: windows of two applications on one display would take each other's focus and clipboard.
// oxlint-disable-next-line import/no-default-export -- Playwright reads the default export
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
});
