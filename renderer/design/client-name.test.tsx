// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { ClientName } from './client-name.tsx';

afterEach(cleanup);

const shown = (name: string, emphasis: [number, number]) => {
  const { container } = render(<ClientName frame={{ name, emphasis }} />);
  return { text: container.textContent, bold: container.querySelector('strong')?.textContent };
};

describe('ClientName', () => {
  it('draws the distinguishing part in bold and the whole name as text', () => {
    expect(shown('DentalCare_Westside', [11, 19])).toEqual({ text: 'DentalCare_Westside', bold: 'Westside' });
    expect(shown('North Harbour Dental', [0, 5])).toEqual({ text: 'North Harbour Dental', bold: 'North' });
  });

  it('emphasises the whole name where the range does not fit it', () => {
    expect(shown('Westside', [3, 3]).bold).toBe('Westside');
    expect(shown('Westside', [2, 40])).toEqual({ text: 'Westside', bold: 'Westside' });
  });
});
