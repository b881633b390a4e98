/**
 * Three kinds of trouble have three homes. This file holds the first two; the third, a bug, is any other error
 * and is masked before it leaves the server.
 *
 * - A {@link Refusal}: the business says no. It is data with facts and becomes a member of a result union.
 * - A {@link RequestFault}: the request itself is wrong. It becomes an entry of `errors` with a code of a closed list.
 */

/** The business says no: a plain object, because graphql-js treats a returned `Error` as a failure. */
export interface Refusal {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
}

const refused = new WeakSet<object>();

/**
 * Makes a refusal.
 * @param typename the GraphQL type that carries it
 * @param code a stable machine-readable reason, SCREAMING_SNAKE
 * @param facts the figures a caller needs to do better next time
 */
export function refuse<Name extends string, Facts extends object>(
  typename: Name,
  code: string,
  message: string,
  facts: Facts,
): Refusal & { readonly __typename: Name } & Facts {
  const refusal = Object.freeze({ __typename: typename, code, message, ...facts });
  refused.add(refusal);
  return refusal;
}

/** Whether a value is a refusal made by {@link refuse}, and not the thing that was asked for. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && refused.has(value);
}

/** What a use case that cannot be refused gave. A refusal here is a bug, and is treated as one. */
export function unrefused<T>(done: T | Refusal): T {
  if (isRefusal(done)) throw new Error(`unexpected refusal: ${done.code}`);
  return done;
}

/** Thrown inside a unit of work to roll everything back; `database.write` turns it into the refusal it carries. */
export class Rejected extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** Every code that may stand in `errors[].extensions.code`. The list is closed: clients switch on it. */
export const FAULT_CODES = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_COMPLEX',
  'RATE_LIMITED',
  'INTERNAL_SERVER_ERROR',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** The request is wrong, in one named field where there is one (`input.lines.0.units`). */
export class RequestFault extends Error {
  constructor(
    readonly code: FaultCode,
    message: string,
    readonly facts: { readonly field?: string; readonly faults?: readonly { field: string; message: string }[] } = {},
  ) {
    super(message);
  }
}

/** `BAD_USER_INPUT` on one field. */
export function badInput(field: string, message: string): RequestFault {
  return new RequestFault('BAD_USER_INPUT', message, { field });
}

/** `NOT_FOUND`: the field names something that does not exist, or not for the one who asks. */
export function notFound(field: string, what: string): RequestFault {
  return new RequestFault('NOT_FOUND', `There is no ${what} with this id.`, { field });
}

/** `FORBIDDEN`: known, but not allowed to do this. */
export function forbidden(message: string): RequestFault {
  return new RequestFault('FORBIDDEN', message);
}
