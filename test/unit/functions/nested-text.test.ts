import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { castOf } from '../../../src/functions/casts/casts.js';
import { orNull, TRY_CAST } from '../../../src/functions/casts/try-cast.js';
import type { VectorCreate } from '../../../src/functions/function-types.js';
import type { Expression } from '../../../src/planner/expression.js';
import { arrayOf, formatType, INTEGER, type SqlType, TEXT } from '../../../src/types/sql-type.js';
import { hold } from '../../support/fallback-agreement.js';
import { text } from '../../support/value-arbitraries.js';

// Arrays and rows are taken apart by kernels and cast part by part: they are what TypeScript reads, errors included.

const struct = (...fields: readonly SqlType[]): SqlType => ({
  kind: 'struct',
  fields: fields.map((type, index) => ({ name: `f${index}`, type })),
});

const types: readonly SqlType[] = [
  arrayOf(TEXT),
  arrayOf(arrayOf(TEXT)),
  arrayOf(INTEGER),
  arrayOf(arrayOf(arrayOf(INTEGER))),
  arrayOf({ kind: 'char', length: 2 }),
  struct(TEXT),
  struct(INTEGER, TEXT),
  struct(TEXT, { kind: 'varchar', length: 2 }, arrayOf(INTEGER)),
  arrayOf(struct(INTEGER, arrayOf(TEXT))),
  struct(struct(INTEGER), arrayOf(arrayOf(INTEGER))),
];

const word = fc.oneof(
  text,
  fc.constantFrom(
    '1',
    '-2',
    '',
    ' 3 ',
    'null',
    'NULL',
    'a b',
    'é',
    '\\,',
    '\\"x',
    '"4"',
    '"a,b"',
    '"\\""',
    '""',
    '"(1,)"',
    '"{5}"',
  ),
);
const { nested } = fc.letrec<{ nested: string }>((tie) => ({
  nested: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    fc.array(tie('nested'), { maxLength: 3 }).map((parts) => `{${parts.join(',')}}`),
    fc.array(tie('nested'), { maxLength: 3 }).map((parts) => ` ( ${parts.join(',')})`.replace('( ', '(')),
  ),
}));
const pieces = fc
  .array(
    fc.constantFrom(
      ...['{', '}', '(', ')', ',', '"', '\\', ' ', '\t', '1', 'x', 'é', 'null', '{1}', '(1,x)', '""', '[1:2]='],
    ),
    {
      maxLength: 9,
    },
  )
  .map((parts) => parts.join(''));
const whole = fc.oneof(
  nested.map((written) => `{${written}}`),
  fc.array(word, { maxLength: 3 }).map((parts) => `(${parts.join(',')})`),
  fc
    .array(fc.array(fc.constantFrom('1', '2', 'null', ' 3'), { maxLength: 3 }), { maxLength: 3 })
    .map((rows) => `{${rows.map((row) => `{${row.join(',')}}`).join(', ')}}`),
  nested,
  pieces,
);

function readerOf(type: SqlType): VectorCreate {
  const { implementation } = castOf(TEXT, type);
  if (implementation.kind === 'kernel') return implementation.fallback!;
  assert.ok(implementation.kind === 'vector');
  const { create } = implementation;
  return (args, returns) => create(args, returns, { allocate: (byteLength) => new Uint8Array(byteLength) });
}

for (const type of types) {
  test(`${formatType(type)} is read from text as TypeScript does`, () => {
    const reader = readerOf(type);
    const rows = whole.map((written) => [written]);
    const cast = ([input]: readonly Expression[]): Expression => ({ kind: 'cast', type, input: input! });
    hold(`text::${formatType(type)}`, cast, [TEXT], type, reader, rows);
    const tried = (args: readonly Expression[]): Expression => ({ kind: 'call', type, overload: TRY_CAST, args });
    hold(`TRY_CAST to ${formatType(type)}`, tried, [TEXT], type, orNull(reader), rows);
  });
}
