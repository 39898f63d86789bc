import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PGlite } from '@electric-sql/pglite';
import { openPostgres } from '../../support/open-postgres.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// Clients show the names of columns, and programs ask for them: without AS they are those that PostgreSQL gives.

const expressions: readonly string[] = [
  '1',
  '1 + 1',
  "'x'",
  'null',
  'true',
  '1::int',
  "'1'::integer::text",
  'cast(1 as bigint)',
  "date '2024-01-01'",
  "interval '1 day'",
  "timestamp with time zone '2024-01-01'",
  "double precision '1'",
  't.a',
  't.a::text',
  '(t.a)',
  't.a + 1',
  '-t.a',
  't.r[1]',
  't.r[1:2]',
  't.r[1]::text',
  'upper(t.b)',
  'pg_catalog.upper(t.b)',
  'count(*)',
  'sum(t.a)',
  'sum(t.a) over ()',
  "extract(year from date '2024-01-01')",
  "date_part('year', date '2024-01-01')",
  "substring('abc' from 1 for 2)",
  "position('a' in 'abc')",
  "trim(both 'x' from 'abc')",
  "trim(leading 'x' from 'abc')",
  "overlay('abc' placing 'x' from 1)",
  "normalize('a', nfc)",
  "timestamp '2024-01-01' at time zone 'UTC'",
  'coalesce(t.a, 1)',
  'nullif(t.a, 1)',
  'greatest(t.a, 1)',
  'least(t.a, 1)',
  'case when true then 1 end',
  'case when true then 1 else t.a end',
  'case when true then t.b else upper(t.b) end',
  'exists (select 1)',
  '(select 1)',
  '(select 1 as x)',
  '(select upper(t.b))',
  '(values (1))',
  'array[1, 2]',
  'array(select 1)',
  'row(1, 2)',
  '(1, 2)',
  't.a in (1, 2)',
  't.a = any(array[1])',
  't.a between 1 and 2',
  't.a is null',
  'not true',
  'true and false',
  "t.b like 'x'",
  "t.b || 'x'",
  't.b collate "C"',
  'current_date',
  'current_timestamp',
  'localtimestamp',
  'current_user',
  'session_user',
  'current_schema',
  'current_catalog',
  "json_query('1', '$')",
  "json_value('1', '$')",
  "json_value('1', '$' returning int)::text",
  "json_exists('1', '$')",
  "json_object('a': 1)",
  "json_object('a': 1 returning jsonb)",
  'json_array(1)',
  'json_array(select 1)',
  'json_scalar(1)',
  "json_serialize('1')",
  "json('1')",
  'json_arrayagg(t.a)',
  "json_objectagg('a': t.a returning jsonb)",
  "'1' is json",
  '@ -1',
  '2 ^ 3',
  'percentile_cont(0.5) within group (order by t.a)',
  'string_agg(t.b, t.b order by t.b)',
  'to_char(t.a, $$9$$)',
];

let postgres: PGlite;
before(async () => {
  postgres = await openPostgres();
});
after(() => postgres.close());

test('columns without AS have the names that PostgreSQL gives them', async (context) => {
  const engine = await openSharedEngine(context, temporaryFolder(context), 1);
  const session = engine.openSession();
  const given = "from (select 1 as a, 'b' as b, array[1, 2] as r) as t";
  for (const expression of expressions) {
    const sql = `select ${expression} ${given}`;
    const { columns } = await session.prepare(session.parse(sql)[0]!, []);
    const { fields } = await postgres.query(sql);
    const expected = fields.map(({ name }) => name);
    assert.deepEqual(
      columns!.map(({ name }) => name),
      expected,
      expression,
    );
  }
  await session.close();
});
