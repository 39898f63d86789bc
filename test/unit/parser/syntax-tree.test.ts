import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Expression,
  parseExpression,
  parseStatement,
  parseStatements,
  parseTypeName,
  type Query,
  type Select,
  type Statement,
} from '../../../src/parser/index.js';
import { render } from './render-expression.js';

function statementOf<Kind extends Statement['kind']>(sql: string, kind: Kind): Extract<Statement, { kind: Kind }> {
  const statement = parseStatement(sql);
  assert.equal(statement.kind, kind);
  return statement as Extract<Statement, { kind: Kind }>;
}

function queryOf(sql: string): Query {
  return statementOf(sql, 'queryStatement').query;
}

function selectOf(sql: string): Select {
  const { body } = queryOf(sql);
  assert.equal(body.kind, 'select');
  return body as Select;
}

function expressionOf<Kind extends Expression['kind']>(sql: string, kind: Kind): Extract<Expression, { kind: Kind }> {
  const expression = parseExpression(sql);
  assert.equal(expression.kind, kind);
  return expression as Extract<Expression, { kind: Kind }>;
}

test('identifiers fold to lower case unless quoted, ASCII letters only', () => {
  const { parts } = expressionOf('Sch."Tab""le".ÉCol', 'columnReference');
  assert.deepEqual(
    parts.map(({ name, quoted, position }) => [name, quoted, position]),
    [
      ['sch', false, 0],
      ['Tab"le', true, 4],
      ['Écol', false, 14],
    ],
  );
});

const strings: readonly (readonly [sql: string, value: string])[] = [
  ["'it''s'", "it's"],
  ["'a\\n'", 'a\\n'],
  ["E'a\\n\\'\\x41\\101\\u00e9\\U0001F600\\q'", "a\n'AAé😀q"],
  ["e'\\xc3\\xa9'", 'é'],
  ["U&'d\\0061t\\+000061\\\\'", 'data\\'],
  ["U&'d!0061' UESCAPE '!'", 'da'],
  ["'a'\n  'b' -- c\n'd'", 'abd'],
  ['$$a $x$ b$$', 'a $x$ b'],
  ["$tag$it's $$ $tag$", "it's $$ "],
];
for (const [sql, value] of strings) {
  test(`the string ${JSON.stringify(sql)}`, () => assert.equal(expressionOf(sql, 'stringLiteral').value, value));
}

