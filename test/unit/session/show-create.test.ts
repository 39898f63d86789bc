import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute } from '../../slt/slt-database.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('SHOW CREATE TABLE gives statements that make the same table again', async (context) => {
  const engine = await openSharedEngine(context, join(temporaryFolder(context), 'lake'), 1);
  const session = engine.openSession();
  const show = async (name: string): Promise<string> =>
    String((await execute(session, `show create table ${name}`))[0]![0]);
  const text = `CREATE TABLE t (
  a integer NOT NULL DEFAULT 1 + 1,
  "B c" numeric(10,2) NOT NULL,
  twice integer GENERATED ALWAYS AS (a * 2) STORED,
  day date NOT NULL,
  CONSTRAINT "the key" PRIMARY KEY (day, "B c"),
  CONSTRAINT positive CHECK (a > 0)
)
PARTITIONED BY (day)
WITH (compression = 'zstd');
COMMENT ON TABLE t IS 'it''s';
COMMENT ON COLUMN t."B c" IS 'a price';`;
  await execute(session, text);
  assert.equal(await show('t'), text);
  await execute(session, 'drop table t');
  await execute(session, text);
  assert.equal(await show('t'), text);
  await execute(session, 'create view v (x) as select a from t');
  assert.equal(await show('v'), 'CREATE VIEW v (x) AS\nselect a from public.t;');
  await execute(session, "create view w (x comment 'of t') comment 'it' tblproperties ('a' = 'b') as select a from t");
  assert.equal(await show('w'), "CREATE VIEW w (x) AS\nselect a from public.t;\nCOMMENT ON VIEW w IS 'it';");
});
