import DataLoader from 'dataloader';

/** What one request carries from resolver to resolver. Made afresh for each. */
export interface RequestScope {
  readonly loaders: Map<object, unknown>;
}

/**
 * The request's loader for one relation: ids asked for in the same turn go to the database as one statement.
 * @param owner the service whose relation it is; one loader a request and owner
 * @param load reads many by id, in any order
 * @param idOf which id a row was asked by
 */
export function loaderOf<T>(
  scope: RequestScope,
  owner: (ids: readonly string[]) => Promise<T[]>,
  idOf: (row: T) => string,
): DataLoader<string, T | null> {
  let loader = scope.loaders.get(owner) as DataLoader<string, T | null> | undefined;
  if (!loader) {
    loader = new DataLoader<string, T | null>(async (ids) => {
      const byId = new Map((await owner(ids)).map((row) => [idOf(row), row]));
      return ids.map((id) => byId.get(id) ?? null);
    });
    scope.loaders.set(owner, loader);
  }
  return loader;
}

/** Has the request's loader know rows that were read beside something else: who asks for them again need not wait. */
export function know<T>(
  scope: RequestScope,
  owner: (ids: readonly string[]) => Promise<T[]>,
  idOf: (row: T) => string,
  rows: readonly T[],
): void {
  const loader = loaderOf(scope, owner, idOf);
  for (const row of rows) loader.prime(idOf(row), row);
}

/** As {@link loaderOf}, for a relation to many rows. */
export function listLoaderOf<T>(
  scope: RequestScope,
  owner: (ids: readonly string[]) => Promise<T[]>,
  idOf: (row: T) => string,
): DataLoader<string, T[]> {
  let loader = scope.loaders.get(owner) as DataLoader<string, T[]> | undefined;
  if (!loader) {
    loader = new DataLoader<string, T[]>(async (ids) => {
      const byId = new Map<string, T[]>();
      for (const row of await owner(ids)) {
        const siblings = byId.get(idOf(row));
        if (siblings) siblings.push(row);
        else byId.set(idOf(row), [row]);
      }
      return ids.map((id) => byId.get(id) ?? []);
    });
    scope.loaders.set(owner, loader);
  }
  return loader;
}

/**
 * As {@link loaderOf}, for the same page of a list of each parent: lists asked for in the same turn with the same
 * arguments go to the database as one statement.
 * @param owner the service whose lists they are
 * @param args what was asked for, apart from the parent
 */
export function pageLoaderOf<T>(
  scope: RequestScope,
  owner: object,
  args: object,
  load: (parentIds: readonly string[]) => Promise<Map<string, T>>,
): DataLoader<string, T> {
  const byArgs = (scope.loaders.get(owner) ?? new Map()) as Map<string, DataLoader<string, T>>;
  scope.loaders.set(owner, byArgs);
  const key = JSON.stringify(args);
  let loader = byArgs.get(key);
  if (!loader) {
    loader = new DataLoader<string, T>(async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id)!);
    });
    byArgs.set(key, loader);
  }
  return loader;
}
