/**
 * What went on for somebody in a period, of one item. What was open and what was promised has been delivered, came back,
 * was lost or was taken back, or is open still.
 */
export interface StatementSums {
  readonly openingUnits: number;
  readonly promisedUnits: number;
  readonly sentUnits: number;
  readonly deliveredUnits: number;
  readonly returnedUnits: number;
  readonly lostUnits: number;
  readonly takenBackUnits: number;
  readonly closingUnits: number;
  readonly confirmedUnits: number;
  readonly missingUnits: number;
}
