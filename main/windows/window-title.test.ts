import { describe, expect, it } from 'vitest';
import { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { windowTitle } from './window-title.ts';

const frame = WorkspaceFrame.parse({
  colour: 'teal',
  glyph: 'ring',
  code: 'WEST',
  name: 'DentalCare_Westside',
  emphasis: [11, 19],
});

describe('windowTitle', () => {
  it('says code and client before the machine', () => {
    expect(windowTitle(frame, null)).toBe('WEST · DentalCare_Westside — Caisey');
    expect(windowTitle(frame, 'WEST-PRINT-01')).toBe('WEST · DentalCare_Westside — WEST-PRINT-01 — Caisey');
  });

  it('lets no name reorder, hide or break the title', () => {
    const hostile = windowTitle(frame, '\u202ePRIM\u2066\u001b]0;x\u0007\n\u200b');
    expect(hostile).toBe('WEST · DentalCare_Westside — PRIM]0;x — Caisey');
    expect(windowTitle({ ...frame, name: '\u202eediS' }, ' \u200f ')).toBe('WEST · ediS — Caisey');
    expect(windowTitle(frame, 'm'.repeat(500)).length).toBeLessThan(120);
  });
});
