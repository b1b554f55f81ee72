// Many agents in one process, each with the agent's own control client and a key of its own; a machine without
// shells. Told what to do by the bench that started it, over IPC, and tells it how many are welcomed.
import { systemClock } from '../../agent/clock.ts';
import { ControlClient } from '../../agent/control/control-client.ts';
import { machineKeyFromPem } from '../../agent/enrollment/machine-key.ts';
import { CrowdOrder } from './crowd-messages.ts';
import type { CrowdReport } from './crowd-messages.ts';

const REPORT_EVERY_MS = 100;

function startCrowd({ relayUrl, spreadMs, machines }: CrowdOrder): void {
  const welcomed = new Set<string>();
  let ended: Record<string, number> = {};
  for (const { name, credential, keyPem } of machines) {
    const client = new ControlClient({
      relayUrl,
      credential,
      key: machineKeyFromPem(keyPem),
      facts: { hostname: name.toLowerCase(), os: 'Bench', user: 'nobody', agentVersion: '0' },
      clock: systemClock,
      log(event, fields) {
        if (event !== 'disconnected') return;
        welcomed.delete(name);
        const why = String(fields?.['code'] ?? fields?.['detail']);
        ended[why] = (ended[why] ?? 0) + 1;
      },
      sessions: () => [],
      connected: () => welcomed.add(name),
      requested: () => {},
      refused: () => {},
    });
    setTimeout(() => client.start(), Math.random() * spreadMs);
  }
  setInterval(() => {
    const report: CrowdReport = { welcomed: welcomed.size, ended };
    ended = {};
    process.send?.(report);
  }, REPORT_EVERY_MS);
}

process.once('message', (message) => startCrowd(CrowdOrder.parse(message)));
process.once('disconnect', () => process.exit());
