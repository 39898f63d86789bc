// ns per row of JSON by kernels, and by the TypeScript that does what they decline: `npm run bench -- micro json`.
import { ExpressionContext } from '../../src/exec/expression/expression-context.js';
import { Projector } from '../../src/exec/expression/projector.js';
import { writeValue } from '../../src/exec/expression/value-codec.js';
import { parseValue } from '../../src/functions/casts/parse-value.js';
import type { FunctionValue } from '../../src/functions/function-types.js';
import { resolveScalarFunction, scalarOverload } from '../../src/functions/registry.js';
import { loadKernels } from '../../src/kernels/kernels.js';
import type { ConstantValue, Expression } from '../../src/planner/expression.js';
import { encodeNested } from '../../src/types/nested-codec.js';
import {
  arrayOf,
  BOOLEAN,
  decimal,
  INTEGER,
  type SqlType,
  type StructType,
  TEXT,
  TIMESTAMP,
} from '../../src/types/sql-type.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../src/vector/vector.js';
import { type Candidate, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const JSON_TYPE: SqlType = { kind: 'json' };
const JSONB: SqlType = { kind: 'jsonb' };
const TEXTS: SqlType = arrayOf(TEXT);

/** 280 bytes, as events have them. */
const documentOf = (row: number): string =>
  JSON.stringify({
    id: row,
    user: { name: `user ${row % 977}`, city: 'Zürich', tags: ['new', 'paid', `cohort ${row % 12}`] },
    url: `https://example.org/catalogue/${row % 313}?page=${row % 7}`,
    agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    total: (row % 10_000) / 100,
    items: [
      { sku: `A-${row % 50}`, n: 1 },
      { sku: 'B-7', n: row % 9 },
    ],
  });

export const benchmark: MicroBenchmark = async () => {
  const shared = SharedMemory.create(256 * 2 ** 20);
  const scope = new Scope(shared, shared.createOwner());
  const context = new ExpressionContext({ shared, kernels: loadKernels(shared.memory), scope });
  const documents = Array.from({ length: BATCH_ROWS }, (_, row) => documentOf(row));
  const values: readonly (readonly [SqlType, readonly FunctionValue[]])[] = [
    [TEXT, documents],
    [JSON_TYPE, documents],
    [JSONB, documents.map((document) => parseValue(document, JSONB))],
  ];
  const batch: Batch = {
    rowCount: BATCH_ROWS,
    columns: values.map(([type, rows]) => {
      const vector = new Vector('string');
      const data = scope.allocate(BATCH_ROWS * 16);
      rows.forEach((value, row) => {
        writeValue(shared, data + row * 16, type, value as Exclude<ConstantValue, null>, (byteLength) =>
          scope.allocate(byteLength),
        );
      });
      vector.setFlat(data, 0);
      return vector;
    }),
  };
  const types = values.map(([type]) => type);
  const column = (index: number): Expression => ({ kind: 'column', type: types[index]!, column: index });
  const path = encodeNested(['items', '1', 'sku'], { kind: 'array', element: TEXT });
  const calls: readonly (readonly [string, number, SqlType, Exclude<ConstantValue, null>])[] = [
    ['->>', 1, TEXT, 'total'],
    ['->>', 2, TEXT, 'total'],
    ['->', 1, TEXT, 'user'],
    ['->', 2, TEXT, 'user'],
    ['->', 2, INTEGER, 0],
    ['#>>', 1, TEXTS, path],
    ['#>>', 2, TEXTS, path],
    ['@>', 2, JSONB, '{"user": {"city": "Zürich"}}'],
    ['#-', 2, TEXTS, path],
    ['-', 2, TEXT, 'user'],
    ['||', 2, JSONB, '{"seen": true}'],
    ['jsonb_strip_nulls', 2, BOOLEAN, true],
    ['sort_key', 2, BOOLEAN, false],
    ['@?', 2, TEXT, '$.items[*] ? (@.n > 7 && @.sku starts with "B")'],
    ['jsonb_path_query_array', 2, TEXT, '$.items[*].sku'],
  ];
  const candidates = calls.flatMap(([name, place, argType, value]): Candidate[] => {
    const { overload, returns } = resolveScalarFunction(name, [types[place]!, argType]);
    const constant: Expression = { kind: 'constant', type: argType, value };
    const call: Expression = { kind: 'call', type: returns, overload, args: [column(place), constant] };
    const projector = new Projector(context, [call]);
    const { implementation } = scalarOverload(overload);
    if (implementation.kind !== 'kernel' && implementation.kind !== 'memory')
      throw new Error(`${overload} is no kernel`);
    const reference = implementation.fallback!([types[place]!, argType], returns);
    const rows = values[place]![1];
    const written = `${types[place]!.kind} ${name} ${argType.kind === 'array' ? 'path of three' : JSON.stringify(value)}`;
    return [
      { name: `${written}, kernel`, run: () => projector.evaluate(batch)[0]!.data },
      {
        name: `${written}, TypeScript`,
        run: () => rows.reduce((length: number, row) => length + String(reference([row, value])).length, 0),
      },
    ];
  });
  for (const type of [JSON_TYPE, JSONB]) {
    const cast = new Projector(context, [{ kind: 'cast', type, input: column(0) }]);
    candidates.push(
      { name: `text::${type.kind}, kernel`, run: () => cast.evaluate(batch)[0]!.data },
      {
        name: `text::${type.kind}, TypeScript`,
        run: () => documents.reduce((length, document) => length + String(parseValue(document, type)).length, 0),
      },
    );
  }
  const event: StructType = {
    kind: 'struct',
    fields: [
      { name: 'id', type: INTEGER },
      { name: 'url', type: TEXT },
      { name: 'total', type: decimal(12, 2) },
      { name: 'at', type: TIMESTAMP },
    ],
  };
  const record = [1234567, 'https://example.org/catalogue/313?page=7', 123_45n, 1_700_000_000_123_456n] as const;
  const constants = event.fields.map(
    ({ type }, index): Expression => ({ kind: 'constant', type, value: record[index]! }),
  );
  const row: Expression = { kind: 'constant', type: event, value: encodeNested(record, event) };
  const text = (value: string): Expression => ({ kind: 'constant', type: TEXT, value });
  const built = ['json', 'jsonb'].flatMap((prefix): [string, Expression[]][] => [
    [`to_${prefix}`, [row]],
    [`${prefix}_build_object`, event.fields.flatMap(({ name }, index) => [text(name), constants[index]!])],
    [`${prefix}_build_object`, [text('url'), column(0)]],
    [`${prefix}_each_text`, [column(prefix === 'json' ? 1 : 2)]],
    [`${prefix}_extract_path_text`, [column(prefix === 'json' ? 1 : 2), text('user'), text('name')]],
  ]);
  for (const [name, args] of built) {
    const argTypes = args.map(({ type }) => type);
    const { overload, returns } = resolveScalarFunction(name, argTypes);
    const { implementation } = scalarOverload(overload);
    if (implementation.kind !== 'memory') throw new Error(`${overload} is no kernel`);
    const projector = new Projector(context, [{ kind: 'call', type: returns, overload, args }]);
    const reference = implementation.fallback!(argTypes, returns);
    const operands = args.map((arg) => (arg.kind === 'constant' ? arg.value : undefined));
    const what = { 1: args[0] === row ? 'a row of four' : 'a document', 2: 'a document as text', 3: 'two steps' }[
      args.length
    ];
    const written = `${name} of ${what ?? 'four fields'}`;
    candidates.push(
      { name: `${written}, kernel`, run: () => projector.evaluate(batch)[0]!.data },
      {
        name: `${written}, TypeScript`,
        run: () =>
          documents.reduce(
            (length, document) => length + String(reference(operands.map((operand) => operand ?? document))).length,
            0,
          ),
      },
    );
  }
  const figures = compareCandidates(candidates, {
    title: 'JSON documents of 280 bytes',
    rowCount: BATCH_ROWS,
    rounds: 5,
    roundMs: 10,
  });
  scope.free();
  return figures;
};
