import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.js';
import { type Finding, LedgerLawsRepository } from './ledger-laws.repository.js';

/** Checks a live database: all laws in one snapshot, while others go on writing. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly database: Database,
    private readonly laws: LedgerLawsRepository,
  ) {}

  verify(): Promise<Finding[]> {
    return this.database.survey(this.laws.names(), (reader, law) => this.laws.finding(reader, law));
  }
}
