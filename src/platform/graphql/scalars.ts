import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLLocalDate } from 'graphql-scalars';

/**
 * Whole numbers are checked here and not by graphql-scalars, whose `PositiveInt` reads 1.5 as 1 and "10" as 10:
 * a quantity of medical goods is never guessed.
 */
function wholeNumberScalar(name: string, least: number, description: string): GraphQLScalarType<number, number> {
  const check = (value: unknown): number => {
    if (typeof value !== 'number') throw new TypeError(`Expected a whole number, got ${typeof value}.`);
    if (!Number.isInteger(value)) throw new TypeError(`Expected a whole number, got ${value}.`);
    if (value < least) throw new TypeError(`Expected ${least} or more, got ${value}.`);
    if (!Number.isSafeInteger(value)) throw new TypeError('The number is too large to be exact.');
    return value;
  };
  return new GraphQLScalarType<number, number>({
    name,
    description,
    serialize: (value) => check(typeof value === 'string' ? Number(value) : value),
    parseValue: check,
    parseLiteral: (node: ValueNode) => {
      if (node.kind === Kind.INT) return check(Number(node.value));
      throw new TypeError(`Expected a whole number, got ${'value' in node ? JSON.stringify(node.value) : node.kind}.`);
    },
  });
}

/** Whole, at least 1. */
export const PositiveInt = wholeNumberScalar('PositiveInt', 1, 'A whole number, at least 1. 1.5 and "10" are refused.');
/** Whole, at least 0. */
export const NonNegativeInt = wholeNumberScalar('NonNegativeInt', 0, 'A whole number, at least 0.');
/** A sum of units, which may pass 32 bits. */
export const SafeInt = wholeNumberScalar(
  'SafeInt',
  Number.MIN_SAFE_INTEGER,
  'A whole number up to 2^53 - 1: sums of units may pass 32 bits.',
);
/** There was no year 0: PostgreSQL refuses it. */
function afterChrist(day: string): string {
  if (day.startsWith('0000')) throw new TypeError('There was no year 0.');
  return day;
}

/** A calendar day, `YYYY-MM-DD`; never shifted by a time zone. */
export const LocalDate = new GraphQLScalarType<string, string>({
  ...GraphQLLocalDate.toConfig(),
  parseValue: (value) => afterChrist(GraphQLLocalDate.parseValue(value)),
  parseLiteral: (node) => afterChrist(GraphQLLocalDate.parseLiteral(node, {})),
});
/** An instant in UTC, RFC 3339. */
export const DateTime: GraphQLScalarType = GraphQLDateTime;
