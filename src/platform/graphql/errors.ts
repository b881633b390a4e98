import { GraphQLError, parse, visit, type ASTNode, type DocumentNode } from 'graphql';
import { RequestFault, type FaultCode } from '../rejection.js';

/** What goes into the log about an error that the caller is not shown. */
export type ReportBug = (error: unknown) => void;

interface Formatted {
  readonly statusCode: number;
  readonly response: { data?: unknown; errors: FormattedError[] };
}

interface FormattedError {
  message: string;
  locations?: readonly { line: number; column: number }[];
  path?: readonly (string | number)[];
  extensions: { code: FaultCode; [fact: string]: unknown };
}

const INSIDE_VARIABLE = /got invalid value (?:.*?) at "([^"]+)"/s;
const WHOLE_VARIABLE = /^Variable "\$(\w+)" got invalid value/;
const MISSING_VARIABLE = /^Variable "\$(\w+)" of (?:required|non-null) type/;
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

/** What a node adds to the path of a field: the name of an argument or an input field, the place in a list. */
function stepOf(node: ASTNode, key: string | number | undefined): string | undefined {
  if (node.kind === 'Argument' || node.kind === 'ObjectField') return node.name.value;
  const isValue = node.kind.endsWith('Value') || node.kind === 'Variable';
  return isValue && typeof key === 'number' ? String(key) : undefined;
}

/** The path of arguments and input fields that leads to what stands at an offset of the document: `input.lines.0.units`. */
function fieldOfLiteral(document: DocumentNode, start: number): string | undefined {
  let found: string | undefined;
  const path: string[] = [];
  visit(document, {
    enter(node, key) {
      const step = stepOf(node, key);
      if (step !== undefined) path.push(step);
      if (node.loc?.start === start && path.length > 0) found ??= path.join('.');
    },
    leave(node, key) {
      if (stepOf(node, key) !== undefined) path.pop();
    },
  });
  return found;
}

/** A field that should have been given and was not, as graphql-js names it. */
const MISSING_FIELD = /Field "(?:\w+\.)?(\w+)" of required type .* was not provided/;
/** A field of a variable that its type does not have; of a literal, the place of the error says it. */
const STRANGE_FIELD = /^Variable .* Field "(\w+)" is not defined by type/s;

/** Where a fault of a variable lies: `input.lines.0.units`. */
function fieldOfVariable({ message }: GraphQLError): string | undefined {
  const inside = INSIDE_VARIABLE.exec(message)?.[1];
  if (inside) return dotted(inside);
  return (WHOLE_VARIABLE.exec(message) ?? MISSING_VARIABLE.exec(message))?.[1];
}

function fieldOfNode({ nodes }: GraphQLError): string | undefined {
  const place = nodes?.[0]?.loc;
  return place && fieldOfLiteral(parse(place.source.body), place.start);
}

/** The input field a GraphQL validation or coercion error is about, where it is about one. */
function fieldOf(error: GraphQLError): string | undefined {
  const field = fieldOfVariable(error) ?? fieldOfNode(error);
  const missing = (MISSING_FIELD.exec(error.message) ?? STRANGE_FIELD.exec(error.message))?.[1];
  return missing ? [field, missing].filter(Boolean).join('.') : field;
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
    INSIDE_VARIABLE.test(error.message)
  );
}

/** What was typed stays out of messages, since it may name people; numbers, which quantities are, stay in. */
function withoutContent(message: string): string {
  return message
    .replace(
      /(got) (invalid value) (?!-?[\d.e+]+[ ;]).*?(?= at "[^"]+";|; (?:Expected|Field|Value|[A-Z]\w* cannot)|$)/s,
      '$1 an $2',
    )
    .replace(/(cannot represent[^:]*): (?!-?[\d.e+]+$).*$/s, '$1.')
    .replace(/, found (?!-?[\d.e+]+[.;]).*$/s, '.');
}

/** A connection that breaks during a commit leaves open whether it came about: only the key tells. */
export const MASKED =
  'Something went wrong on our side. A change is made once or not at all: repeat it with its idempotencyKey to be sure. Please name this request id when you report it.';

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
      message: withoutContent(error.message),
      locations: error.locations,
      extensions: { code: 'BAD_USER_INPUT', ...(field && { field }) },
    };
  }
  report(error);
  return {
    message: MASKED,
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** Mercurius wraps the errors of one document in one error; the callers want the errors. */
function unwrap(error: GraphQLError): unknown[] {
  if (fromFastify(error.originalError)) return [error];
  const inner = (error.originalError as { errors?: unknown } | undefined)?.errors;
  return Array.isArray(inner) ? inner : [error];
}

/** The media type of GraphQL over HTTP, whose clients read the status before the body. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * Shows errors to the caller: faults of the request with a code of the closed list and the field they are about;
 * anything else masked behind the request id, and reported.
 * @param accept the request's header: to clients of plain JSON a document that does not fit is a well-formed answer, 200
 */
export function formatErrors(
  execution: { data?: unknown; errors?: readonly GraphQLError[] },
  request: { readonly id: string; readonly accept: string | undefined },
  report: ReportBug,
): Formatted {
  const errors = (execution.errors ?? []).flatMap(unwrap).map((error) => format(error, request.id, report));
  const { data } = execution;
  if (data !== undefined && data !== null) return { statusCode: 200, response: { data, errors } };
  const ran = errors.some((error) => error.path);
  return {
    statusCode: ran ? 200 : statusOf(errors, request.accept),
    response: ran ? { data: null, errors } : { errors },
  };
}

const STATUS: Partial<Record<FaultCode, number>> = {
  UNAUTHENTICATED: 401,
  INTERNAL_SERVER_ERROR: 500,
  RATE_LIMITED: 429,
};
/** Parts of the request itself: one that is not even shaped as a GraphQL request is a bad request to everybody. */
const ENVELOPE = new Set<unknown>(['body', 'query', 'variables', 'operationName', 'extensions', 'content-type']);

function statusOf([first]: readonly FormattedError[], accept: string | undefined): number {
  if (!first) return 200;
  const { code, field } = first.extensions;
  const status = STATUS[code];
  if (status) return status;
  const isDocument = first.locations !== undefined || !ENVELOPE.has(field);
  return isDocument && !accept?.includes(GRAPHQL_RESPONSE) ? 200 : 400;
}

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
