import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType('Replay', { description: 'A plan computed again from what was kept of it, compared with what was kept.' })
export class ReplayType {
  // Resolved to the plan.
  planId: string;

  @Field({ description: 'The version of the engine that computed it now.' })
  engineVersion: string;

  @Field({ description: 'The version of the engine that made the plan.' })
  storedEngineVersion: string;

  @Field(() => Boolean, {
    description: 'Whether these are two versions: then other words, or another split, may be meant.',
  })
  engineChanged: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the problem and of the version of the engine, now; null when it cannot be computed.',
  })
  fingerprint: string | null;

  @Field({ description: 'The fingerprint that was kept.' })
  storedFingerprint: string;

  @Field(() => Boolean, {
    description:
      'Whether every award, its lots and its reasons, what stays unallocated, and the metrics are to the byte what was kept.',
  })
  identical: boolean;

  @Field(() => Boolean, {
    description: 'Whether everybody gets the same units from the same lots, whatever the words.',
  })
  sameUnits: boolean;

  @Field(() => [String], { description: 'What differs, the first 20, and how many more there are. Never the seed.' })
  differences: string[];

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the outcome as computed now; null when it cannot be computed.',
  })
  digest: string | null;

  @Field({ description: 'SHA-256 of the outcome as it was kept: publish it, and nobody can change it unseen.' })
  storedDigest: string;
}
