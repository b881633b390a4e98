import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';

/*
 * Sums over the lines of history, kept by triggers in the transaction that changes a line. Every key has up to 16 rows, its
 * slots, and more under great load: whoever reads adds them up. The application may read them and nothing else.
 */
const firstDay = `date_trunc('month', month::timestamp) = month`;
const SLOT = 'slot >= 0';

/** By month (in UTC), item and state. */
@Entity('distribution_month_total')
@Check('distribution_month_total_month_is_its_first_day', firstDay)
@Check('distribution_month_total_slot_is_not_negative', SLOT)
export class DistributionMonthTotal {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'distribution_month_total_pkey' })
  month: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'distribution_month_total_pkey' })
  itemId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'distribution_month_total_pkey' })
  status: DeliveryStatus;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'distribution_month_total_pkey' })
  slot: number;

  @Column('bigint')
  units: number;

  @Column('bigint', { name: 'confirmed_units' })
  confirmedUnits: number;

  @Column('bigint')
  distributions: number;
}

/** By month (in UTC), item, state, country and tier; a country that is not known is ''. */
@Entity('distribution_country_total')
@Check('distribution_country_total_month_is_its_first_day', firstDay)
@Check('distribution_country_total_slot_is_not_negative', SLOT)
export class DistributionCountryTotal {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'distribution_country_total_pkey' })
  month: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'distribution_country_total_pkey' })
  itemId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'distribution_country_total_pkey' })
  status: DeliveryStatus;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'distribution_country_total_pkey' })
  country: string;

  @PrimaryColumn('smallint', {
    name: 'exposure_tier',
    primaryKeyConstraintName: 'distribution_country_total_pkey',
  })
  exposureTier: number;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'distribution_country_total_pkey' })
  slot: number;

  @Column('bigint')
  units: number;

  @Column('bigint', { name: 'confirmed_units' })
  confirmedUnits: number;

  @Column('bigint')
  distributions: number;
}

/** By donor, item and state. */
@Entity('distribution_donor_total')
@Check('distribution_donor_total_slot_is_not_negative', SLOT)
export class DistributionDonorTotal {
  @PrimaryColumn('uuid', { name: 'donor_id', primaryKeyConstraintName: 'distribution_donor_total_pkey' })
  donorId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'distribution_donor_total_pkey' })
  itemId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'distribution_donor_total_pkey' })
  status: DeliveryStatus;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'distribution_donor_total_pkey' })
  slot: number;

  @Column('bigint')
  units: number;

  @Column('bigint', { name: 'confirmed_units' })
  confirmedUnits: number;

  @Column('bigint')
  distributions: number;
}
