import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '../../../src/common/errors.js';
import { planSql } from '../../plans/support/plan-sql.js';
import { TPCH_CATALOG } from '../../plans/support/tpch-catalog.js';

/** `^` stands before the place that the error points to; it is taken out of the SQL. */
const CASES: readonly [sql: string, code: string, message: string][] = [
  ['select ^nope from nation', '42703', 'column "nope" does not exist'],
  ['select ^n.nope from nation as n', '42703', 'column n.nope does not exist'],
  ['select ^x.n_name from nation', '42P01', 'missing FROM-clause entry for table "x"'],
  ['select ^nation.n_name from nation as n', '42P01', 'invalid reference to FROM-clause entry for table "nation"'],
  ['select ^n_name from nation, nation as m', '42702', 'column reference "n_name" is ambiguous'],
  ['select 1 from nation, ^nation', '42712', 'table name "nation" specified more than once'],
  ['select 1 from ^nations', '42P01', 'relation "nations" does not exist'],
  [
    'select ^n_name, count(*) from nation',
    '42803',
    'column "nation.n_name" must appear in the GROUP BY clause or be used in an aggregate function',
  ],
  [
    'select n_regionkey, (select r_name from region where r_regionkey = ^n_nationkey) from nation group by n_regionkey',
    '42803',
    'subquery uses ungrouped column "nation.n_nationkey" from outer query',
  ],
  ['select 1 from nation where ^count(*) > 1', '42803', 'aggregate functions are not allowed in WHERE'],
  ['select sum(^max(n_nationkey)) from nation', '42803', 'aggregate function calls cannot be nested'],
  ['select 1 from nation where ^n_name', '42804', 'argument of WHERE must be type boolean, not type text'],
  ['select n_name ^+ 1 from nation', '42883', 'operator does not exist: text + integer'],
  ['select ^nope(n_name) from nation', '42883', 'function nope(text) does not exist'],
  ["select 1 from nation where n_nationkey = ^'x'", '22P02', 'invalid input syntax for type bigint: "x"'],
  ['select 1 from nation order by ^2', '42P10', 'ORDER BY position 2 is not in select list'],
  ['select 1 from nation group by ^2', '42P10', 'GROUP BY position 2 is not in select list'],
  [
    'select distinct n_name from nation order by ^n_nationkey',
    '42P10',
    'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
  ],
  ['select n_name from nation union select ^1, 2', '42601', 'each UNION query must have the same number of columns'],
  ['select ^(select 1, 2)', '42601', 'subquery must return only one column'],
  ['select 1 ^in (select 1, 2)', '42601', 'subquery has too many columns'],
  ['values (1), (^1, 2)', '42601', 'VALUES lists must all be the same length'],
  ['select 1 limit ^-1', '2201W', 'LIMIT must not be negative'],
  ['select ^cast(n_nationkey as date) from nation', '42846', 'cannot cast type bigint to date'],
  ['select ^row_number() from nation', '42809', 'window function row_number requires an OVER clause'],
  [
    'select 1 from region join nation using (^r_name)',
    '42703',
    'column "r_name" specified in USING clause does not exist in right table',
  ],
];

for (const [marked, code, message] of CASES) {
  test(marked, async () => {
    const position = marked.indexOf('^');
    const sql = marked.slice(0, position) + marked.slice(position + 1);
    const error = await planSql(sql, TPCH_CATALOG).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof MillraceError)) throw error ?? new Error('no error');
    equal(`${error.code} ${error.message} at ${error.position}`, `${code} ${message} at ${position}`);
  });
}
