import { build, partNames } from '../bundle.ts';
import { endWith, logToStderr, readOptions, wrongUsage } from '../command-line.ts';

const usage = `usage: npm run build -- [options]

  --development      allow loopback http in what is built, with source maps
  --only <a,b>       only these parts: ${partNames.join(', ')}`;

const options = readOptions(usage, { development: { type: 'boolean' }, only: { type: 'string' } });
const only = options.only?.split(',').map((name) => {
  const part = partNames.find((known) => known === name);
  return part ?? wrongUsage(`Unknown part: ${name}`, usage);
});
const failure = await build({
  development: options.development ?? false,
  ...(only === undefined ? {} : { only }),
  log: logToStderr,
});
if (failure !== undefined) endWith(failure);
