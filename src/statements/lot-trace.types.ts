import { Field, Int, ObjectType } from '@nestjs/graphql';
import { LotPlaceType } from '../stock/level.types.js';

@ObjectType('LotTrace', {
  description:
    'Where the units of a lot are, and who has them. The places sum to what was received and what counts found beyond.',
})
export class LotTraceType {
  lotId: string;

  @Field(() => Int, { description: 'What came in, as corrected.' })
  receivedUnits: number;

  @Field(() => Int, { description: 'What counts found beyond what came in and was lost.' })
  foundUnits: number;

  @Field(() => [LotPlaceType], { description: 'Every place at every site that holds units of it.' })
  places: LotPlaceType[];
}
