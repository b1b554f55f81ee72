import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { prepareShell } from './shell-launch.ts';

describe('shell launch', () => {
  const setting = { home: tmpdir(), environment: {}, folder: join(tmpdir(), 'never-made') };

  it('refuses a shell that cannot be run and a home that is not there', () => {
    expect(() => prepareShell({ ...setting, shell: '/nowhere/bash' }, systemClock)).toThrow(/ENOENT/);
    expect(() => prepareShell({ ...setting, shell: '/etc/passwd' }, systemClock)).toThrow(/EACCES/);
    expect(() => prepareShell({ ...setting, shell: '/bin/sh', home: '/nowhere' }, systemClock)).toThrow(
      /ENOENT/,
    );
  });

  it('starts a shell without hooks as a login shell', () => {
    const { launch, markNonce } = prepareShell({ ...setting, shell: '/bin/sh' }, systemClock);
    expect([launch.args, markNonce]).toEqual([['-l'], null]);
  });
});
