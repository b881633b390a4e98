import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { DonorService } from '../donors/donor.service.js';
import type { DistributionFilter } from '../history/distribution.rules.js';
import { FLOW_KEYS, type FlowCell } from '../history/flow.rules.js';
import { FlowService } from '../history/flow.service.js';
import { GroupService } from '../recipients/group.service.js';
import { flowPicture, type NamedFlow } from './flow-picture.rules.js';
import type { FlowEntry } from './flow.rules.js';
import { daysOf } from './picture.rules.js';
import { OTHERS, withoutSmallCells } from './small-cells.rules.js';
import { countryName, itemName, WORDS } from './words.rules.js';

/** Keys that stand for several come after the others in their column. */
const LAST: ReadonlySet<string> = new Set(Object.values(FLOW_KEYS));

function keysOf(cells: readonly FlowCell[], keyOf: (cell: FlowCell) => string): string[] {
  return [...new Set(cells.map(keyOf))];
}

/** What a donor may see: her flow by country, with what went to few people merged. */
function merged(cells: readonly FlowCell[]): FlowCell[] {
  const parts = cells.map(({ item, end, units, recipients }) => ({ whole: item, part: end, units, recipients }));
  const first = cells[0];
  return withoutSmallCells(parts).map(({ whole, part, units, recipients }) => ({
    ...first!,
    item: whole,
    end: part,
    units,
    recipients,
  }));
}

/** Draws where units went, from donors over items to groups, or for a donor to countries. Reads only. */
@Injectable()
export class FlowChartService {
  constructor(
    private readonly flows: FlowService,
    private readonly donors: DonorService,
    private readonly items: ItemService,
    private readonly groups: GroupService,
  ) {}

  /** The flow as the viewer may know it, as SVG. */
  async flow(context: RequestContext, asked: DistributionFilter): Promise<string> {
    const { language } = context;
    const { to, cells } = await this.flows.of(context, asked);
    const shown = context.viewer.role === 'DONOR' ? merged(cells) : cells;
    const columns = await this.named(context, to, shown);
    const flows = shown.map(({ donor, item, end, units }) => ({ keys: [donor, item, end] as const, units }));
    return flowPicture(WORDS[language], { to, columns, flows, days: daysOf(WORDS[language], asked) });
  }

  /** The entries of the three columns; each register is read once. */
  private async named(
    context: RequestContext,
    to: NamedFlow['to'],
    cells: readonly FlowCell[],
  ): Promise<NamedFlow['columns']> {
    const words = WORDS[context.language].flow;
    const keys = [keysOf(cells, (cell) => cell.donor), keysOf(cells, (cell) => cell.item), keysOf(cells, (c) => c.end)];
    const [donorIds, itemIds, endIds] = keys.map((column) => column.filter((key) => !LAST.has(key)));
    const [donors, items, groups] = await Promise.all([
      donorIds!.length === 0 ? [] : this.donors.byIds(donorIds!),
      Promise.all(itemIds!.map((id) => this.items.load(context, id))),
      to === 'COUNTRY' || endIds!.length === 0 ? [] : this.groups.byIds(endIds!),
    ]);
    const names = new Map<string, string>([
      ...donors.map(({ id, name }) => [id, name] as const),
      ...items.map((item) => [item.id, itemName(context.language, item)] as const),
      ...groups.map(({ id, name }) => [id, name] as const),
      ...(to === 'COUNTRY' ? endIds!.map((code) => [code, countryName(context.language, code)] as const) : []),
      [FLOW_KEYS.ANONYMOUS, words.anonymous],
      [FLOW_KEYS.SEVERAL, words.severalGroups],
      [FLOW_KEYS.NONE, to === 'GROUP' ? words.noGroup : words.noCountry],
    ]);
    const [first] = cells;
    const entries = (column: number, all: number | undefined): FlowEntry[] =>
      keys[column]!.map((key) => {
        // How many were summed is known where nothing was merged for being small.
        const summed = to === 'COUNTRY' && column === 2 ? null : (all ?? 0) - keys[column]!.length + 1;
        return { key, name: key === OTHERS ? words.others(summed) : names.get(key)!, isLast: LAST.has(key) };
      });
    return [entries(0, first?.donors), entries(1, first?.items), entries(2, first?.ends)];
  }
}
