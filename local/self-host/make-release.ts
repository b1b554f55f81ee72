import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workerdBinary } from '../relay/relay.ts';
import { workerdConfig } from '../relay/workerd-config.ts';
import { caddyfile, environmentTemplate, ENVIRONMENT, serviceUnit } from './service-files.ts';
import type { ServicePaths } from './service-files.ts';

export interface ReleaseOptions {
  /** The folder to write; it becomes `paths.prefix` on the server. */
  readonly out: string;
  readonly workerFile: string;
  readonly paths: ServicePaths;
}

/** Everything that a server needs to run the relay, with no Node and no package: five files and workerd. */
export async function makeRelease({ out, workerFile, paths }: ReleaseOptions): Promise<void> {
  await mkdir(out, { recursive: true });
  await copyFile(workerdBinary(), join(out, 'workerd'));
  await chmod(join(out, 'workerd'), 0o755);
  await copyFile(workerFile, join(out, 'worker.js'));
  const config = workerdConfig({
    port: paths.port,
    objectsDir: join(paths.state, 'objects'),
    recordingsDir: join(paths.state, 'recordings'),
    bindings: {},
    environment: ENVIRONMENT,
  });
  await writeFile(join(out, 'relay.capnp'), config);
  await writeFile(join(out, 'caisey-relay.service'), serviceUnit(paths));
  await writeFile(join(out, 'relay.env.example'), environmentTemplate);
  await writeFile(join(out, 'Caddyfile.example'), caddyfile(paths));
}
