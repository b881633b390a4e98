import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import { badInput, isRefusal, notFound, Rejected } from '../platform/rejection.js';
import { GroupService } from '../recipients/group.service.js';
import { earmarkOf } from '../stock/earmark.rules.js';
import { ItemService } from '../catalogue/item.service.js';
import type { ShipmentLine } from './shipment.entity.js';
import type { DonationLineInput } from './shipment.types.js';

/** Makes the lines of a consignment from what a donor says is in it. */
@Injectable()
export class LineService {
  constructor(
    private readonly items: ItemService,
    private readonly groups: GroupService,
  ) {}

  /**
   * @param where the field of the request that names the lines, and the place of the first among those there are
   * @throws NOT_FOUND for a group that no earmark can name, with its place: `input.lines.0.earmark.groupIds.1`
   * @throws the refusal of an unknown item code
   */
  async linesOf(
    tx: Tx,
    shipmentId: string,
    lines: readonly DonationLineInput[],
    { field = 'input.lines', firstPosition = 0 } = {},
  ): Promise<ShipmentLine[]> {
    if (lines.length === 0) return [];
    const itemIds = await this.itemIdsOf(tx, lines);
    const earmarks = await this.earmarksOf(tx, lines, field);
    return lines.map((line, i) => ({
      id: newId(),
      shipmentId,
      position: firstPosition + i,
      itemId: itemIds[i]!,
      announcedUnits: line.units,
      acceptedUnits: 0,
      rejectedUnits: 0,
      rejectReason: null,
      discrepancyReason: null,
      unitsPerPack: line.unitsPerPack ?? null,
      lotNumber: line.lotNumber ?? null,
      expiresOn: line.expiresOn ?? null,
      earmark: earmarks[i]!,
    }));
  }

  /**
   * What the lines are of, by id, in their order; nothing where a line does not say.
   * @throws the refusal of an unknown item code
   */
  async itemIdsOf(tx: Tx, lines: readonly { readonly itemCode?: string | null }[]): Promise<(string | undefined)[]> {
    const codes = lines.flatMap(({ itemCode }) => itemCode ?? []);
    const items = codes.length === 0 ? [] : await this.items.byCodes(tx, codes);
    if (isRefusal(items)) throw new Rejected(items);
    const ids = items.map(({ id }) => id);
    return lines.map(({ itemCode }) => (itemCode == null ? undefined : ids.shift()));
  }

  /**
   * What the lines are given for, in their order; null: for everybody.
   * @param field where the request names the lines
   */
  async earmarksOf(
    tx: Tx,
    lines: readonly Pick<DonationLineInput, 'earmark'>[],
    field: string,
  ): Promise<ShipmentLine['earmark'][]> {
    await this.assertGroupsKnown(tx, lines, field);
    return lines.map((line, i) => earmarkIn(line, `${field}.${i}.earmark`));
  }

  /** All groups that any line names are looked up at once. */
  private async assertGroupsKnown(
    tx: Tx,
    lines: readonly Pick<DonationLineInput, 'earmark'>[],
    field: string,
  ): Promise<void> {
    const named = [...new Set(lines.flatMap((line) => line.earmark?.groupIds ?? []))];
    const unknown = named.length === 0 ? [] : await this.groups.unknown(tx, named);
    for (const [i, { earmark }] of lines.entries()) {
      const stray = (earmark?.groupIds ?? []).findIndex((id) => unknown.includes(id));
      if (stray >= 0) throw notFound(`${field}.${i}.earmark.groupIds.${stray}`, 'group');
    }
  }
}

function earmarkIn({ earmark: asked }: Pick<DonationLineInput, 'earmark'>, field: string): ShipmentLine['earmark'] {
  if (!asked) return null;
  const earmark = earmarkOf(asked);
  if (!earmark) throw badInput(field, `${field}: must name groups, countries or tiers`);
  return earmark;
}
