import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';

// Controls, line separators and everything that reorders or hides text.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const MACHINE_MAX = 60;

/**
 * `WEST · DentalCare_Westside — WEST-PRINT-01 — Caisey`: code and client first, so that a machine's name can
 * neither come before them nor push them out of sight.
 */
export function windowTitle(frame: WorkspaceFrame, machineName: string | null): string {
  const client = `${frame.code} · ${plain(frame.name)}`;
  const machine = machineName === null ? '' : shortened(plain(machineName));
  return machine === '' ? `${client} — Caisey` : `${client} — ${machine} — Caisey`;
}

function plain(text: string): string {
  return text.replaceAll(UNSAFE, '').trim();
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MACHINE_MAX ? text : `${characters.slice(0, MACHINE_MAX - 1).join('')}…`;
}
