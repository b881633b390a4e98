import type { Client, World } from '../support/world.js';

export const ITEMS = ['MASK', 'GOWN', 'GOGGLES'] as const;
export type Item = (typeof ITEMS)[number];
export const PEOPLE = 4;
/** Makers' numbers, as they stand on boxes; each history puts its own mark before them. */
export const NUMBERS = ['A', 'B'] as const;
export const PLACES = [
  'AVAILABLE',
  'ALLOCATED',
  'QUARANTINED',
  'IN_TRANSIT',
  'DELIVERED',
  'RETURNED_TO_DONOR',
  'LOST',
  'DISCARDED',
] as const;
export type Place = (typeof PLACES)[number];
/** Goods are lost, unless they came, or were found, unfit for use. */
export type Reason = 'DAMAGED' | 'MISSING';
export const placeOf = (reason: Reason): Place => (reason === 'DAMAGED' ? 'DISCARDED' : 'LOST');

/** The API under test, for one history. */
export interface Real {
  readonly world: World;
  readonly client: Client;
  readonly donors: readonly string[];
  readonly people: readonly string[];
  /** The default site, and another. */
  readonly sites: readonly [string, string];
  /** What this history's makers' numbers begin with. */
  readonly mark: string;
}

interface ModelLine {
  readonly id: string;
  readonly number: string | null;
  item: string;
  accepted: number;
}
export interface ModelShipment {
  readonly id: string;
  readonly lines: ModelLine[];
  donor: string;
  status: string;
}
/** What came of a line. What it is, and who gave it, its line and its shipment say. */
export interface ModelLot {
  readonly id: string;
  readonly line: ModelLine;
  readonly shipment: ModelShipment;
  /** Units by site and place. */
  readonly held: Map<string, number>;
  condition: 'GOOD' | 'QUARANTINED' | 'RECALLED';
  /** What was said to have come in, as corrected. */
  received: number;
}
/** What was chosen to be split. */
export interface Choice {
  readonly items: readonly string[];
  readonly shipments: readonly string[];
  readonly sites: readonly string[];
}
export interface ModelPlan {
  readonly id: string;
  readonly choice: Choice;
  /** The stock it was made from. */
  readonly basis: string;
  /** Units by recipient and item. */
  readonly awards: Map<string, number>;
  status: string;
}
export interface ModelParcelLine {
  readonly id: string;
  readonly lot: ModelLot;
  readonly site: string;
  readonly units: number;
  /** What it was said to be when it was given. */
  readonly awardedAs: string;
  isOut: boolean;
  confirmed: number | null;
}
export interface ModelParcel {
  readonly id: string;
  readonly plan: ModelPlan;
  readonly recipient: string;
  readonly lines: ModelParcelLine[];
  status: string;
}
export interface ModelTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly lines: { lot: ModelLot; units: number }[];
  status: string;
}
export interface ModelRecall {
  readonly id: string;
  /** `ITEM NUMBER` of what is stopped at the door. */
  readonly numbers: readonly string[];
  readonly lots: ModelLot[];
  readonly notices: { parcel: ModelParcel; lot: ModelLot; units: number }[];
  readonly unpacked: ModelParcel[];
  stoppedUnits: number;
  isOpen: boolean;
}

/** What the tracker should hold, in the simplest words there are for it. */
export class Model {
  readonly lots: ModelLot[] = [];
  readonly shipments: ModelShipment[] = [];
  readonly plans: ModelPlan[] = [];
  readonly parcels: ModelParcel[] = [];
  readonly transfers: ModelTransfer[] = [];
  readonly recalls: ModelRecall[] = [];

  lotOf(id: string): ModelLot {
    const lot = this.lots.find((one) => one.id === id);
    if (!lot) throw new Error(`the API speaks of a lot ${id} that nobody gave`);
    return lot;
  }

  units({ held }: ModelLot, site: string, place: Place): number {
    return held.get(`${site} ${place}`) ?? 0;
  }

  /** All units of an item in a place, at one site. */
  sum(item: string, site: string, place: Place): number {
    return this.lots
      .filter(({ line }) => line.item === item)
      .reduce((sum, lot) => sum + this.units(lot, site, place), 0);
  }

  /** Moves units at one site; `null` is the outside. */
  move(lot: ModelLot, site: string, from: Place | null, to: Place | null, units: number): void {
    if (from) this.add(lot, site, from, -units);
    if (to) this.add(lot, site, to, units);
  }

  private add(lot: ModelLot, site: string, place: Place, units: number): void {
    const now = this.units(lot, site, place) + units;
    if (now < 0) throw new Error(`the API gave ${-now} units more of ${lot.id} than there were ${place} at ${site}`);
    lot.held.set(`${site} ${place}`, now);
  }

  /** Where units stand that come to a shelf. */
  shelf({ condition }: ModelLot): Place {
    return condition === 'GOOD' ? 'AVAILABLE' : 'QUARANTINED';
  }

  /** What stands of a lot at a site and is promised to nobody. */
  free(lot: ModelLot, site: string): number {
    return this.units(lot, site, this.shelf(lot));
  }

  /** What could be split of a choice: lot, site, item and units of each heap. */
  splittable({ items, shipments, sites }: Choice): [string, string, string, number][] {
    return this.lots
      .filter(({ line, shipment }) => items.includes(line.item) && shipments.includes(shipment.id))
      .flatMap((lot) =>
        sites.map((site): [string, string, string, number] => [
          lot.id,
          site,
          lot.line.item,
          this.units(lot, site, 'AVAILABLE'),
        ]),
      )
      .filter(([, , , units]) => units > 0)
      .sort();
  }

  /** Sets a lot aside or makes it free, at all sites. @returns how many units change the shelf */
  turn(lot: ModelLot, condition: ModelLot['condition'], sites: readonly string[]): number {
    const before = this.shelf(lot);
    lot.condition = condition;
    const after = this.shelf(lot);
    if (before === after) return 0;
    return sites.reduce((sum, site) => {
      const units = this.units(lot, site, before);
      this.move(lot, site, before, after, units);
      return sum + units;
    }, 0);
  }

  /** Lines that are in the parcel still. */
  inside({ lines }: ModelParcel): ModelParcelLine[] {
    return lines.filter(({ isOut }) => !isOut);
  }

  /** Takes lines out of a parcel that has not left: their units are back on the shelf. A parcel without lines is no parcel. */
  takeOut(parcel: ModelParcel, lines: readonly ModelParcelLine[]): void {
    for (const line of lines) {
      line.isOut = true;
      this.move(line.lot, line.site, 'ALLOCATED', this.shelf(line.lot), line.units);
    }
    if (this.inside(parcel).length > 0) return;
    parcel.status = 'CANCELLED';
    const others = this.parcels.filter(({ plan, status }) => plan === parcel.plan && status !== 'CANCELLED');
    if (others.length === 0) parcel.plan.status = 'CANCELLED';
  }
}

/**
 * One of the list: three times out of four one that a step may be taken with, where there is one, so that histories get
 * somewhere; else any, so that refusals are seen, too.
 */
export function pick<T>(list: readonly T[], which: number, ready: (one: T) => boolean): T {
  const apt = which % 4 === 0 ? [] : list.filter(ready);
  const chosen = apt.length > 0 ? apt : list;
  return chosen[Math.floor(which / 4) % chosen.length]!;
}

/** Units to ask for: three times out of four no more than there are. */
export function within(there: number, asked: number, which: number): number {
  return which % 4 === 0 ? asked : Math.max(1, Math.min(there, asked));
}
