import { getVariableValues, GraphQLError, visit, type DocumentNode, type GraphQLSchema } from 'graphql';
import { badInput, RequestFault } from '../rejection.js';
import { operationOf } from './limits.js';

/** As many faults of the variables as graphql-js itself would name. */
const MOST_FAULTS = 50;
export const NOT_TEXT = 'holds a character that cannot be kept: U+0000, or half of a pair';

/** Whether PostgreSQL can keep a text: it has no U+0000, and no half of a surrogate pair. */
export function isKeepable(text: string): boolean {
  return !text.includes('\0') && !/\p{Cs}/u.test(text);
}

/** Refuses a document that was sent as a syntax tree, past the limits of the parser, and text that cannot be kept. */
export function assertReadableDocument(document: DocumentNode | null): void {
  if (document?.loc === undefined) throw badInput('query', 'query: is not a GraphQL document');
  visit(document, {
    StringValue(node) {
      if (!isKeepable(node.value)) throw new GraphQLError(`The text ${NOT_TEXT}.`, { nodes: node });
    },
  });
}

function firstUnkeepable(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return isKeepable(value) ? undefined : path;
  if (value === null || typeof value !== 'object') return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = firstUnkeepable(inner, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Refuses variables that do not fit, in the words of graphql-js each time: Mercurius leaves it to the compiled query
 * on the call that compiles it, and that one names the wrong field.
 */
export function assertReadableVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): void {
  const definitions = operationOf(document, operationName)?.variableDefinitions ?? [];
  if (definitions.length === 0) return;
  const { errors, coerced } = getVariableValues(schema, definitions, variables, { maxErrors: MOST_FAULTS });
  if (errors) throw Object.assign(new Error('The variables do not fit.'), { errors });
  for (const [name, value] of Object.entries(coerced)) {
    const field = firstUnkeepable(value, name);
    if (field !== undefined) throw badInput(field, `${field}: ${NOT_TEXT}`);
  }
}

/** Refuses a body (or the query string of a GET) that is not shaped as a GraphQL request. */
export function assertReadableRequest(request: unknown): void {
  const shape = (field: string, what: string): RequestFault => badInput(field, `${field}: must be ${what}`);
  if (!isRecord(request)) throw shape('body', 'an object with a "query"; batches are not taken');
  const { query, variables, operationName, extensions } = request;
  if (query != null && typeof query !== 'string') throw shape('query', 'a text');
  if (variables != null && !isRecord(variables)) throw shape('variables', 'an object');
  if (operationName != null && typeof operationName !== 'string') throw shape('operationName', 'a text');
  if (extensions != null && !isRecord(extensions)) throw shape('extensions', 'an object');
  // Clients may say null where they could say nothing; Mercurius takes only an object.
  if (extensions === null) delete request['extensions'];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
