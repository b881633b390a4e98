import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/**
 * Whether a query asks for a field of what a resolver gives, directly or through fragments. For figures that cost much and
 * belong to a row that is read anyway. What `@skip` or `@include` may leave out counts as asked for.
 */
export function isSelected({ fieldNodes, fragments }: GraphQLResolveInfo, field: string): boolean {
  const isIn = (set: SelectionSetNode | undefined): boolean =>
    set !== undefined &&
    set.selections.some((selection) => {
      if (selection.kind === 'Field') return selection.name.value === field;
      if (selection.kind === 'InlineFragment') return isIn(selection.selectionSet);
      return isIn(fragments[selection.name.value]?.selectionSet);
    });
  return fieldNodes.some(({ selectionSet }) => isIn(selectionSet));
}
