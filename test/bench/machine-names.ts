// Names as managed-service providers give them, made up from a seed: site, role and number; a laptop by its user;
// a desk by its place.

/** Numbers in [0, 1), the same ones every time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SITES =
  'WEST EAST NORTH SOUTH MAIN ANNEX HARBOUR DOWNTOWN AIRPORT CAMPUS DEPOT PLANT CLINIC RIVERSIDE HILLTOP LAB'.split(
    ' ',
  );
const ROLES =
  'PRINT SERVER DESKTOP KIOSK SWITCH BACKUP DC FS PBX RCP CAMERA SCANNER TABLET GATEWAY XRAY VDI SQL WEB PROXY SIGNAGE'.split(
    ' ',
  );
const PLACES = 'Reception Warehouse Boardroom Workshop Pharmacy Library Cafeteria Theatre'.split(' ');
const SYLLABLES =
  'an ber car den el far gor han ing jor kel lan mar nor ost per quin ros sten tor ul ver win yor zel'.split(
    ' ',
  );

export function machineNames(count: number, random: () => number): string[] {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const surname = () => `${pick(SYLLABLES)}${pick(SYLLABLES)}${pick(SYLLABLES)}`.toUpperCase();
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(5, '0');
    const kind = random();
    if (kind < 0.65) return `${pick(SITES)}-${pick(ROLES)}-${number}`;
    if (kind < 0.9) return `${pick(SITES)}-LT-${surname()}-${number}`;
    return `${pick(PLACES)} ${pick(['Desk', 'Terminal', 'Display'])} ${number}`;
  });
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** One slip at this place: a letter more, less, another, or swapped with the next. */
export function slipAt(text: string, at: number, random: () => number): string {
  const letter = LETTERS.charAt(Math.floor(random() * LETTERS.length));
  const [before, here, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  switch (Math.floor(random() * 4)) {
    case 0:
      return before + letter + here + after;
    case 1:
      return before + after;
    case 2:
      return before + (here.toLowerCase() === letter ? '' : letter) + after;
    default:
      return before + after.charAt(0) + here + after.slice(1);
  }
}
