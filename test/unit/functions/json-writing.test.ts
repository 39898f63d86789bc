import { test } from 'node:test';
import fc from 'fast-check';
import { resolveScalarFunction, scalarOverload } from '../../../src/functions/registry.js';
import type { ConstantValue, Expression } from '../../../src/planner/expression.js';
import { encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import { BOOLEAN, isNestedType, type SqlType, type StructType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import { nullableOf, partTypes } from '../kernels/nested-arbitraries.js';

// What builds JSON of values of any type, with NULLs and names of fields that need escapes.

const name = fc.constantFrom('a', 'B c', '"', '\\', 'é', '', 'longer than sixteen bytes', '\n');
const moreTypes = fc.constantFrom<SqlType>(
  { kind: 'timestamp' },
  { kind: 'timestamptz' },
  { kind: 'time' },
  { kind: 'smallint' },
  { kind: 'json' },
  { kind: 'jsonb' },
);
const instants = fc.oneof(
  fc.bigInt(-(2n ** 58n), 2n ** 58n),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), -100_000_000_000_000_000n),
);
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\u0001\u001f"\\\b\f\n\r\t\u007f', `${'x'.repeat(15)}"${'y'.repeat(17)}\n`, 'é"'),
);

function withNames(type: SqlType, names: readonly string[]): SqlType {
  if (type.kind === 'array') return { ...type, element: withNames(type.element, names) };
  if (type.kind === 'map') return { ...type, value: withNames(type.value, names) };
  if (type.kind !== 'struct') return type;
  return {
    kind: 'struct',
    fields: type.fields.map((field, i) => ({ name: names[i]!, type: withNames(field.type, names) })),
  };
}

const types = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(partTypes, fc.array(name, { minLength: 4, maxLength: 4 })).map(([t, n]) => withNames(t, n)),
  },
  { weight: 1, arbitrary: moreTypes },
);

function nullableValueOf(type: SqlType): fc.Arbitrary<ConstantValue> {
  switch (type.kind) {
    case 'text':
      return fc.option(texts, { freq: 5 });
    case 'timestamp':
    case 'timestamptz':
      return fc.option(instants, { freq: 5 });
    case 'time':
      return fc.option(fc.bigInt(0n, 86_400_000_000n), { freq: 5 });
    case 'smallint':
      return fc.option(fc.integer({ min: -32768, max: 32767 }), { freq: 5 });
    case 'json':
      return fc.option(fc.constantFrom('{"a" : [1e3, "\\u0041"]}', ' 1 ', '"x"', '[]'), { freq: 5 });
    case 'jsonb':
      return fc.option(fc.constantFrom('{"a": [1, "x"], "bb": null}', '1.50', '"x\\n"'), { freq: 5 });
    default:
      return nullableOf(type).map((value) =>
        isNestedType(type) && value !== null
          ? encodeNested(value as readonly NestedValue[], type)
          : (value as ConstantValue),
      );
  }
}

const notNull = (values: fc.Arbitrary<ConstantValue>): fc.Arbitrary<ConstantValue> =>
  values.filter((value) => value !== null);

function check(
  functionName: string,
  argTypes: readonly SqlType[],
  values: readonly fc.Arbitrary<ConstantValue>[],
): void {
  const { overload, returns, argTypes: castTypes } = resolveScalarFunction(functionName, argTypes);
  const { implementation, strict } = scalarOverload(overload);
  if (implementation.kind !== 'memory' || !implementation.fallback) throw new Error(`${overload} has no kernel`);
  const row = fc.tuple(...values.map((value) => (strict ? notNull(value) : value)));
  const make = (args: readonly Expression[]): Expression => ({ kind: 'call', type: returns, overload, args });
  hold(`${overload} of ${JSON.stringify(argTypes)}`, make, castTypes, returns, implementation.fallback, row);
}

const runs = { numRuns: 8, includeErrorInReport: true };

test('any value is written as JSON', () => {
  fc.assert(
    fc.property(types, (type) => {
      check('to_json', [type], [nullableValueOf(type)]);
      check('to_jsonb', [type], [nullableValueOf(type)]);
    }),
    runs,
  );
});

test('arrays and objects are built of any values', () => {
  fc.assert(
    fc.property(types, types, (first, second) => {
      for (const prefix of ['json', 'jsonb']) {
        const values = [nullableValueOf(first), nullableValueOf(second)];
        check(`${prefix}_build_array`, [first, second], values);
        check(`${prefix}_build_object`, [first, second], values);
        check(`${prefix}_build_object`, [TEXT, first, TEXT, second], [texts, values[0]!, texts, values[1]!]);
        check(`${prefix}_entry`, [TEXT, first], [fc.option(texts, { freq: 20 }), values[0]!]);
        const ofArrays = fc.constantFrom('absent', 'null');
        check(`${prefix}_array_of_values`, [TEXT, first, second], [ofArrays, ...values]);
        const ofObjects = fc.constantFrom('absent', 'null', 'absent unique', 'null unique');
        check(`${prefix}_object_of_entries`, [TEXT, TEXT, first], [ofObjects, fc.option(texts), values[0]!]);
      }
    }),
    runs,
  );
});

test('rows are written on one line or several', () => {
  const parts = types.filter(
    ({ kind }) => kind !== 'json' && kind !== 'jsonb' && kind !== 'time' && kind !== 'smallint',
  );
  const struct = parts.map((type): StructType => ({ kind: 'struct', fields: [{ name: 'a"', type }] }));
  fc.assert(
    fc.property(struct, (type) => check('row_to_json', [type, BOOLEAN], [nullableValueOf(type), fc.boolean()])),
    runs,
  );
});
