/** Figures about fewer people than this point at somebody; donors are not told them by country or in times. */
export const FEWEST_PEOPLE = 3;

/** Whether figures about so many people tell nobody's. */
export function isManyEnough(people: number): boolean {
  return people >= FEWEST_PEOPLE;
}
