import type { Engine } from '../../src/session/engine.js';
import { runScript } from './run-statement.js';

/*
 * Tables as estimates like them least. Keys follow Zipf's law (a key is e^(u ln n), for u even between 0 and 1), a city
 * says its country, ids grow with the date, and texts are made of words of very different frequency. Every row is a
 * function of its number, so that the set is the same everywhere.
 *
 *   city    1,000 rows      user   50,000 rows, a city each      event   600,000 rows in 12 partitions, a user each
 */
const USERS = 50_000;
const EVENTS = 600_000;

/** Even between 0 and 1, of a row's number. */
const uniform = (row: string, seed: number): string =>
  `((${row}::bigint * ${seed} + ${seed % 1009}) % 1000003)::double precision / 1000003`;

const zipf = (row: string, seed: number, most: number): string =>
  `floor(exp(${uniform(row, seed)} * ln(${most}::double precision)))::bigint`;

const SCRIPT = `
create table city as
select i::bigint as city_id, 'city ' || i as city, 'country ' || (i % 40) as country, 'zone ' || (i % 40) % 6 as zone
from generate_series(1, 1000) as s(i);

create table users as
select user_id, city_id, 'country ' || (city_id % 40) as country,
  date '2020-01-01' + (user_id / 40)::integer as joined,
  case when ${uniform('user_id', 7919)} < 0.9 then 'free' when ${uniform('user_id', 7919)} < 0.99 then 'plus' else 'team' end as plan,
  'user' || user_id || case when user_id % 50 = 0 then '@example.org' else '@example.com' end as email
from (select i::bigint as user_id, ${zipf('i', 104_729, 1000)} as city_id from generate_series(1, ${USERS}) as s(i)) u;

create table event (
  event_id bigint, user_id bigint, happened date, kind text, path text, amount numeric(12, 2), note text, month integer
) partitioned by (month);

insert overwrite event partition (month)
select event_id, user_id, date '2025-01-01' + (event_id / 1644)::integer,
  'kind ' || ${zipf('event_id', 15_485_863, 30)},
  '/' || case when event_id % 7 = 0 then 'shop' when event_id % 101 = 0 then 'admin' else 'page' end || '/' || ${zipf('event_id', 32_452_843, 5000)},
  (${uniform('event_id', 49_979_687)} * ${uniform('event_id', 49_979_687)} * 1000)::numeric(12, 2),
  case when event_id % 20 = 0 then 'returned after ' || event_id % 90 || ' days' end,
  1 + (event_id / 50000)::integer
from (select i::bigint as event_id, ${zipf('i', 999_331, USERS)} as user_id from generate_series(0, ${EVENTS - 1}) as s(i)) e;
`;

export const SKEWED_QUERIES: Readonly<Record<string, string>> = {
  'common key': 'select event_id from event where user_id = 1',
  'rare key': 'select event_id from event where user_id = 40000',
  'keys in a list': 'select event_id from event where user_id in (1, 2, 3, 41000)',
  'small keys': 'select event_id from event where user_id < 10',
  'common text': "select event_id from event where kind = 'kind 1'",
  'rare text': "select event_id from event where kind = 'kind 29'",
  'not text': "select event_id from event where kind <> 'kind 1'",
  prefix: "select event_id from event where path like '/shop/%'",
  contains: "select event_id from event where path like '%admin%'",
  suffix: "select user_id from users where email like '%.org'",
  nulls: 'select event_id from event where note is not null',
  amounts: 'select event_id from event where amount between 500 and 900',
  dates: "select event_id from event where happened >= date '2025-03-01' and happened < date '2025-03-08'",
  'date and id': "select event_id from event where happened < date '2025-02-01' and event_id < 50000",
  'one partition': "select event_id from event where month = 3 and kind = 'kind 2'",
  'city and country': "select user_id from users where city_id = 7 and country = 'country 7'",
  'skewed plan': "select user_id from users where plan = 'team' and joined < date '2021-01-01'",
  'users of a city': "select count(*) from users join city using (city_id) where city = 'city 1'",
  'events of a plan': "select count(*) from event join users using (user_id) where plan = 'plus'",
  'events of a zone':
    "select zone, count(*) from event join users using (user_id) join city using (city_id) where zone = 'zone 1' group by zone",
  'events by user': 'select user_id, count(*) from event group by user_id',
  'users by city and country': 'select city_id, country, count(*) from users group by city_id, country',
  'events by day and kind': 'select happened, kind, count(*) from event group by happened, kind',
  'events by month of date': 'select extract(month from happened), count(*) from event group by 1',
  'self join of a skewed key':
    'select count(*) from users a join users b on a.city_id = b.city_id where a.user_id < 500',
  'users without events':
    'select count(*) from users where not exists (select from event e where e.user_id = users.user_id)',
};

export async function createSkewedLake(engine: Engine): Promise<void> {
  await runScript(engine, SCRIPT);
}
