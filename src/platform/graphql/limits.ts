import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type FieldNode,
} from 'graphql';
import { badInput, RequestFault } from '../rejection.js';
import { DEFAULT_PAGE } from './connection.js';

/** How deep a query may nest. The deepest the web page needs is 8. */
const DEEPEST = 14;
/** How many fields an answer may hold at the most, counting a page as its size. */
const COSTLIEST = 20_000;
/** Lists that are short by nature (lines, lots, groups) count as this many. */
const SHORT_LIST = 1;

/** Fields that cost more than looking something up, and how many fields they count as. */
const COSTS = new Map<string, number>();

/** Says that answering a field takes as long as so many others: a query that asks for it often is refused. */
export function declareCost(field: string, cost: number): void {
  COSTS.set(field, cost);
}

interface Counting {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

function pageSize(field: FieldNode, { variables, fragments }: Counting): number {
  const first = field.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (first?.kind === Kind.INT) return Number(first.value);
  if (first?.kind === Kind.VARIABLE) return Number(variables[first.name.value] ?? DEFAULT_PAGE) || DEFAULT_PAGE;
  return field.selectionSet && isPage(field.selectionSet, fragments) ? DEFAULT_PAGE : SHORT_LIST;
}

/** Whether a selection is that of a list: it asks for its nodes or edges, itself or through a fragment. */
function isPage(set: SelectionSetNode, fragments: Counting['fragments']): boolean {
  return set.selections.some((s) => {
    if (s.kind === Kind.FIELD) return s.name.value === 'nodes' || s.name.value === 'edges';
    const inside = s.kind === Kind.INLINE_FRAGMENT ? s : fragments.get(s.name.value);
    return inside !== undefined && isPage(inside.selectionSet, fragments);
  });
}

function costOf(set: SelectionSetNode, depth: number, counting: Counting): number {
  if (depth > DEEPEST) throw new RequestFault('TOO_COMPLEX', `The query nests deeper than ${DEEPEST} levels.`);
  let cost = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      cost += COSTS.get(selection.name.value) ?? 1;
      // Introspection nests deeply by design and costs no database work.
      if (selection.selectionSet && !selection.name.value.startsWith('__')) {
        cost += Math.max(pageSize(selection, counting), 1) * costOf(selection.selectionSet, depth + 1, counting);
      }
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      // A fragment is a way of writing: it makes no answer deeper.
      cost += costOf(selection.selectionSet, depth, counting);
    } else {
      const fragment = counting.fragments.get(selection.name.value);
      if (fragment) cost += costOf(fragment.selectionSet, depth, counting);
    }
    if (cost > COSTLIEST) {
      throw new RequestFault('TOO_COMPLEX', `The query asks for more than ${COSTLIEST} fields: ask for smaller pages.`);
    }
  }
  return cost;
}

/** The operation of a document that will run. */
export function operationOf(document: DocumentNode, name?: string | null): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  return name ? operations.find((operation) => operation.name?.value === name) : operations[0];
}

/** The whole numbers a document gives for variables that may be left out: page sizes are among them. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, number> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  );
}

/** Refuses a query that nests too deep or asks for too much (`TOO_COMPLEX`), before it runs. */
export function assertAffordable(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): void {
  const operation = operationOf(document, operationName);
  if (!operation) return;
  const fragments = new Map(
    document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d] as const),
  );
  costOf(operation.selectionSet, 1, { fragments, variables: { ...defaultsOf(operation), ...variables } });
}

/**
 * A document of several operations, cut down to the one that was asked for; undefined when there is only one.
 * Mercurius compiles a document once, for whichever operation came first, and would run that one for all.
 */
export function singleOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
): DocumentNode | undefined {
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operations.length < 2) return undefined;
  if (!operationName) throw badInput('operationName', 'operationName: say which of the operations is to run');
  const wanted = operationOf(document, operationName);
  return {
    ...document,
    definitions: document.definitions.filter((d) => d.kind !== Kind.OPERATION_DEFINITION || d === wanted),
  };
}
