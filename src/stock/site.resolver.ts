import { Args, ArgsType, Context, Field, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { OVERSIGHT, seesEverything, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { SiteService } from './site.service.js';
import {
  CloseSiteInput,
  CloseSiteResult,
  MakeSiteDefaultInput,
  MakeSiteDefaultResult,
  RegisterSiteInput,
  RegisterSiteResult,
  ReviseSiteInput,
  ReviseSiteResult,
  SiteConnection,
  SiteType,
} from './site.types.js';

@ArgsType()
class SitesArgs extends PageArgs {
  @Field(() => Boolean, { nullable: true, description: 'true: those that are open. false: those that are closed.' })
  @IsOptional()
  open?: boolean | null;
}

const OURS = 'For coordinators and auditors; null for others.';

/** A garage is somebody's home: where it is, and what is said of it, is for those who run the thing. */
function ofOurs(context: RequestContext, text: string | null): string | null {
  return seesEverything(context.viewer) ? text : null;
}

@Resolver(() => SiteType)
export class SiteResolver {
  constructor(private readonly sites: SiteService) {}

  @Query(() => SiteType, { nullable: true, description: 'One site; null when there is none.' })
  @AllowedTo(...OVERSIGHT)
  site(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<SiteType | null> {
    return this.sites.load(context, id);
  }

  @Query(() => SiteConnection, {
    name: 'sites',
    description: 'Sites, in the order in which they were registered; open and closed ones unless one is asked for.',
  })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) args: SitesArgs): Promise<Connection<SiteType>> {
    return this.sites.list(args.open ?? null, args);
  }

  @Mutation(() => RegisterSiteResult, { description: 'Opens a site.' })
  @AllowedTo(...STAFF)
  registerSite(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RegisterSiteInput,
  ): Promise<object> {
    return this.sites.register(context, input);
  }

  @Mutation(() => ReviseSiteResult, { description: 'Changes what is known of an open site.' })
  @AllowedTo(...STAFF)
  reviseSite(@Context() context: RequestContext, @Args('input', CheckedInput) input: ReviseSiteInput): Promise<object> {
    return this.sites.revise(context, input);
  }

  @Mutation(() => CloseSiteResult, {
    description: 'Closes a site where nothing stands, and to which nothing is on its way. Its name is free again.',
  })
  @AllowedTo(...STAFF)
  closeSite(@Context() context: RequestContext, @Args('input', CheckedInput) input: CloseSiteInput): Promise<object> {
    return this.sites.close(context, input);
  }

  @Mutation(() => MakeSiteDefaultResult, {
    description: 'Has goods go to this site when nobody says where. One that is the default already stays it.',
  })
  @AllowedTo(...STAFF)
  makeSiteDefault(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: MakeSiteDefaultInput,
  ): Promise<object> {
    return this.sites.makeDefault(context, input);
  }

  @ResolveField('address', () => String, { nullable: true, description: `Where it is. ${OURS}` })
  addressOf(site: SiteType, _args: unknown, context: RequestContext): string | null {
    return ofOurs(context, site.address);
  }

  @ResolveField('note', () => String, {
    nullable: true,
    description: `What one should know before going there. ${OURS}`,
  })
  noteOf(site: SiteType, _args: unknown, context: RequestContext): string | null {
    return ofOurs(context, site.note);
  }

  @ResolveField('closedBecause', () => String, { nullable: true, description: `Why it was closed. ${OURS}` })
  closedBecauseOf(site: SiteType, _args: unknown, context: RequestContext): string | null {
    return ofOurs(context, site.closedBecause);
  }
}
