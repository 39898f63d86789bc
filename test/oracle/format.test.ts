import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { formatValue, type ReferenceValue } from '../../src/kernels/reference/format.js';
import { POSTGRES_TYPES, sqlTypeOfOid } from '../../src/types/postgres-types.js';
import { decimal, formatType, type SqlType } from '../../src/types/sql-type.js';
import { openPostgres } from '../support/open-postgres.js';

const postgres = await openPostgres();
after(() => postgres.close());

const DAY = 86_400_000_000n;
const interval = (months: number, days: number, microseconds: bigint): ReferenceValue => ({
  months,
  days,
  microseconds,
});

/** Values whose text is asked of PostgreSQL itself: it must read ours, and print the same again. */
const CASES: readonly [SqlType, readonly ReferenceValue[]][] = [
  [{ kind: 'double' }, doubles()],
  [{ kind: 'real' }, doubles().map(Math.fround).filter(Number.isFinite)],
  [decimal(38, 4), [0n, 1n, -1n, 12_3456n, -(10n ** 38n) + 1n]],
  [decimal(18, 18), [5n, -(10n ** 17n)]],
  [{ kind: 'date' }, [0, -1, 11_016, -719_162, -719_163, -1_000_000, 3_000_000, 0x7fff_ffff, -0x8000_0000]],
  [{ kind: 'timestamp' }, [0n, -1n, 1_000_100n, -719_163n * DAY + 5n, 3_000_000n * DAY, 2n ** 63n - 1n, -(2n ** 63n)]],
  [{ kind: 'timestamptz' }, [0n, -1n, 1_500_000n, -719_163n * DAY - 1n, 3_000_000n * DAY + 7n]],
  [{ kind: 'time' }, [0n, 1n, DAY, DAY - 1n, 3_600_000_000n]],
  [
    { kind: 'interval' },
    [
      interval(0, 0, 0n),
      interval(12, 1, 1n),
      interval(-13, 1, 1n),
      interval(13, -1, 1n),
      interval(1, -1, -1n),
      interval(-1, 0, 5_000_000n),
      interval(0, 0, -90_061_000_001n),
      interval(25, 0, 400_000_000_000_000n),
    ],
  ],
  [{ kind: 'bytea' }, [Uint8Array.of(), Uint8Array.of(0, 1, 0xab, 0xff)]],
];

function doubles(): number[] {
  const values = [0, -0, 1, 0.1, -0.3, 1e14, 1e15, 1e16, 1e-4, 1e-5, 999999, 1e6, 1e22, 1e23, 9.5e-3, 5e-324, 123456.7];
  for (let exponent = -140; exponent < 120; exponent += 3) values.push(2 ** exponent, Math.PI * 2 ** exponent);
  return values;
}

test('the reference formatters print what PostgreSQL prints', async () => {
  await postgres.exec("set timezone = 'UTC'; set intervalstyle = 'postgres'");
  for (const [type, values] of CASES) {
    const texts = values.map((value) => formatValue(type, value));
    const { rows } = await postgres.query<{ printed: string }>(
      `select value::${formatType(type)}::text as printed from unnest($1::text[]) with ordinality as t(value, n) order by n`,
      [texts],
    );
    const printed = rows.map((row) => row.printed);
    assert.deepEqual(texts, printed, formatType(type));
  }
  // Reading one's own text back cannot show that it is the shortest: ask for JavaScript's digits, too.
  const numbers = doubles().filter((value) => value !== 0);
  const { rows } = await postgres.query<{ printed: string }>(
    'select value::float8::text as printed from unnest($1::text[]) with ordinality as t(value, n) order by n',
    [numbers.map(String)],
  );
  assert.deepEqual(
    numbers.map((value) => formatValue({ kind: 'double' }, value)),
    rows.map((row) => row.printed),
  );
});

const PSEUDO_KINDS = new Set(['unknown', 'array', 'struct']);

test("the table of types is PostgreSQL's", async () => {
  for (const [kind, type] of Object.entries(POSTGRES_TYPES)) {
    const { rows } = await postgres.query(
      'select oid::int, typarray::int as "arrayOid", typname as name, typlen::int as "byteLength" from pg_type where oid = $1',
      [type.oid],
    );
    assert.deepEqual(rows, [type]);
    // A parameter of type char has no length, and a map is handed on as text; what is no type of its own leaves a parameter's type to inference.
    const expected = kind === 'char' || kind === 'map' ? 'text' : PSEUDO_KINDS.has(kind) ? undefined : kind;
    assert.equal(sqlTypeOfOid(type.oid)?.kind, expected);
  }
  assert.deepEqual(sqlTypeOfOid(1700, ((15 << 16) | 2) + 4), decimal(15, 2));
});
