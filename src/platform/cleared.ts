/**
 * The fields of an input that are null. Where null takes a fact away and what is left out stays, they are two requests, and
 * the key that knows a request again has to tell them apart.
 */
export function clearedIn(input: object): string[] {
  return Object.entries(input).flatMap(([name, value]) => (value === null ? [name] : []));
}
