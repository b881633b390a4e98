import { bulk } from '../bench/bulk.mjs';
import { connect } from './database.js';
import type { World } from './world.js';

/** A site with few lines, a group of seven people, and one of a third of all. */
export const GARAGE = '01900000-0000-7000-8000-0000000000aa';
export const FEW = '01900000-0000-7000-8000-0000000000b1';
export const MANY = '01900000-0000-7000-8000-0000000000b2';

/** What makes the lines of many plans differ: people at facilities and in groups, donors in countries, a second site. */
const DIFFERENCES = `
  update recipient set facility = f, facility_key = lower(f) from (select id as person, case when right(name, 1) in ('1', '2') then '武汉协和医院' when right(name, 1) = '3' then '100%_Mercy' else 'General ' || right(name, 1) end as f from recipient) as at where id = person;
  update donor set country = case when right(name, 1) = '1' then 'CN' when right(name, 1) = '2' then 'DE' end;
  update distribution t set donor_country = d.country from donor d where d.id = t.donor_id;
  update lot set lot_number = 'L-' || right(id::text, 1) || '-' || substr(id::text, 12, 2);
  insert into site (id, name, name_key, is_default, opened_at) values ('${GARAGE}', 'Garage', 'garage', false, '2020-01-01');
  update distribution set site_id = '${GARAGE}' where units = 3;
  insert into recipient_group (id, name, name_key, created_at) values ('${FEW}', 'few', 'few', '2020-01-01'), ('${MANY}', 'many', 'many', '2020-01-01');
  insert into group_member (group_id, recipient_id, joined_at) select '${FEW}', id, '2020-01-01' from recipient order by id limit 7;
  insert into group_member (group_id, recipient_id, joined_at) select '${MANY}', id, '2020-01-01' from recipient where right(name, 1) in ('2', '4', '6');
`;

/** A world with the lines of very many plans, made by SQL: for what shows only among many. */
export async function fill(world: World, entries: number): Promise<void> {
  const owner = await connect(world.databaseUrl);
  try {
    await bulk(owner, entries);
    await owner.query('set session_replication_role = replica');
    await owner.query(DIFFERENCES);
    await owner.query('vacuum (analyze)');
  } finally {
    await owner.end();
  }
}
