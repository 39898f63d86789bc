import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readNestedColumn } from '../../../../src/storage/parquet-reader/nested-schema.js';
import type { SchemaElement } from '../../../../src/storage/parquet-reader/schema-element.js';
import { decodeNested, type NestedValue } from '../../../../src/types/nested-codec.js';
import { formatType, type NestedType, type SqlType } from '../../../../src/types/sql-type.js';
import { DuckDBFiles } from './duckdb-files.js';
import { createEngine, openTestFile, readParquet } from './read-parquet.js';

const files = new DuckDBFiles();
const engine = createEngine(256 * 2 ** 20);
after(() => {
  files.close();
  assert.equal(engine.shared.allocatedChunks, 0, 'no block leaks');
});

const INTEGER: SqlType = { kind: 'integer' };
const scalars: readonly SqlType[] = [
  INTEGER,
  { kind: 'text' },
  { kind: 'boolean' },
  { kind: 'double' },
  { kind: 'date' },
];

const nestedTypes: fc.Arbitrary<NestedType> = fc.letrec<{ any: SqlType; nested: NestedType }>((tie) => ({
  any: fc.oneof({ maxDepth: 2 }, fc.constantFrom(...scalars), tie('nested')),
  nested: fc.oneof(
    tie('any').map((element): NestedType => ({ kind: 'array', element })),
    fc
      .array(tie('any'), { minLength: 1, maxLength: 3 })
      .map((types): NestedType => ({ kind: 'struct', fields: types.map((type, i) => ({ name: `f${i}`, type })) })),
    tie('any').map((value): NestedType => ({ kind: 'map', key: INTEGER, value })),
  ),
})).nested;

function valuesOf(type: SqlType): fc.Arbitrary<NestedValue> {
  const present = ((): fc.Arbitrary<NestedValue> => {
    switch (type.kind) {
      case 'integer':
        return fc.integer();
      case 'boolean':
        return fc.boolean();
      case 'double':
        return fc.integer().map((value) => value / 4 + 0);
      case 'date':
        return fc.integer({ min: 0, max: 20_000 });
      case 'array':
        return fc.array(valuesOf(type.element), { maxLength: 4 });
      case 'struct':
        return fc.tuple(...type.fields.map((field) => valuesOf(field.type)));
      case 'map':
        return fc.uniqueArray(fc.tuple(fc.integer(), valuesOf(type.value)), { maxLength: 3, selector: ([key]) => key });
      default:
        return fc.constantFrom('', 'a', 'it is a longer text', 'ä€', "quote ' and \\");
    }
  })();
  return fc.option(present, { freq: 5 });
}

/** DuckDB's name of a type. */
function nameOf(type: SqlType): string {
  switch (type.kind) {
    case 'array':
      return `${nameOf(type.element)}[]`;
    case 'struct':
      return `struct(${type.fields.map((field) => `${field.name} ${nameOf(field.type)}`).join(', ')})`;
    case 'map':
      return `map(${nameOf(type.key)}, ${nameOf(type.value)})`;
    default:
      return type.kind === 'text' ? 'varchar' : type.kind;
  }
}

function literalOf(value: NestedValue, type: SqlType): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'array':
      return `[${(value as NestedValue[]).map((item) => literalOf(item, type.element)).join(', ')}]`;
    case 'struct':
      return `{${type.fields.map((field, i) => `'${field.name}': ${literalOf((value as NestedValue[])[i]!, field.type)}`).join(', ')}}`;
    case 'map': {
      const pairs = value as [NestedValue, NestedValue][];
      const keys = pairs.map(([key]) => literalOf(key, type.key)).join(', ');
      return `map([${keys}]::${nameOf(type.key)}[], [${pairs.map(([, item]) => literalOf(item, type.value)).join(', ')}]::${nameOf(type.value)}[])`;
    }
    case 'text':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'date':
      return `(date '1970-01-01' + ${value as number})`;
    default:
      return String(value);
  }
}

const OPTIONS = [
  'codec snappy, row_group_size 2048',
  'codec zstd, parquet_version v2, row_group_size 2048',
  'codec uncompressed, dictionary_size_limit 1',
  'codec gzip, parquet_version v2, dictionary_size_limit 1',
] as const;

const CASES = Number(process.env.FUZZ ?? 24);

