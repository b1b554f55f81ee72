// The machine's end of the bare relay, a process as an agent is one: a bash in a pty, bytes in and out.
import { writeSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import { WebSocket } from 'ws';
import { SHELL_ENVIRONMENT, SHELL_SIZE } from './shell-settings.ts';

const [url = '', home = ''] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.once('open', () => {
  const pty = spawn('/bin/bash', ['--login'], {
    ...SHELL_SIZE,
    cwd: home,
    env: { ...SHELL_ENVIRONMENT, HOME: home },
    encoding: null,
  });
  const descriptor: unknown = Reflect.get(pty, 'fd');
  if (typeof descriptor !== 'number') throw new Error('this node-pty has no descriptor');
  pty.onData((data) => socket.send(data));
  // As the agent does: node-pty's own write waits for a turn of the event loop.
  socket.on('message', (data: Buffer) => void writeSync(descriptor, data));
});
socket.once('close', () => process.exit());
