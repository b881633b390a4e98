import { GraphQLError, parse, visit, type ASTNode, type DocumentNode } from 'graphql';
import { FAULT_CODES, RequestFault, type FaultCode } from '../rejection.js';

/** What goes into the log about an error that the caller is not shown. */
export type ReportBug = (error: unknown) => void;

interface Formatted {
  readonly statusCode: number;
  readonly response: { data: unknown; errors: FormattedError[] };
}

interface FormattedError {
  message: string;
  locations?: readonly { line: number; column: number }[];
  path?: readonly (string | number)[];
  extensions: { code: FaultCode; [fact: string]: unknown };
}

const VARIABLE_PATH = /got invalid value (?:.*?) at "([^"]+)"/s;
const MISSING_VARIABLE = /^Variable "\$(\w+)" of required type/;
const UNREADABLE_BODY = new Set([
  'FST_ERR_CTP_INVALID_JSON_BODY',
  'FST_ERR_CTP_EMPTY_JSON_BODY',
  'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
]);
const FASTIFY_TOO_LARGE = 'FST_ERR_CTP_BODY_TOO_LARGE';

/** `input.lines[0].units` as `input.lines.0.units`. */
function dotted(path: string): string {
  return path.replace(/\[(\d+)\]/g, '.$1');
}

function startsAt(node: ASTNode, start: number): boolean {
  return node.loc?.start === start;
}

/** The path of arguments and input fields that leads to the value at an offset of the document: `input.lines.0.units`. */
function fieldOfLiteral(document: DocumentNode, start: number): string | undefined {
  let found: string | undefined;
  const path: string[] = [];
  const named = {
    enter(node: ASTNode & { name: { value: string } }) {
      path.push(node.name.value);
    },
    leave() {
      path.pop();
    },
  };
  visit(document, {
    enter(node, key, parent) {
      if (Array.isArray(parent) && typeof key === 'number' && path.length > 0 && 'kind' in node && isListItem(node))
        path.push(String(key));
      if (startsAt(node, start) && path.length > 0 && isValue(node)) found = path.join('.');
      if (node.kind === 'Argument' || node.kind === 'ObjectField') named.enter(node);
    },
    leave(node, key, parent) {
      if (node.kind === 'Argument' || node.kind === 'ObjectField') named.leave();
      if (Array.isArray(parent) && typeof key === 'number' && path.length > 0 && isListItem(node)) path.pop();
    },
  });
  return found;
}

function isValue(node: ASTNode): boolean {
  return (
    node.kind.endsWith('Value') || node.kind === 'Variable' || node.kind === 'ObjectField' || node.kind === 'Argument'
  );
}

/** Items of a list literal stand in an array like the fields of an object do, but have no name of their own. */
function isListItem(node: ASTNode): boolean {
  return node.kind.endsWith('Value') || node.kind === 'Variable';
}

/** The input field a GraphQL validation or coercion error is about, where it is about one. */
function fieldOf(error: GraphQLError): string | undefined {
  const inVariable = VARIABLE_PATH.exec(error.message)?.[1];
  if (inVariable) return dotted(inVariable);
  const wholeVariable =
    /^Variable "\$(\w+)" got invalid value/.exec(error.message)?.[1] ?? MISSING_VARIABLE.exec(error.message)?.[1];
  const node = error.nodes?.[0];
  const source = node?.loc?.source.body ?? error.source?.body;
  const missing = /Field "\w+\.(\w+)" of required type .* was not provided/.exec(error.message)?.[1];
  if (wholeVariable) return missing ? `${wholeVariable}.${missing}` : wholeVariable;
  if (!source || node?.loc === undefined) return undefined;
  const literal = fieldOfLiteral(parse(source), node.loc.start);
  return missing ? [literal, missing].filter(Boolean).join('.') : literal;
}

function requestFaultOf(error: unknown): RequestFault | undefined {
  if (error instanceof RequestFault) return error;
  const original = error instanceof GraphQLError ? error.originalError : undefined;
  return original ? requestFaultOf(original) : undefined;
}