const numbers: readonly (readonly [sql: string, text: string])[] = [
  ['1', '1'],
  ['.5', '.5'],
  ['1.', '1.'],
  ['1.50', '1.50'],
  ['1e-10', '1e-10'],
  ['1_000', '1000'],
  ['0xFF', '255'],
  ['0b101', '5'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
];
for (const [sql, text] of numbers) {
  test(`the number ${sql}`, () => assert.equal(expressionOf(sql, 'numericLiteral').text, text));
}

const calls: readonly (readonly [sql: string, call: string])[] = [
  ['extract(year from d)', "extract('year', d)"],
  ["extract('epoch' from d)", "extract('epoch', d)"],
  ['substring(s from 2 for 3)', 'substring(s, 2, 3)'],
  ['substring(s for 3)', 'substring(s, 1, 3)'],
  ['substring(s for 3 from 2)', 'substring(s, 2, 3)'],
  ['substring(s, 2, 3)', 'substring(s, 2, 3)'],
  ["position('a' in s || t)", "position((s || t), 'a')"],
  ["trim(both 'x' from s)", "btrim(s, 'x')"],
  ["trim(leading 'x' from s)", "ltrim(s, 'x')"],
  ['trim(trailing from s)', 'rtrim(s)'],
  ['trim(s)', 'btrim(s)'],
  ["trim(s, 'x')", "btrim(s, 'x')"],
  ['overlay(s placing r from 1 for 2)', 'overlay(s, r, 1, 2)'],
  ['coalesce(a, b)', 'coalesce(a, b)'],
  ['a at local', 'timezone(a)'],
];
for (const [sql, call] of calls) {
  test(`${sql} is the call ${call}`, () => assert.equal(render(expressionOf(sql, 'functionCall')), call));
}

const types: readonly (readonly [sql: string, name: string, modifiers?: readonly number[], dimensions?: number])[] = [
  ['int', 'int4'],
  ['INTEGER[]', 'int4', [], 1],
  ['bigint array', 'int8', [], 1],
  ['double precision', 'float8'],
  ['float(24)', 'float4'],
  ['float(25)', 'float8'],
  ['decimal(15, 2)', 'numeric', [15, 2]],
  ['character varying(10)', 'varchar', [10]],
  ['char', 'bpchar', [1]],
  ['"char"', 'char'],
  ['timestamp(3) with time zone', 'timestamptz', [3]],
  ['time without time zone', 'time'],
  ['text[3][]', 'text', [], 2],
];
for (const [sql, name, modifiers = [], dimensions = 0] of types) {
  test(`the type ${sql}`, () => {
    const type = parseTypeName(sql);
    assert.deepEqual(
      type.name.parts.map((part) => part.name),
      [name],
    );
    assert.deepEqual(type.modifiers, modifiers);
    assert.equal(type.arrayDimensions.length, dimensions);
  });
}

test('intervals', () => {
  const plain = expressionOf("interval '90' day", 'intervalLiteral');
  assert.deepEqual(plain.fields, { from: 'day', to: 'day' });
  assert.equal(plain.value.value, '90');
  assert.deepEqual(expressionOf("interval '1-2' year to month", 'intervalLiteral').fields, {
    from: 'year',
    to: 'month',
  });
  assert.equal(expressionOf("interval(3) '1 second'", 'intervalLiteral').precision, 3);
  assert.equal(expressionOf('interval', 'columnReference').parts[0]?.name, 'interval');
});

test('typed literals, also of types with modifiers', () => {
  const literal = expressionOf("numeric(5, 2) '1.50'", 'typedLiteral');
  assert.deepEqual(literal.type.modifiers, [5, 2]);
  assert.equal(expressionOf("date '1998-12-01'", 'typedLiteral').type.name.parts[0]?.name, 'date');
  assert.throws(() => parseExpression("f(a) 'x'"), { code: '42601' });
});

test('a call with all its clauses', () => {
  const call = expressionOf(
    'f(distinct a, n => b order by c desc) filter (where d) over (w order by e)',
    'functionCall',
  );
  assert.equal(call.distinct, true);
  assert.deepEqual(
    call.args.map(({ name }) => name?.name),
    [undefined, 'n'],
  );
  assert.equal(call.orderBy[0]?.direction, 'desc');
  assert.equal(call.filter?.kind, 'columnReference');
  assert.ok(call.over?.kind === 'windowSpecification' && call.over.base?.name === 'w');
  assert.equal(expressionOf('count(*)', 'functionCall').star, true);
});

test('window frames: an end that is not written is the current row', () => {
  const call = expressionOf('sum(x) over (partition by a rows 2 preceding exclude ties)', 'functionCall');
  assert.ok(call.over?.kind === 'windowSpecification');
  const { unit, start, end, exclude } = call.over.frame ?? {};
  assert.deepEqual([unit, start?.bound, end?.bound, exclude], ['rows', 'preceding', 'current row', 'ties']);
});

test('ANY and IN over queries and over values', () => {
  assert.equal(expressionOf('a = any (select 1)', 'quantifiedSubquery').quantifier, 'any');
  assert.equal(expressionOf('a = some (b)', 'quantifiedArray').quantifier, 'any');
  assert.equal(expressionOf('a in ((select 1), 2)', 'inList').items.length, 2);
  assert.equal(expressionOf('a not in ((select 1))', 'inSubquery').negated, true);
  assert.equal(expressionOf('((select 1) + 1)', 'binary').left.kind, 'scalarSubquery');
  assert.equal(expressionOf('f((select 1))', 'functionCall').args[0]?.value.kind, 'scalarSubquery');
});

test('set operations: INTERSECT binds tighter, the others to the left', () => {
  const { body } = queryOf('select 1 union select 2 intersect select 3 except all select 4');
  assert.ok(body.kind === 'setOperation' && body.operator === 'except' && body.all);
  assert.ok(body.left.kind === 'setOperation' && body.left.operator === 'union' && !body.left.all);
  assert.ok(body.left.right.kind === 'setOperation' && body.left.right.operator === 'intersect');
});

test('clauses belong to the query they stand in', () => {
  const query = queryOf('(select 1 limit 1) union all (select 2) order by 1 limit 3 offset 2');
  assert.ok(query.body.kind === 'setOperation');
  assert.ok(query.body.left.kind === 'query' && query.body.left.limit !== undefined);
  assert.equal(query.body.right.kind, 'select');
  assert.ok(query.limit?.count.kind === 'numericLiteral' && query.limit.count.text === '3');
  assert.equal(query.orderBy.length, 1);
  assert.equal(queryOf('((select 1))').body.kind, 'select');
  assert.equal(queryOf('select 1 fetch first 3 rows with ties').limit?.withTies, true);
  assert.equal(queryOf('select 1 limit all').limit, undefined);
});

test('joins nest as written', () => {
  const [relation] = selectOf('select from a join b join c on x on y left join d using (k)').from;
  assert.ok(relation?.kind === 'join' && relation.type === 'left' && relation.condition?.kind === 'using');
  assert.ok(relation.left.kind === 'join' && relation.left.type === 'inner' && relation.left.right.kind === 'join');
  const [cross] = selectOf('select from a cross join b natural full join c').from;
  assert.ok(cross?.kind === 'join' && cross.type === 'full' && cross.condition?.kind === 'natural');
  assert.ok(cross.left.kind === 'join' && cross.left.type === 'cross' && cross.left.condition === undefined);
});

test('entries of FROM', () => {
  const { from } = selectOf(
    "select from s.t x (a, b), 'f/*.parquet' f, (select 1) q, lateral g(x.a) with ordinality h, k() as (c int)",
  );
  assert.deepEqual(
    from.map(({ kind }) => kind),
    ['table', 'file', 'subquery', 'function', 'function'],
  );
  const [table, file, , call, record] = from;
  assert.ok(table?.kind === 'table' && table.alias?.columns.length === 2 && table.name.parts.length === 2);
  assert.ok(file?.kind === 'file' && file.path.value === 'f/*.parquet');
  assert.ok(call?.kind === 'function' && call.lateral && call.withOrdinality);
  assert.ok(record?.kind === 'function' && record.columnDefinitions[0]?.type.name.parts[0]?.name === 'int4');
});

test('grouping', () => {
  const { groupBy } = selectOf('select from t group by a, (b, c), (), rollup (a, (b, c)), grouping sets ((a), ())');
  assert.deepEqual(
    groupBy?.elements.map((e) => (e.kind === 'groupingSetList' ? e.grouping : e.expressions.length)),
    [1, 2, 0, 'rollup', 'sets'],
  );
  assert.equal(selectOf('select from t group by all').groupBy?.all, true);
});

test('stars', () => {
  const { items } = selectOf('select *, s.t.* exclude (a, b), t.* replace (a + 1 as a) from t');
  assert.deepEqual(
    items.map((item) => item.kind === 'star' && [item.qualifier.length, item.exclude.length, item.replace.length]),
    [
      [0, 0, 0],
      [2, 2, 0],
      [1, 0, 1],
    ],
  );
});

test('INSERT OVERWRITE with static and dynamic partition columns', () => {
  const insert = statementOf("insert overwrite table e partition (d = '2026-03-22', h) select 1", 'insert');
  assert.equal(insert.overwrite, true);
  assert.deepEqual(
    insert.partition?.entries.map((e) => [e.column.name, e.value?.kind]),
    [
      ['d', 'stringLiteral'],
      ['h', undefined],
    ],
  );
  assert.equal(statementOf('insert overwrite e all partitions select 1', 'insert').partition?.all, true);
  assert.equal(statementOf('insert into e default values', 'insert').source, undefined);
});

test('CREATE TABLE', () => {
  const table = statementOf(
    "create table if not exists s.t (a int not null default 1 + 2, b text primary key, unique (a, b)) partitioned by (d date, a) with (compression = 'zstd', x.y)",
    'createTable',
  );
  assert.equal(table.ifNotExists, true);
  assert.ok(
    table.columns[0]?.notNull && table.columns[0].default?.expression.kind === 'binary' && table.columns[1]?.primaryKey,
  );
  assert.deepEqual(
    table.constraints.map(({ constraint }) => constraint),
    ['unique'],
  );
  assert.deepEqual(
    table.partitionedBy.map((c) => [c.name.name, c.type?.name.parts[0]?.name]),
    [
      ['d', 'date'],
      ['a', undefined],
    ],
  );
  assert.deepEqual(
    table.options.map((o) => [o.name, o.value?.kind]),
    [
      ['compression', 'stringLiteral'],
      ['x.y', undefined],
    ],
  );
  const copy = statementOf(
    'create or replace temp table t (a) partitioned by (a) as select 1 with no data',
    'createTableAs',
  );
  assert.deepEqual([copy.orReplace, copy.temporary, copy.withData, copy.columns.length], [true, true, false, 1]);
});

test('a view knows its query’s text', () => {
  const sql = 'create view v as select a from t where b ; ';
  const { query } = statementOf(sql, 'createView');
  assert.equal(sql.slice(query.position, query.end), 'select a from t where b');
});

test('settings', () => {
  const set = statementOf("set local Search_Path to a, 'B'", 'set');
  assert.deepEqual([set.local, set.name, set.values.length], [true, 'search_path', 2]);
  assert.equal(statementOf("set time zone 'UTC'", 'set').name, 'timezone');
  assert.equal(statementOf('show transaction isolation level', 'showSetting').name, 'transaction_isolation');
  assert.equal(statementOf('show partitions s.t', 'showTable').what, 'partitions');
});

test('cursors move by direction and count', () => {
  const motion = (sql: string): unknown[] => {
    const { direction, count } = statementOf(sql, 'fetchCursor');
    return [direction, count];
  };
  assert.deepEqual(motion('fetch c'), ['forward', 1]);
  assert.deepEqual(motion('fetch last from c'), ['absolute', -1]);
  assert.deepEqual(motion('fetch all in c'), ['forward', 'all']);
  assert.deepEqual(motion('move backward 3 c'), ['backward', 3]);
});

test('a script’s statements have their ranges; empty ones vanish', () => {
  const sql = '; select 1 ;;\n-- c\n select 2';
  assert.deepEqual(
    parseStatements(sql).map(({ position, end }) => sql.slice(position, end)),
    ['select 1', 'select 2'],
  );
});

test('every node of a tree has a position inside the text', () => {
  const sql = "select a.b + f(1, 'x')::int from t x where exists (select $1) order by case when c then 1 end";
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('kind' in value) {
      assert.ok('position' in value && typeof value.position === 'number', JSON.stringify(value));
      assert.ok(value.position >= 0 && value.position < sql.length, JSON.stringify(value));
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(parseStatement(sql));
});
