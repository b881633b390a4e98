import { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { isId } from '../ids.js';
import { badInput } from '../rejection.js';

/** A page holds this many when the caller does not say. */
export const DEFAULT_PAGE = 25;
/** And never more than this. */
export const LARGEST_PAGE = 100;

/** `first` and `after`, as every list takes them. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many at most: 1 to ${LARGEST_PAGE}, ${DEFAULT_PAGE} by default.`,
  })
  @IsOptional()
  @IsInt()
  @Min(1, { message: `must be from 1 to ${LARGEST_PAGE}` })
  @Max(LARGEST_PAGE, { message: `must be from 1 to ${LARGEST_PAGE}` })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last one already seen.' })
  @IsOptional()
  @IsString()
  after?: string | null;
}

/** A page from either end: `first` and `after`, or `last` and `before`. */
@ArgsType()
export class BothWaysArgs extends PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many at most, counted from the end of the list or from \`before\`: 1 to ${LARGEST_PAGE}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(1, { message: `must be from 1 to ${LARGEST_PAGE}` })
  @Max(LARGEST_PAGE, { message: `must be from 1 to ${LARGEST_PAGE}` })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the first one already seen, on the way back.' })
  @IsOptional()
  @IsString()
  before?: string | null;
}

@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
export class PageInfoType {
  @Field({ description: 'Whether there are more after this page.' })
  hasNextPage: boolean;

  @Field({ description: 'Whether there are more before this page.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor to pass as `before`; null on an empty page.' })
  startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor to pass as `after`; null on an empty page.' })
  endCursor: string | null;
}

/** Where a row stands in its list: the values it is ordered by, the id last. */
export type Key = readonly (string | number)[];

/** A page request, checked: how many, and after which key. */
export interface Page {
  readonly limit: number;
  readonly after: Key | null;
  /** Whether the page is counted from the end: `after` is then the key that it ends before. */
  readonly backwards?: boolean;
}

/** One page as a repository reads it, with a way to count the whole list if somebody asks. */
export interface Rows<T> {
  /** Up to `limit + 1` rows, in the order in which they were asked for: the one too many says that there are more. */
  readonly rows: T[];
  readonly keyOf: (row: T) => Key;
  readonly count: () => Promise<number>;
}

/** The connection of a node type, as the schema shows it. */
export interface Connection<T> {
  readonly edges: { cursor: string; node: T }[];
  readonly nodes: T[];
  readonly pageInfo: PageInfoType;
  readonly totalCount: Promise<number>;
}

function encode(list: string, key: Key): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** Whether a text of the right shape names a day that there is: JavaScript makes 31 February the 2nd of March. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && !text.startsWith('0000');
}

/** What a part of a key is; a cursor is a caller's text, and may hold anything. */
export type KeyPart = 'id' | 'instant' | 'day' | 'number' | 'sum';

const IS_PART: Readonly<Record<KeyPart, (part: unknown) => boolean>> = {
  id: (part) => typeof part === 'string' && isId(part),
  instant: (part) =>
    typeof part === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(part) &&
    !Number.isNaN(Date.parse(part)),
  day: (part) => typeof part === 'string' && /^\d{4}-\d\d-\d\d$/.test(part) && isDay(part),
  number: (part) => Number.isInteger(part) && Math.abs(part as number) < 2 ** 31,
  /** A sum of units may pass 32 bits. */
  sum: (part) => Number.isSafeInteger(part),
};

function decode(list: string, shape: readonly KeyPart[], cursor: string, field: 'after' | 'before'): Key {
  try {
    const [of, ...key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (of === list && key.length === shape.length && key.every((part, i) => IS_PART[shape[i]!](part)))
      return key as Key;
  } catch {
    // Not even JSON: the same answer as for a cursor of another list.
  }
  throw badInput(field, 'This is not a cursor of this list.');
}

/**
 * Checks a page request against the list it is for.
 * @param list names list and order, so that a cursor of another list is refused and not misread
 * @param shape the types of the key's parts
 */
export function pageOf(args: PageArgs, list: string, shape: readonly KeyPart[] = ['id']): Page {
  return {
    limit: args.first ?? DEFAULT_PAGE,
    after: args.after == null ? null : decode(list, shape, args.after, 'after'),
  };
}

/** As {@link pageOf}, from either end. */
export function pageOfEither(args: BothWaysArgs, list: string, shape: readonly KeyPart[] = ['id']): Page {
  const { first, last, after, before } = args;
  if (last == null && before == null) return pageOf(args, list, shape);
  if (first != null || after != null)
    throw badInput(last == null ? 'before' : 'last', 'Ask from one end: first and after, or last and before.');
  return {
    limit: last ?? DEFAULT_PAGE,
    after: before == null ? null : decode(list, shape, before, 'before'),
    backwards: true,
  };
}

/** Lays rows out as a connection; cursors are made and the total is counted only when they are selected. */
export function connect<T>(list: string, page: Page, found: Rows<T>): Connection<T> {
  const asked = found.rows.slice(0, page.limit);
  const nodes = page.backwards ? asked.toReversed() : asked;
  const more = found.rows.length > page.limit;
  // Whoever passes a cursor has seen what it stands for, and that is still in the list, on the other side.
  const seen = page.after !== null;
  const cursorOf = (node: T | undefined): string | null =>
    node === undefined ? null : encode(list, found.keyOf(node));
  return {
    get edges() {
      return nodes.map((node) => ({ cursor: cursorOf(node)!, node }));
    },
    nodes,
    get pageInfo() {
      return {
        hasNextPage: page.backwards ? seen : more,
        hasPreviousPage: page.backwards ? more : seen,
        startCursor: cursorOf(nodes[0]),
        endCursor: cursorOf(nodes.at(-1)),
      };
    },
    get totalCount() {
      return found.count();
    },
  };
}

/** Declares `XConnection` and `XEdge` for the node type `X`. Every list of the schema comes from here. */
export function connectionType<T>(name: string, node: () => Type<T>): Type<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} and where it stands.` })
  class Edge {
    @Field({ description: 'Pass it as `after` to go on from here.' })
    cursor: string;

    @Field(node, { description: `The ${name} itself.` })
    node: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class PageConnection {
    @Field(() => [Edge], { description: 'The page, each with its cursor.' })
    edges: Edge[];

    @Field(() => [node()], { description: 'The page, without cursors.' })
    nodes: T[];

    @Field(() => PageInfoType, { description: 'Whether there is more.' })
    pageInfo: PageInfoType;

    @Field(() => Int, { description: 'How many there are in the whole list; counted only when asked.' })
    totalCount: Promise<number>;
  }
  return PageConnection;
}
