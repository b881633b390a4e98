import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a lot was once thought to be is found by the item, so that its history is complete under either. */
export class FormerItems1764960000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index lot_change_of_former_item on lot_change (before) where field = 'ITEM'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index lot_change_of_former_item');
  }
}
