import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import type { Connection } from '../platform/graphql/connection.js';
import { expiresInDays, isExpired } from './expiry.rules.js';
import { ExpiryService } from './expiry.service.js';
import { ExpiringArgs, ExpiringLotConnection, ExpiringLotType } from './expiry.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';

@Resolver(() => LotType)
export class ExpiryResolver {
  constructor(private readonly expiry: ExpiryService) {}

  @Query(() => ExpiringLotConnection, {
    description: 'What in our hands expires within so many days or has expired, the first to expire first.',
  })
  @AllowedTo(...OVERSIGHT)
  expiring(@Args(CheckedArgs) args: ExpiringArgs): Promise<Connection<ExpiringLotType>> {
    return this.expiry.expiring(args);
  }

  @ResolveField('isExpired', () => Boolean, {
    description: 'Whether its last day is over, UTC. Units of it are never split.',
  })
  isExpiredNow(@Parent() lot: LotType): boolean {
    return isExpired(lot.expiresOn, this.expiry.today());
  }

  @ResolveField('expiresInDays', () => Int, {
    nullable: true,
    description: 'Days until its last day: 0 today, below 0 when it is over; null when no day is known.',
  })
  daysLeft(@Parent() lot: LotType): number | null {
    return expiresInDays(lot.expiresOn, this.expiry.today());
  }
}

@Resolver(() => ExpiringLotType)
export class ExpiringLotResolver {
  constructor(private readonly lots: LotService) {}

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() { lotId }: ExpiringLotType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }
}
