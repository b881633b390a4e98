import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { assertKnown } from '../platform/known.js';
import type { EarmarkNamed } from '../warehouse/lot-correction.service.js';
import { GroupService } from './group.service.js';

/** Refuses earmarks of lots that name groups which do not exist: the stock room does not know groups. */
@Injectable()
export class EarmarkService implements OnModuleInit {
  constructor(
    private readonly facts: Facts,
    private readonly groups: GroupService,
  ) {}

  onModuleInit(): void {
    this.facts.on('lot.earmarkNamed', (tx: Tx, { field, groupIds }: EarmarkNamed) =>
      assertKnown(field, 'group', groupIds, (ids) => this.groups.unknown(tx, ids)),
    );
  }
}
