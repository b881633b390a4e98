import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A plan keeps what its engine said beside the awards, so that its figures never change afterwards. */
export class PlanFairness1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Null in plans made before: what nobody wrote down is not invented. The grants on the table cover new columns.
    await runner.query(`alter table plan add column breakdown jsonb, add column notes jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table plan drop column breakdown, drop column notes`);
  }
}
