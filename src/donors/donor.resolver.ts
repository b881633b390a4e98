import { Args, Context, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { mayKnowDonor, mayReachDonor, OVERSIGHT, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { ANONYMOUS_DONOR } from './donor.rules.js';
import { DonorService } from './donor.service.js';
import { DonorConnection, DonorType, RegisterDonorInput } from './donor.types.js';

@Resolver(() => DonorType)
export class DonorResolver {
  constructor(private readonly donors: DonorService) {}

  @Query(() => DonorType, {
    nullable: true,
    description: 'One donor; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  donor(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<DonorType | null> {
    return this.donors.find(context, id);
  }

  @Query(() => DonorConnection, { name: 'donors', description: 'Every donor, in the order of registration.' })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) page: PageArgs): Promise<Connection<DonorType>> {
    return this.donors.list(page);
  }

  @Mutation(() => DonorType, { description: 'Registers a donor.' })
  @AllowedTo(...STAFF, 'DONOR')
  registerDonor(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RegisterDonorInput,
  ): Promise<DonorType> {
    return this.donors.register(context, input);
  }

  @ResolveField(() => String)
  name(donor: DonorType, _args: unknown, { viewer }: RequestContext): string {
    return mayKnowDonor(viewer, donor) ? donor.name : ANONYMOUS_DONOR;
  }

  @ResolveField(() => String, { nullable: true })
  country(donor: DonorType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowDonor(viewer, donor) ? donor.country : null;
  }

  @ResolveField(() => String, { nullable: true })
  email(donor: DonorType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayReachDonor(viewer, donor.id) ? donor.email : null;
  }

  @ResolveField(() => String, { nullable: true })
  phone(donor: DonorType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayReachDonor(viewer, donor.id) ? donor.phone : null;
  }
}
