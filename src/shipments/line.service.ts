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
   * @throws NOT_FOUND for a group that no earmark can name, with its place: `input.lines.0.earmark.groupIds.1`
   * @throws the refusal of an unknown item code
   */
  async linesOf(
    tx: Tx,
    shipmentId: string,
    lines: readonly DonationLineInput[],
    as: 'announced' | 'accepted',
  ): Promise<ShipmentLine[]> {
    const items = await this.items.byCodes(
      tx,
      lines.map((line) => line.itemCode),
    );
    if (isRefusal(items)) throw new Rejected(items);
    await this.assertGroupsKnown(tx, lines);
    return lines.map((line, position) => ({
      id: newId(),
      shipmentId,
      position,
      itemId: items[position]!.id,
      announcedUnits: line.units,
      acceptedUnits: as === 'accepted' ? line.units : 0,
      rejectedUnits: 0,
      rejectReason: null,
      unitsPerPack: line.unitsPerPack ?? null,
      lotNumber: line.lotNumber ?? null,
      expiresOn: line.expiresOn ?? null,
      earmark: earmarkIn(line, position),
    }));
  }

  /** All groups that any line names are looked up at once. */
  private async assertGroupsKnown(tx: Tx, lines: readonly DonationLineInput[]): Promise<void> {
    const named = [...new Set(lines.flatMap((line) => line.earmark?.groupIds ?? []))];
    const unknown = named.length === 0 ? [] : await this.groups.unknown(tx, named);
    for (const [i, { earmark }] of lines.entries()) {
      const stray = (earmark?.groupIds ?? []).findIndex((id) => unknown.includes(id));
      if (stray >= 0) throw notFound(`input.lines.${i}.earmark.groupIds.${stray}`, 'group');
    }
  }
}

function earmarkIn({ earmark: asked }: DonationLineInput, position: number): ShipmentLine['earmark'] {
  if (!asked) return null;
  const earmark = earmarkOf(asked);
  const field = `input.lines.${position}.earmark`;
  if (!earmark) throw badInput(field, `${field}: must name groups, countries or tiers`);
  return earmark;
}
