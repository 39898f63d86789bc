import { MillraceError } from '../common/errors.js';
import { parseStatements } from '../parser/parse.js';
import type { Engine } from '../session/engine.js';
import { loadArrow } from './arrow/arrow-library.js';
import { runScript } from './run-script.js';

/** What most queries are made of, over a table of the session's own that is gone afterwards. */
export const WARM_UP_SCRIPT = `
create temporary table warm_up as
select g as id, g % 50 as part, 'name ' || g % 1000 as name, (g % 10000)::numeric(15, 2) as amount,
  (g % 100)::numeric(15, 2) / 100 as share, date '2000-01-01' + (g % 2000)::int as day, g * 0.5::double precision as x,
  nullif(g % 10, 0) as digit
from generate_series(1, 20000) as t (g);

select name, part, sum(amount), sum(amount * (1 - share)), avg(x), count(digit), min(day), max(name)
from warm_up where day <= date '2004-01-01' and share between 0.05 and 0.9 group by name, part order by name, part;

select sum(amount * share) from warm_up
where day >= date '2001-01-01' and day < date '2001-01-01' + interval '1 year' and share between 0.02 and 0.5 and digit < 8;

select a.part, a.day, sum(a.amount * (1 - b.share)) as total
from warm_up as a, warm_up as b, (values (1), (2), (3)) as c (part)
where a.id = b.id and b.part = c.part and a.name like '%1%' and b.day > date '2001-02-03'
group by a.part, a.day order by total desc, a.day limit 10;

select part, count(distinct name), sum(case when name in ('name 1', 'name 2') then 1 else 0 end) from warm_up as a
where exists (select 1 from warm_up as b where b.id = a.id and b.day < a.day + 7)
  and x > (select 0.2 * avg(x) from warm_up as c where c.part = a.part)
group by part having count(*) > 1 order by part;

select id, name, row_number() over (partition by part order by amount desc, id) as place, extract(year from day) as year,
  substring(name from 1 for 4) as word
from warm_up as a left join (values (1, 'one')) as labels (digit, label) using (digit)
where not label = 'two' or label is null order by amount, id limit 20;
`;

/** Loads the workers, the parser and Arrow, at the same time: the first query would wait for them. */
export async function loadWhatQueriesNeed(engine: Engine): Promise<void> {
  const loading = loadArrow();
  parseStatements('SELECT 1');
  await Promise.all([loading, engine.executor.untilWorkersLoaded()]);
}

/**
 * Runs a few queries of every kind, so that the first one that matters finds code that has run before (`npm run bench --
 * cold` shows what that brings). What fails here fails again where somebody sees it.
 */
export async function warmUp(engine: Engine): Promise<void> {
  const session = engine.openSession();
  try {
    await runScript(session, WARM_UP_SCRIPT, {}, { chooseFormat: () => ({ kind: 'arrow' }) });
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
  } finally {
    await session.close();
  }
}
