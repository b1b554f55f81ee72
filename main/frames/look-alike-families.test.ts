import { describe, expect, it } from 'vitest';
import { leastApart } from '#protocol/look/frame-colours.ts';
import { FRAME_COLOURS, FRAME_GLYPHS, type WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { areAlike } from './name-likeness.ts';
import { proposeFrames } from './propose-frames.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const STEMS = [
  'DentalCare, Harbour Legal, StMarysClinic, GreenfieldSchools, KeystoneNotaries, QuercusVets',
  'Marigold Bakery, TundraFreight, IvoryOptics, LindqvistEnergy, ZenithPharma, BrookEstates',
  'PascalPrint, Vesper Hotels, OrchidSpa, CobaltSteel, JuniperBank, NimbusTravel',
  'FalconSecurity, HazelPharmacy, UmberTheatre, WillowHospice, XylemForestry, YarrowFarms',
  'AcaciaInsurance, BirchArchitects, CedarAudit, DahliaFlowers, ElmRadio, FernPhysio',
  'GingerCatering, HollyMuseum, IrisPhotography, JadeJewellers, KelpFisheries, LotusYoga',
].flatMap((some) => some.split(', '));
const SITES = ['Primary', 'Westside', 'North', 'Eastgate', 'Riverbank', 'Uptown', 'Hillcrest', 'Docks'];
/** How a name is written a second time by somebody else. */
const SPELLINGS: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replace('_', ' '),
  (name) => name.replace('i', 'l'),
  (name) => name.replace(/([A-Z])/g, ' $1').trim(),
];

/** Families of 4 to 8 look-alikes: one client's several sites, spelled in several ways. */
const families = STEMS.map((stem, family) => {
  const spell = SPELLINGS[family % SPELLINGS.length] ?? String;
  return Array.from({ length: 4 + (family % 5) }, (_, site) => {
    const name = `${stem}_${SITES[(site + family) % SITES.length]}`;
    return site % 2 === 0 ? name : spell(name);
  });
});
const names = families.flat();

function pairsOf<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.flatMap((one, index) => list.slice(index + 1).map((other) => [one, other] as const));
}

/** Of one family, or alike by the measure that the product goes by. */
function confusable(frames: readonly WorkspaceFrame[]) {
  const family = new Map(families.flatMap((each, index) => each.map((name) => [name, index] as const)));
  return pairsOf(frames).filter(
    ([one, other]) => family.get(one.name) === family.get(other.name) || areAlike(one.name, other.name),
  );
}

function distances(pairs: ReturnType<typeof confusable>) {
  const apart = pairs.map(([one, other]) => leastApart(one.colour, other.colour));
  const mean = apart.reduce((sum, each) => sum + each, 0) / apart.length;
  return {
    least: Math.min(...apart),
    mean,
    shared: apart.filter((each) => each === 0).length,
    says: `least ${Math.min(...apart).toFixed(3)}, mean ${mean.toFixed(3)} ΔE_OK for the worst of four kinds of vision`,
  };
}

describe('frames of an MSP with hundreds of look-alike clients', () => {
  const frames = proposeFrames(names, []);

  it('share no colour among look-alikes, and no colour and glyph at all', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(200);
    const pairs = confusable(frames);
    const assigned = distances(pairs);
    const random = distances(confusable(atRandom(frames)));
    say(`${names.length} organizations in ${families.length} families: ${pairs.length} confusable pairs`);
    say(`assigned: ${assigned.shared} share a colour; ${assigned.says}`);
    say(`at random: ${random.shared} share a colour; ${random.says}`);
    expect(pairs.length).toBeGreaterThan(500);
    expect(
      pairs.filter(([a, b]) => a.colour === b.colour).map(([a, b]) => [a.name, b.name, a.colour]),
    ).toEqual([]);
    expect(new Set(frames.map(({ colour, glyph }) => `${colour} ${glyph}`)).size).toBe(names.length);
    expect(new Set(frames.map(({ code }) => code)).size).toBe(names.length);
    expect(assigned.mean).toBeGreaterThan(random.mean * 1.1);
  });

  it('put two look-alikes alone farther apart than chance does', () => {
    const two = families.map((family) => proposeFrames(family.slice(0, 2), []));
    const mean = (each: readonly (readonly WorkspaceFrame[])[]) =>
      distances(each.flatMap((frames) => confusable(frames))).mean;
    const chance = mean(two.map((frames, index) => atRandom(frames, index + 1)));
    say(`two look-alikes: ${mean(two).toFixed(3)} apart, at random ${chance.toFixed(3)}`);
    expect(mean(two)).toBeGreaterThan(1.2 * chance);
  });

  it('keep what they are when clients come later, and give the new ones what is left', () => {
    const before = frames.filter((_, index) => index % 3 !== 0);
    const later = names.filter((_, index) => index % 3 === 0);
    const added = proposeFrames(later, before);
    const all = [...before, ...added];
    expect(new Set(all.map(({ colour, glyph }) => `${colour} ${glyph}`)).size).toBe(names.length);
    const pairs = confusable(all);
    say(`a third added later: ${distances(pairs).shared} of ${pairs.length} confusable pairs share a colour`);
    expect(pairs.filter(([one, other]) => one.colour === other.colour)).toEqual([]);
  });
});

/** Colour and glyph by lot, from a fixed seed. */
function atRandom(frames: readonly WorkspaceFrame[], seed = 1): readonly WorkspaceFrame[] {
  let state = seed;
  const below = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return frames.map((frame) => ({
    ...frame,
    colour: FRAME_COLOURS[below(FRAME_COLOURS.length)] ?? 'teal',
    glyph: FRAME_GLYPHS[below(FRAME_GLYPHS.length)] ?? 'circle',
  }));
}
