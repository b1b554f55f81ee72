import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces, release, type } from 'node:os';
import type { MachineFacts } from '#protocol/records.ts';

const AGENT_VERSION = '0.1.0';
const PRETTY_NAME = /^PRETTY_NAME="?(?<name>[^"\n]+)"?$/m;

/** What this machine says of itself: for display and search only. */
export function machineFacts(user: string, hostnameOverride: string | null): MachineFacts {
  return {
    hostname: (hostnameOverride ?? hostname()).slice(0, 255),
    os: operatingSystem().slice(0, 120),
    user: user.slice(0, 120),
    agentVersion: AGENT_VERSION,
  };
}

/** Differs when the addresses of this machine do. */
export function machineAddresses(): string {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .toSorted()
    .join(' ');
}

function operatingSystem(): string {
  try {
    const name = PRETTY_NAME.exec(readFileSync('/etc/os-release', 'utf8'))?.groups?.['name'];
    if (name !== undefined) return name;
  } catch {
    // Not a Linux with os-release: the kernel's name serves.
  }
  return `${type()} ${release()}`;
}
