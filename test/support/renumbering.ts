import { aNumber, type RecallDesk } from './recalls.js';
import { WHY } from './corrections.js';
import type { Client } from './world.js';

const LOT = `id lotNumber condition availableUnits allocatedUnits quarantinedUnits item { code } recall { id }`;
const CORRECT_LOT = `mutation($input: CorrectLotInput!) { correctLot(input: $input) { ${LOT} } }`;
const CORRECT_SHIPMENT = `mutation($input: CorrectShipmentInput!) { correctShipment(input: $input) {
  __typename ... on Shipment { lines { lots { ${LOT} } } } } }`;

/** What tests need to see of a lot that was corrected. */
export interface LotView {
  readonly id: string;
  readonly condition: string;
  readonly recall: { readonly id: string } | null;
}

/** How a lot comes to be of an item and a number: by what of it was written down wrongly. */
export const WAYS = ['its number', 'the item of its shipment'] as const;
/** A gift of one lot. */
export interface Gift {
  readonly lotId: string;
  readonly shipmentId: string;
}

const why = { reasonCode: 'DATA_ENTRY_ERROR', reason: 'Read with a glass.' };

/** What a coordinator does about lots of which the number or the item was written down wrongly. */
export function renumberingBench(coordinator: Client, desk: RecallDesk) {
  const toNumber = async (lotId: string, lotNumber: string | null, input: object = {}): Promise<LotView> =>
    (await coordinator.ask<{ correctLot: LotView }>(CORRECT_LOT, { input: { lotId, lotNumber, ...why, ...input } }))
      .correctLot;
  async function toItem(shipmentId: string, itemCode: string): Promise<LotView> {
    const { shipment } = await coordinator.ask<{ shipment: { lines: { id: string }[] } }>(
      `query($id: ID!) { shipment(id: $id) { lines { id } } }`,
      { id: shipmentId },
    );
    const lines = [{ lineId: shipment.lines[0]!.id, itemCode }];
    const { correctShipment } = await coordinator.ask<{ correctShipment: { lines: { lots: LotView[] }[] } }>(
      CORRECT_SHIPMENT,
      { input: { ...WHY, shipmentId, lines } },
    );
    return correctShipment.lines[0]!.lots[0]!;
  }
  const lotNow = async (id: string): Promise<LotView> =>
    (await coordinator.ask<{ lot: LotView }>(`query($id: ID!) { lot(id: $id) { ${LOT} } }`, { id })).lot;

  /** Units of a gift that turn out to be N95 under this number. */
  const gift = {
    'its number': (units: number, _number: string): Promise<Gift> => desk.aGift(units, aNumber(), {}, 'N95'),
    'the item of its shipment': (units: number, number: string): Promise<Gift> => desk.aGift(units, number),
  };
  const correct = {
    'its number': ({ lotId }: Gift, number: string) => toNumber(lotId, ` ${number.toLowerCase()}`),
    'the item of its shipment': ({ shipmentId }: Gift, _number: string) => toItem(shipmentId, 'N95'),
  };
  return { toNumber, toItem, lotNow, gift, correct };
}
