// The glyphs' paths as polygons: the part of SVG's path language that protocol/look/glyph-shapes.ts uses.

export type Point = readonly [x: number, y: number];
export type Polygon = readonly Point[];

const TOKEN = /[a-z]|-?(?:\d+\.?\d*|\.\d+)/gi;
const STEPS = 16;
/** How many numbers a command takes; absolute and relative alike. */
const TAKES: Readonly<Record<string, number>> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, a: 7, z: 0 };

/** @throws on a command that is not known here: the paths are ours, so it is a bug */
export function flattenPath(path: string): readonly Polygon[] {
  const tokens = path.match(TOKEN) ?? [];
  const polygons: Point[][] = [];
  let at: Point = [0, 0];
  let command = '';
  /** Second control point of the curve before; an `s` goes on from its mirror image. */
  let control: Point | null = null;
  for (let index = 0; index < tokens.length;) {
    const token = tokens[index] ?? '';
    if (/[a-z]/i.test(token)) {
      command = token;
      index += 1;
    }
    const kind = command.toLowerCase();
    const takes = TAKES[kind];
    if (takes === undefined) throw new Error(`no ${command} in a glyph's path`);
    const numbers = tokens.slice(index, index + takes).map(Number);
    index += takes;
    if (kind === 'z') {
      at = polygons.at(-1)?.[0] ?? at;
      continue;
    }
    const relative = command === kind;
    const [x, y] = relative ? at : [0, 0];
    const point = (place: number): Point => [x + (numbers[place] ?? 0), y + (numbers[place + 1] ?? 0)];
    if (kind === 'm') {
      polygons.push([(at = point(0))]);
      // Further pairs after a move are lines.
      command = relative ? 'l' : 'L';
      continue;
    }
    const polygon = polygons.at(-1);
    if (polygon === undefined) throw new Error('a path begins with a move');
    const from = at;
    const mirrored: Point = control === null ? from : [2 * from[0] - control[0], 2 * from[1] - control[1]];
    control = null;
    if (kind === 'l') at = point(0);
    else if (kind === 'h') at = [x + (numbers[0] ?? 0), from[1]];
    else if (kind === 'v') at = [from[0], y + (numbers[0] ?? 0)];
    else if (kind === 'a') {
      at = point(5);
      polygon.push(...arc(from, at, numbers[0] ?? 0, numbers[3] === 1, numbers[4] === 1));
    } else {
      const [one, two, end] = kind === 'c' ? [point(0), point(2), point(4)] : [mirrored, point(0), point(2)];
      polygon.push(...curve(from, one, two, end));
      [at, control] = [end, two];
    }
    polygon.push(at);
  }
  return polygons;
}

function curve(from: Point, one: Point, two: Point, to: Point): readonly Point[] {
  return steps((t) => {
    const u = 1 - t;
    const along = (axis: 0 | 1) =>
      u ** 3 * from[axis] + 3 * u * u * t * one[axis] + 3 * u * t * t * two[axis] + t ** 3 * to[axis];
    return [along(0), along(1)];
  });
}

/** Of a circle: the glyphs have no ellipses. */
function arc(from: Point, to: Point, radius: number, large: boolean, clockwise: boolean): readonly Point[] {
  const [dx, dy] = [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2];
  const half = Math.hypot(dx, dy);
  const r = Math.max(radius, half);
  const height = Math.sqrt(Math.max(0, r * r - half * half)) * (large === clockwise ? 1 : -1);
  const centre: Point = [
    from[0] + dx + (height * dy) / (half || 1),
    from[1] + dy - (height * dx) / (half || 1),
  ];
  const angle = ([x, y]: Point) => Math.atan2(y - centre[1], x - centre[0]);
  const start = angle(from);
  let turn = angle(to) - start;
  if (clockwise && turn < 0) turn += 2 * Math.PI;
  if (!clockwise && turn > 0) turn -= 2 * Math.PI;
  return steps((t) => [
    centre[0] + r * Math.cos(start + turn * t),
    centre[1] + r * Math.sin(start + turn * t),
  ]);
}

function steps(at: (t: number) => Point): readonly Point[] {
  return Array.from({ length: STEPS - 1 }, (_, step) => at((step + 1) / STEPS));
}

/** Where a line across all polygons at height `y` enters and leaves them, by the even-odd rule: from left to right. */
export function crossings(polygons: readonly Polygon[], y: number): readonly number[] {
  const found: number[] = [];
  for (const polygon of polygons) {
    let [x1, y1] = polygon.at(-1) ?? [0, 0];
    for (const [x2, y2] of polygon) {
      if (y1 > y !== y2 > y) found.push(((x2 - x1) * (y - y1)) / (y2 - y1) + x1);
      [x1, y1] = [x2, y2];
    }
  }
  return found.sort((a, b) => a - b);
}

/** @param across what `crossings` found at its height */
export function isInside(across: readonly number[], x: number): boolean {
  return across.filter((each) => each < x).length % 2 === 1;
}