test('nested columns that DuckDB wrote, of any type, whole and in parts', async () => {
  const cases = nestedTypes.chain((type) =>
    fc.tuple(fc.constant(type), fc.array(valuesOf(type), { minLength: 1, maxLength: 30 }), fc.constantFrom(...OPTIONS)),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([type, values, options]) => {
      const rows = values.map((value, i) => `(${i}, ${literalOf(value, type)}::${nameOf(type)})`).join(', ');
      const repeats = Math.ceil(5000 / values.length);
      const path = await files.write(
        `select j * ${values.length} + i as id, c from (values ${rows}) v(i, c), range(${repeats}) r(j) order by id`,
        options,
      );
      const file = await openTestFile(path);
      try {
        const whole = await readParquet(file, engine, { windows: [4096, 100] });
        assert.equal(formatType(whole.metadata.columns[1]!.type!), formatType(type));
        const decode = (column: readonly unknown[]): NestedValue[] =>
          column.map((item) => (item === null ? null : [...decodeNested(Buffer.from(item as string, 'latin1'), type)]));
        const expected = Array.from({ length: repeats * values.length }, (_, row) => values[row % values.length]!);
        assert.deepEqual(decode(whole.columns.get('c')!), expected);
        const parts = await readParquet(file, engine, {
          windows: [1000],
          select: (row) => row % 7 === 3,
          skip: (window) => window % 3 === 1,
        });
        const ids = parts.columns.get('id')!.map(Number);
        assert.deepEqual(
          decode(parts.columns.get('c')!),
          ids.map((id) => expected[id]!),
        );
      } finally {
        await file.close();
      }
    }),
    { numRuns: CASES },
  );
});

const BASE: SchemaElement = {
  name: '',
  storage: undefined,
  storageWidth: 0,
  repetition: 0,
  childCount: 0,
  convertedType: undefined,
  scale: 0,
  precision: 0,
  logical: undefined,
};
const LIST = 3;
const MAP = 1;
const INT32 = 1;

const group = (name: string, repetition: number, childCount: number, convertedType?: number): SchemaElement => {
  return { ...BASE, name, repetition, childCount, convertedType };
};
const leaf = (name: string, repetition: number): SchemaElement => ({ ...BASE, name, repetition, storage: INT32 });

test('lists of three levels, and of two as old writers made them', () => {
  const typeOf = (...schema: SchemaElement[]): string => {
    const { node, next } = readNestedColumn(schema, 0);
    assert.equal(next, schema.length);
    return typeof node === 'string' ? node : formatType(node.type);
  };
  const [required, optional, repeated] = [0, 1, 2];
  assert.equal(
    typeOf(group('a', optional, 1, LIST), group('list', repeated, 1), leaf('element', optional)),
    'integer[]',
  );
  assert.equal(typeOf(group('a', optional, 1, LIST), leaf('element', repeated)), 'integer[]');
  assert.equal(
    typeOf(group('a', optional, 1, LIST), group('element', repeated, 2), leaf('x', required), leaf('y', optional)),
    'struct(x integer, y integer)[]',
  );
  assert.equal(
    typeOf(group('a', optional, 1, LIST), group('array', repeated, 1), leaf('x', required)),
    'struct(x integer)[]',
  );
  assert.equal(
    typeOf(group('a', optional, 1, LIST), group('a_tuple', repeated, 1), leaf('x', required)),
    'struct(x integer)[]',
  );
  assert.equal(typeOf(leaf('a', repeated)), 'integer[]');
  assert.equal(typeOf(group('a', repeated, 1), leaf('x', optional)), 'struct(x integer)[]');
  assert.equal(
    typeOf(
      group('m', optional, 1, MAP),
      group('key_value', repeated, 2),
      leaf('key', required),
      leaf('value', optional),
    ),
    'map(integer, integer)',
  );
  assert.equal(
    typeOf(group('a', optional, 2), leaf('x', repeated), leaf('y', required)),
    'struct(x integer[], y integer)',
  );
  const deep = Array.from({ length: 40 }, () => group('g', optional, 1));
  assert.equal(typeOf(...deep, leaf('x', optional)), 'nested too deeply');
  const { node } = readNestedColumn(
    [group('a', optional, 1, LIST), group('list', repeated, 1), leaf('element', optional)],
    0,
  );
  assert.deepEqual(
    typeof node === 'string' || node.kind !== 'array'
      ? undefined
      : [node.definition, node.elementDefinition, node.repetition, (node.element as { definition: number }).definition],
    [1, 2, 1, 3],
  );
});
