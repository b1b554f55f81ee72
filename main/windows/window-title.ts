import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { plainText } from '../plain-text.ts';

const MACHINE_MAX = 60;

/**
 * `WEST · DentalCare_Westside — WEST-PRINT-01 — Caisey`: code and client first, so that a machine's name can
 * neither come before them nor push them out of sight.
 */
export function windowTitle(frame: WorkspaceFrame, machineName: string | null): string {
  const client = `${frame.code} · ${plainText(frame.name)}`;
  const machine = machineName === null ? '' : machineTitle(machineName);
  return machine === '' ? `${client} — Caisey` : `${client} — ${machine} — Caisey`;
}

/** The name of a machine as main may show it, whatever the page said. */
export function machineTitle(machineName: string): string {
  const text = plainText(machineName);
  const characters = Array.from(text);
  return characters.length <= MACHINE_MAX ? text : `${characters.slice(0, MACHINE_MAX - 1).join('')}…`;
}