function fromFastify(error: unknown): RequestFault | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return undefined;
  if (UNREADABLE_BODY.has(code)) return new RequestFault('BAD_USER_INPUT', 'The body is not JSON.', { field: 'body' });
  if (code === FASTIFY_TOO_LARGE) return new RequestFault('TOO_COMPLEX', 'The body is too large.', { field: 'body' });
  if (code.startsWith('FST_ERR_CTP'))
    return new RequestFault('BAD_USER_INPUT', 'Send the request as application/json.', { field: 'content-type' });
  if (code === 'MER_ERR_GQL_PERSISTED_QUERY_NOT_FOUND')
    return new RequestFault('BAD_USER_INPUT', 'The body has no "query".', { field: 'query' });
  if (code === 'MER_ERR_METHOD_NOT_ALLOWED')
    return new RequestFault('BAD_USER_INPUT', 'A mutation must be sent by POST.', { field: 'query' });
  return undefined;
}

/** Errors that graphql-js itself finds in a document or its variables: it throws them with nothing underneath. */
function isDocumentFault(error: unknown): error is GraphQLError {
  return (
    error instanceof GraphQLError && error.path === undefined && (error.originalError == null || isCoercion(error))
  );
}

function isCoercion(error: GraphQLError): boolean {
  return (
    /^(Variable "|Argument "|Expected value of type|Field "|Int cannot|String cannot|Enum )/.test(error.message) ||
    VARIABLE_PATH.test(error.message)
  );
}

function format(error: unknown, requestId: string, report: ReportBug): FormattedError {
  const place = error instanceof GraphQLError ? { locations: error.locations, path: error.path } : {};
  const known =
    requestFaultOf(error) ??
    fromFastify(error instanceof GraphQLError ? error.originalError : error) ??
    fromFastify(error);
  if (known) return { message: known.message, ...place, extensions: { code: known.code, ...known.facts } };
  if (isDocumentFault(error)) {
    const field = fieldOf(error);
    return {
      message: error.message,
      locations: error.locations,
      extensions: { code: 'BAD_USER_INPUT', ...(field && { field }) },
    };
  }
  report(error);
  return {
    message: 'Something went wrong on our side. Nothing was changed. Please name this request id when you report it.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** Mercurius wraps the errors of one document in one error; the callers want the errors. */
function unwrap(error: GraphQLError): unknown[] {
  const inner = (error.originalError as { errors?: unknown } | undefined)?.errors;
  return Array.isArray(inner) ? inner : [error];
}

/**
 * Shows errors to the caller: faults of the request with a code of the closed list and the field they are about;
 * anything else masked behind the request id, and reported.
 */
export function formatErrors(
  execution: { data?: unknown; errors?: readonly GraphQLError[] },
  requestId: string,
  report: ReportBug,
): Formatted {
  const errors = (execution.errors ?? []).flatMap(unwrap).map((error) => format(error, requestId, report));
  const executed = execution.data !== undefined && execution.data !== null;
  return { statusCode: executed ? 200 : statusOf(errors), response: { data: execution.data ?? null, errors } };
}

const STATUS: Partial<Record<FaultCode, number>> = {
  UNAUTHENTICATED: 401,
  INTERNAL_SERVER_ERROR: 500,
  RATE_LIMITED: 429,
};

function statusOf(errors: readonly FormattedError[]): number {
  const code = errors[0]?.extensions.code;
  if (errors.some((error) => error.path)) return 200;
  return (code && STATUS[code]) ?? 400;
}

/** For the contract test: the closed list, as the schema's readers see it. */
export const errorCodes = FAULT_CODES;

/**
 * What of an error may stand in the log: TypeORM hangs a query's parameters on its errors, and PostgreSQL the values of
 * a row, which are people's names and addresses.
 */
export function harmless(error: unknown): object {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (!(cause instanceof Error)) return { type: typeof cause };
  const { code, constraint } = cause as { code?: unknown; constraint?: unknown };
  return { type: cause.name, message: cause.message, stack: cause.stack, code, constraint };
}
