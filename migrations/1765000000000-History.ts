import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A line of history carries whatever it is asked by: also the tier of the recipient and the country of the donor, as they
 * were when it was allocated. Of older lines nothing better is known than what they are now.
 */
const COLUMNS = `
  alter table distribution add column exposure_tier smallint, add column donor_country text;
  update distribution t set exposure_tier = r.exposure_tier, donor_country = d.country
    from recipient r, donor d where r.id = t.recipient_id and d.id = t.donor_id;
  alter table distribution alter column exposure_tier set not null,
    add constraint distribution_exposure_tier_is_known check (exposure_tier between 1 and 3);
`;

/** A facility is searched by whoever asks who got what: the case of thousands is folded once, and not at each search. */
const FACILITIES = `
  alter table recipient add column facility_key text;
  update recipient set facility_key = lower(facility) where facility is not null;
  alter table recipient add constraint recipient_facility_key_is_the_facility_in_lower_case
    check (facility_key is not distinct from lower(facility));
`;

const INDEXES = `
  create index distribution_of_plan on distribution (plan_id, allocated_at, id);
  create index distribution_of_site on distribution (site_id, allocated_at, id);
  create index distribution_of_tier on distribution (exposure_tier, allocated_at, id);
  create index distribution_of_donor_country on distribution (donor_country, allocated_at, id);
`;

export class History1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(FACILITIES);
    await runner.query(INDEXES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop index distribution_of_plan, distribution_of_site, distribution_of_tier, distribution_of_donor_country',
    );
    await runner.query('alter table recipient drop column facility_key');
    await runner.query('alter table distribution drop column exposure_tier, drop column donor_country');
  }
}
