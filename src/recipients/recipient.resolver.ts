import { Args, ArgsType, Context, Field, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, MaxLength } from 'class-validator';
import { mayKnowRecipient, mayKnowWorkplace, OVERSIGHT, pseudonymOf, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe, IsId } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { forbidden } from '../platform/rejection.js';
import type { RecipientStatus } from './recipient.rules.js';
import { RecipientService } from './recipient.service.js';
import {
  ChangeRecipientStatusInput,
  RecipientConnection,
  RecipientStatusEnum,
  RecipientType,
  RegisteredRecipientsType,
  RegisterRecipientsInput,
} from './recipient.types.js';

@ArgsType()
class RecipientsArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'Members of any of these groups.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  groupIds?: string[] | null;

  @Field(() => [RecipientStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: RecipientStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Part of a name, facility or e-mail address. For coordinators.' })
  @IsOptional()
  @MaxLength(200)
  search?: string | null;
}

@Resolver(() => RecipientType)
export class RecipientResolver {
  constructor(private readonly recipients: RecipientService) {}

  @Query(() => RecipientType, {
    nullable: true,
    description: 'One recipient; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  recipient(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<RecipientType | null> {
    return this.recipients.find(context, id);
  }

  @Query(() => RecipientConnection, { name: 'recipients', description: 'Recipients, in the order of registration.' })
  @AllowedTo(...OVERSIGHT)
  list(
    @Context() { viewer }: RequestContext,
    @Args(CheckedArgs) args: RecipientsArgs,
  ): Promise<Connection<RecipientType>> {
    // A search that finds or does not find tells a name to whoever may not read it.
    if (args.search && !mayKnowRecipient(viewer, '')) throw forbidden('Only coordinators may search by name.');
    return this.recipients.list(args, args);
  }

  @Mutation(() => RegisteredRecipientsType, { description: 'Registers clinicians, all or none.' })
  @AllowedTo(...STAFF)
  async registerRecipients(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RegisterRecipientsInput,
  ): Promise<RegisteredRecipientsType> {
    return { recipients: await this.recipients.register(context, input) };
  }

  @Mutation(() => RecipientType, {
    description: 'Pauses, deactivates or activates a recipient. Nobody is ever deleted.',
  })
  @AllowedTo(...STAFF)
  changeRecipientStatus(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ChangeRecipientStatusInput,
  ): Promise<RecipientType> {
    return this.recipients.changeStatus(context, input);
  }

  @ResolveField(() => String)
  name(person: RecipientType, _args: unknown, { viewer }: RequestContext): string {
    return mayKnowRecipient(viewer, person.id) ? person.name : pseudonymOf(person.id);
  }

  @ResolveField(() => String, { nullable: true })
  profession(person: RecipientType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowWorkplace(viewer, person.id) ? person.profession : null;
  }

  @ResolveField(() => String, { nullable: true })
  specialty(person: RecipientType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowWorkplace(viewer, person.id) ? person.specialty : null;
  }

  @ResolveField(() => String, { nullable: true })
  facility(person: RecipientType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowWorkplace(viewer, person.id) ? person.facility : null;
  }

  @ResolveField(() => String, { nullable: true })
  subdivision(person: RecipientType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowWorkplace(viewer, person.id) ? person.subdivision : null;
  }

  @ResolveField(() => String, { nullable: true })
  email(person: RecipientType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowRecipient(viewer, person.id) ? person.email : null;
  }

  @ResolveField(() => String, { nullable: true })
  phone(person: RecipientType, _args: unknown, { viewer }: RequestContext): string | null {
    return mayKnowRecipient(viewer, person.id) ? person.phone : null;
  }
}
