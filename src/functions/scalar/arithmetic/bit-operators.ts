import type { EmitImplementation, ScalarFunction } from '../../function-types.js';
import { type Opcode, op } from '../../opcodes.js';
import { type IntegerKind, integerKinds } from './integer-arithmetic.js';

/** An instruction on 32 bits, and the one on 64. */
type OpcodePair = readonly [narrow: Opcode, wide: Opcode];

const emit = (write: EmitImplementation['emit']): EmitImplementation => ({ kind: 'emit', emit: write });

function bitwise(name: string, doc: string, sql: string, result: string, [narrow, wide]: OpcodePair): ScalarFunction {
  return {
    name,
    doc,
    example: { sql, result },
    overloads: integerKinds.map((kind) => ({
      args: [kind, kind],
      returns: { kind },
      implementation: emit((e) => {
        e.op(kind === 'bigint' ? wide : narrow);
        return undefined;
      }),
    })),
  };
}

/** The count is taken modulo the width, 32 bits for smallint, of whose result 16 are kept: as C does it where PostgreSQL runs. */
function shift(name: string, doc: string, sql: string, result: string, [narrow, wide]: OpcodePair): ScalarFunction {
  const implementation = (kind: IntegerKind): EmitImplementation =>
    emit((e) => {
      if (kind === 'bigint') e.op(op.i64ExtendI32S, wide);
      else e.op(narrow);
      if (kind === 'smallint') e.op(op.i32Extend16S);
      return undefined;
    });
  return {
    name,
    doc,
    example: { sql, result },
    overloads: integerKinds.map((kind) => ({
      args: [kind, 'integer'],
      returns: { kind },
      implementation: implementation(kind),
    })),
  };
}

const complement: ScalarFunction = {
  name: '~',
  doc: 'All bits of an integer, inverted.',
  example: { sql: '~5', result: '-6' },
  overloads: integerKinds.map((kind) => ({
    args: [kind],
    returns: { kind },
    implementation: emit((e) => {
      if (kind === 'bigint') e.i64(-1);
      else e.i32(-1);
      e.op(kind === 'bigint' ? op.i64Xor : op.i32Xor);
      return undefined;
    }),
  })),
};

export const bitOperators: readonly ScalarFunction[] = [
  bitwise('&', 'Bits that are set in both integers.', '12 & 10', '8', [op.i32And, op.i64And]),
  bitwise('|', 'Bits that are set in one of two integers.', '12 | 10', '14', [op.i32Or, op.i64Or]),
  bitwise('#', 'Bits that are set in just one of two integers.', '12 # 10', '6', [op.i32Xor, op.i64Xor]),
  shift('<<', 'The bits of an integer moved to the left.', '1 << 4', '16', [op.i32Shl, op.i64Shl]),
  shift('>>', 'The bits of an integer moved to the right, its sign kept.', '-16 >> 2', '-4', [op.i32ShrS, op.i64ShrS]),
  complement,
];
