import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveLake } from '../server/served-lake.js';
import { runSltScript } from './run-slt.js';
import { EngineDatabase } from './slt-database.js';
import { WireDatabase } from './wire-database.js';

// Scripts as other engines write them, in process and through a server.

const SQLITE = `# values one a line, formatted by letter; lines end in CRLF
hash-threshold 8

statement ok
CREATE TABLE t1(a INTEGER, b INTEGER)

statement ok
INSERT INTO t1(b,a) VALUES(100,104)

statement ok
INSERT INTO t1 VALUES(107,NULL)

query IRT rowsort label-1
SELECT a, b / 3.0, 'é' || ''
  FROM t1
----
104
33.333
@
107
NULL
@

query IRT rowsort label-1
SELECT a, b / 3.0, 'é' || '' FROM t1 ORDER BY 1 DESC
----
6 values hashing to 882aeceeb80e234d56dbed48feb014f3

onlyif mysql # elsewhere a syntax error
query I
SELECT 5 DIV 2
----
2

skipif mysql
query T
select ''
----
(empty)

statement error
select nothere from t1

statement ok
drop table t1

halt

statement ok
never reached
`.replaceAll('\n', '\r\n');

const DUCKDB = `# name: test.test
require vector_size 512

statement ok con1
create table numbers (i integer)

loop i 1 4

statement ok
insert into numbers values (\${i})

query I con1
select count(*) from numbers
----
\${i}

endloop

foreach type integer bigint

query ITR
select 1::\${type}, 'a b', 0.1::double + 0.2
----
1\t<REGEX>:a.*\t0.3

endloop

query I
select true
----
true

statement error
select * from nope
----
Catalog Error: wording of another engine

statement maybe
drop table numbers

require httpfs

query I
select nonsense
----
`;

const DATAFUSION = `# values with blanks between them, messages of errors, options of records
control sortmode rowsort

statement count 3
create table numbers (i integer, t text) as values (3, 'c d'), (1, ''), (2, null)

query IT
select i, t from numbers
----
1   (empty)
2   NULL
3   c d

query TI nosort retry 2 backoff 1ms
select t, i from numbers order by i desc limit 1
----
c  d  3

query IT colnames,rowsort
select i, t from numbers where i > 1
----
i   t
2   NULL
3   c d

query TTP
select array[1, null], row(1, 'x'), timestamp '2020-01-02 03:04:05.5'
----
[1, NULL] {a: 1, b: x} 2020-01-02T03:04:05.500

query error DataFusion error: wording of another engine
select nothere from numbers

query T
select 'a long text' || i from numbers order by 1
----
a long<slt:ignore>
<slt:ignore>3

statement error
select nothere from numbers
----
first paragraph

second paragraph


subtest names

connection other
statement ok
drop table numbers

system ok
rm -rf somewhere

foreach type integer text

onlyif type=integer
query I
select 1::\${type} + 1
----
2

skipif type=integer
query T
select 1::\${type} || '1'
----
11

endloop
`;

const FAILING = `statement error
select 1

query I
select 2
----
3

statement ok
select nonsense

query I
select 5
----
5 values hashing to 00000000000000000000000000000000

what is this

statement sure
select 6

query I

statement count 2
create table one as select 1 as one

query I colnames
select one from one
----
two
1

loop i 0 3

statement ok
select 7
`;

for (const [name, script, passed, skipped] of [
  ['SQLite', SQLITE, 8, 1],
  ['DuckDB', DUCKDB, 12, 1],
  ['DataFusion', DATAFUSION, 11, 3],
] as const) {
  test(`a script of ${name} runs in process and through a server`, async (context) => {
    const { engine, port } = await serveLake(context);
    for (const database of [new EngineDatabase(engine), new WireDatabase(`127.0.0.1:${port}`)]) {
      const outcome = await runSltScript(database, script, { dialect: 'any' });
      await database.close();
      assert.deepEqual(outcome.failures, []);
      assert.deepEqual([outcome.passed, outcome.skipped], [passed, skipped]);
    }
  });
}

test('what differs from a script is a failure of its line', async (context) => {
  const { engine } = await serveLake(context);
  const database = new EngineDatabase(engine);
  const { failures, passed } = await runSltScript(database, FAILING, { dialect: 'any' });
  await database.close();
  assert.deepEqual(
    failures.map(({ line }) => line),
    [1, 4, 9, 12, 17, 19, 22, 24, 27, 33],
  );
  assert.equal(passed, 1); // within the loop that does not end
});
