// OKLCH to what a person sees: sRGB, its luminance, and the same colour under three colour-vision deficiencies.
// Used to choose frame colours for look-alikes, and to prove that the eight stay apart.
// OKLab: Ottosson 2020. Deficiencies: Machado, Oliveira, Fernandes 2009, severity 1.0, on linear sRGB.

/** Lightness 0–1, chroma, hue in degrees. */
export type Oklch = readonly [lightness: number, chroma: number, hueDegrees: number];
type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

export const VISIONS = ['normal', 'protan', 'deutan', 'tritan'] as const;
export type Vision = (typeof VISIONS)[number];

const AS_SEEN: Record<Vision, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const LAB_TO_CONE: Matrix = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const CONE_TO_RGB: Matrix = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];
const RGB_TO_CONE: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const CONE_TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const row = ([a, b, c]: Triple) => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

const each = ([x, y, z]: Triple, change: (value: number) => number): Triple => [
  change(x),
  change(y),
  change(z),
];

/** Linear sRGB; outside 0–1 the screen cannot show it. */
export function linearRgb([lightness, chroma, hueDegrees]: Oklch): Triple {
  const hue = (hueDegrees * Math.PI) / 180;
  const cone = times(LAB_TO_CONE, [lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
  return times(
    CONE_TO_RGB,
    each(cone, (value) => value ** 3),
  );
}

export function seenAs(vision: Vision, colour: Oklch): Triple {
  const rgb = each(times(AS_SEEN[vision], linearRgb(colour)), (value) => Math.min(1, Math.max(0, value)));
  return times(CONE_TO_LAB, each(times(RGB_TO_CONE, rgb), Math.cbrt));
}

/** Distance in OKLab (ΔE_OK): about 0.02 is just noticeable. */
export function distance(vision: Vision, one: Oklch, other: Oklch): number {
  const [a, b, c] = seenAs(vision, one);
  const [x, y, z] = seenAs(vision, other);
  return Math.hypot(a - x, b - y, c - z);
}

/** WCAG 2 contrast ratio, 1–21. */
export function contrast(one: Oklch, other: Oklch): number {
  const luminance = (colour: Oklch) => {
    const [r, g, b] = linearRgb(colour);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const ratio = luminance(one) / luminance(other);
  return ratio < 1 ? 1 / ratio : ratio;
}
