import { describe, expect, it } from 'vitest';
import type { OrgId } from '#protocol/ids.ts';
import { OrgId as OrgIdSchema } from '#protocol/ids.ts';
import { identityPartitionName, partitionName } from './partition-name.ts';

describe('partitionName', () => {
  const upper = OrgIdSchema.parse('org_2VxBvWYGxPGdCvksnMITjN4MLzP');
  const lower = OrgIdSchema.parse('org_2VxBvWYGxPGdCvksnMITjN4MLzp');

  it('keeps ids apart that differ in case alone, also once lower-cased', () => {
    expect(partitionName(upper).toLowerCase()).not.toBe(partitionName(lower).toLowerCase());
    expect(partitionName(upper)).toMatch(/^persist:[0-9a-f]{64}$/);
    expect(identityPartitionName(upper)).not.toContain('persist:');
  });

  it('refuses what is no organization id', () => {
    for (const id of ['', '../../etc', 'org_', 'org_2VxBvWYGxPGdCvksnMITjN4MLzP/..', 'org_a\0b'])
      expect(() => partitionName(id as OrgId)).toThrow();
  });
});
