import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** What a query selects below a field. */
export interface Selection {
  /** The names of all fields, however deep. */
  readonly names: ReadonlySet<string>;
  /** Fields within fields: `lot.item`. */
  readonly pairs: ReadonlySet<string>;
}

/** A compiled query keeps its document: what was read out of it once stays true. */
const known = new WeakMap<FieldNode, Selection>();

/**
 * What is selected below the field that is being resolved. Fields under `@include` and `@skip` count: reading too much is
 * no fault, reading too little is.
 */
export function selectionOf({
  fieldNodes,
  fragments,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): Selection {
  const before = known.get(fieldNodes[0]!);
  if (before && fieldNodes.length === 1) return before;
  const names = new Set<string>();
  const pairs = new Set<string>();
  const walk = (set: SelectionSetNode | undefined, parent: string): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const { value } = selection.name;
        names.add(value);
        pairs.add(`${parent}.${value}`);
        walk(selection.selectionSet, value);
      } else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
        walk(fragment?.selectionSet, parent);
      }
    }
  };
  for (const field of fieldNodes) walk(field.selectionSet, field.name.value);
  const selection = { names, pairs };
  if (fieldNodes.length === 1) known.set(fieldNodes[0]!, selection);
  return selection;
}
