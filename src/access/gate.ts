import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Kind, parse, type DocumentNode } from 'graphql';
import { GRAPHQL_RESPONSE } from '../platform/graphql/errors.js';
import { operationOf } from '../platform/graphql/limits.js';
import { assertReadableRequest } from '../platform/graphql/readable.js';
import { badInput, RequestFault } from '../platform/rejection.js';
import type { Viewer } from './access.rules.js';
import type { TokenService } from './token.service.js';

declare module 'fastify' {
  interface FastifyRequest {
    viewer?: Viewer;
  }
}

/** Whoever comes without a token, but with an operation that carries a secret of its own. */
const LINK: Viewer = { tokenId: null, role: 'LINK', subjectId: null };
/** The only operations that may come without a token. */
const OPEN_TO_LINKS = new Set(['confirmDelivery', '__typename']);

function onlyOpenOperations(query: unknown): boolean {
  if (typeof query !== 'string') return false;
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: 2000 });
  } catch {
    return false;
  }
  return document.definitions.every(
    (d) =>
      d.kind === Kind.FRAGMENT_DEFINITION ||
      (d.kind === Kind.OPERATION_DEFINITION &&
        d.operation === 'mutation' &&
        d.selectionSet.selections.every((s) => s.kind === Kind.FIELD && OPEN_TO_LINKS.has(s.name.value))),
  );
}

function unauthenticated(message: string): RequestFault {
  return new RequestFault('UNAUTHENTICATED', message);
}

async function admit(request: FastifyRequest, tokens: TokenService): Promise<Viewer> {
  const { authorization } = request.headers;
  if (authorization === undefined && onlyOpenOperations((request.body as { query?: unknown } | null)?.query))
    return LINK;
  return bearer(authorization, tokens);
}

/**
 * Who sends this header.
 * @throws UNAUTHENTICATED when nobody does that is known here
 */
export async function bearer(header: string | undefined, tokens: TokenService): Promise<Viewer> {
  if (header === undefined) throw unauthenticated('Send a bearer token: "Authorization: Bearer ppe_...".');
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const viewer = token === undefined ? undefined : await tokens.viewerOf(token);
  if (!viewer) throw unauthenticated('This token is not known here, or was revoked.');
  return viewer;
}

/** A GET carries its request in the query string, and may only read. */
function assertReadableQuery(search: Record<string, unknown>): void {
  let variables: unknown;
  let document: DocumentNode;
  try {
    variables = search['variables'] === undefined ? {} : JSON.parse(String(search['variables']));
  } catch {
    throw badInput('variables', 'variables: must be an object, as JSON');
  }
  assertReadableRequest({ ...search, variables });
  try {
    document = parse(String(search['query'] ?? ''), { maxTokens: 2000 });
  } catch {
    return; // Answered like any other document that cannot be read.
  }
  if (operationOf(document, search['operationName'] as string | undefined)?.operation !== 'query')
    throw badInput('query', 'query: only queries may be sent by GET; send a mutation by POST');
}

/**
 * Stands before the GraphQL route: only JSON comes in, and nobody without a token gets as far as validation,
 * so that the schema is not described to strangers by its error messages.
 */
export function keepTheGate(fastify: FastifyInstance, tokens: TokenService, path = '/graphql'): void {
  fastify.addHook('onRequest', async (request) => {
    if (request.routeOptions.url !== path || request.method !== 'POST') return;
    if (!/^application\/(graphql-response\+)?json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      throw new RequestFault('BAD_USER_INPUT', 'Send the request as application/json.', { field: 'content-type' });
    }
  });
  fastify.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.url !== path || !request.headers.accept?.includes(GRAPHQL_RESPONSE)) return;
    void reply.header('content-type', `${GRAPHQL_RESPONSE}; charset=utf-8`);
  });
  fastify.addHook('preValidation', async (request) => {
    if (request.routeOptions.url !== path) return;
    request.viewer = await admit(request, tokens);
    if (request.method === 'POST') assertReadableRequest(request.body);
    if (request.method === 'GET') assertReadableQuery(request.query as Record<string, unknown>);
  });
}
