import { type DecimalType, DOUBLE, INTEGER, type SqlType } from '../../../types/sql-type.js';
import type { Emitter } from '../../emitter.js';
import type { EmitImplementation, ScalarFunction, ScalarOverloadDeclaration } from '../../function-types.js';
import { op, type WasmType } from '../../opcodes.js';
import { compatible } from '../nested/overloads.js';
import { checkLogarithm, failIfCompares, host } from './host-function.js';

/** log(base, x): of both a logarithm is taken, and by that of the base it is divided. */
const checkBase = (e: Emitter, [base, value]: readonly number[]): void => {
  checkLogarithm(e, [base!]);
  checkLogarithm(e, [value!]);
  e.get(base!);
  e.f64(1);
  e.op(op.f64Eq);
  e.failIf('divisionByZero');
};

export const logarithmOfBase: ScalarOverloadDeclaration = host('mathLogOfBase', 2, checkBase);

/** gamma is not defined at negative integers and -Infinity. */
const checkGamma = (e: Emitter, [value]: readonly number[]): void => {
  failIfCompares(e, value!, op.f64Eq, 'floatOverflow');
  e.get(value!);
  e.get(value!);
  e.op(op.f64Floor, op.f64Eq);
  e.get(value!);
  e.f64(0);
  e.op(op.f64Lt, op.i32And);
  e.failIf('floatOverflow');
};

const scaleOf = (type: SqlType): number => (type as DecimalType).scale;

const scale: EmitImplementation = {
  kind: 'emit',
  emit: (e, [operand]) => {
    e.op(op.drop);
    e.i32(scaleOf(operand!.type));
    return undefined;
  },
};

const leastScale: EmitImplementation = {
  kind: 'emit',
  emit: (e, [operand]) => {
    if (operand!.wasm === 'i64') e.widen();
    e.i32(scaleOf(operand!.type));
    e.kernel('decimalLeastScale', ['v128', 'i32'], 'i32');
    return undefined;
  },
};

const COMPARABLE: ReadonlySet<SqlType['kind']> = new Set([
  ...([
    'smallint',
    'integer',
    'bigint',
    'decimal',
    'real',
    'double',
    'date',
    'time',
    'timestamp',
    'timestamptz',
  ] as const),
]);

const valueAndThresholds = compatible([1], [0]);

export const bucketsOfThresholds: ScalarOverloadDeclaration = {
  args: ['any', 'array'],
  returns: INTEGER,
  fallible: true,
  coerce: (args) => {
    const types = valueAndThresholds(args);
    return types !== undefined && COMPARABLE.has(types[0]!.kind) ? types : undefined;
  },
  // How many of the thresholds, which ascend, are not above the value. NaN is above all numbers.
  implementation: {
    kind: 'spelled',
    sql: `case when array_position($2, null) is not null
        then fail_with(0, '22004', 'thresholds array must not contain NULLs')
      else array_size(list_filter($2, threshold -> threshold <= $1)) end`,
  },
};

/** Mean and deviation, where given, and a standard normal deviate by Box and Muller. */
const normal: EmitImplementation['emit'] = (e, operands) => {
  const [mean, deviation] = operands.map(() => e.local('f64'));
  if (deviation !== undefined) e.set(deviation);
  if (mean !== undefined) e.set(mean);
  e.f64(1);
  e.block();
  e.kernel('randomDouble', ['i32'], 'f64');
  e.op(op.f64Sub);
  e.kernel('mathLn', ['f64'], 'f64');
  e.f64(-2);
  e.op(op.f64Mul, op.f64Sqrt);
  e.block();
  e.kernel('randomDouble', ['i32'], 'f64');
  e.f64(2 * Math.PI);
  e.op(op.f64Mul);
  e.kernel('mathCos', ['f64'], 'f64');
  e.op(op.f64Mul);
  if (deviation !== undefined) {
    e.get(deviation);
    e.op(op.f64Mul);
  }
  if (mean !== undefined) {
    e.get(mean);
    e.op(op.f64Add);
  }
  return undefined;
};

/** Pushes whether the one is above the other. */
function isAbove(e: Emitter, wasm: WasmType, one: number, other: number): void {
  e.get(one);
  e.get(other);
  if (wasm !== 'v128') {
    e.op(wasm === 'i64' ? op.i64GtS : op.i32GtS);
    return;
  }
  e.kernel('decimalCompare', ['v128', 'v128'], 'i32');
  e.i32(0);
  e.op(op.i32GtS);
}

/** Numbers from one to another, all equally likely. */
const between: EmitImplementation = {
  kind: 'emit',
  emit: (e, [operand]) => {
    const { wasm } = operand!;
    const [from, to] = [e.local(wasm), e.local(wasm)];
    e.set(to);
    e.set(from);
    isAbove(e, wasm, from, to);
    e.failIf('boundsOutOfOrder');
    e.block();
    for (const bound of [from, to]) {
      e.get(bound);
      if (wasm === 'i32') e.op(op.i64ExtendI32S);
    }
    if (wasm === 'v128') e.kernel('randomBetweenWide', ['i32', 'v128', 'v128'], 'v128');
    else e.kernel('randomBetween', ['i32', 'i64', 'i64'], 'i64');
    if (wasm === 'i32') e.op(op.i32WrapI64);
    return operand!.bits;
  },
};

const randomBetween = (type: SqlType): ScalarOverloadDeclaration => ({
  args: [type.kind, type.kind],
  returns: (args) => args[0]!,
  fallible: true,
  volatility: 'volatile',
  ...(type.kind === 'decimal' ? { unify: true } : {}),
  implementation: between,
});

export const randomOverloads: readonly ScalarOverloadDeclaration[] = [
  randomBetween(INTEGER),
  randomBetween({ kind: 'bigint' }),
  randomBetween({ kind: 'decimal', precision: 38, scale: 0 }),
];

export const specialFunctions: readonly ScalarFunction[] = [
  {
    name: 'log2',
    doc: 'The logarithm to base 2.',
    example: { sql: 'log2(8)', result: '3' },
    overloads: [host('mathLog2', 1, checkLogarithm)],
  },
  {
    name: 'erf',
    doc: 'The error function.',
    example: { sql: 'erf(1)::numeric(20, 12)', result: '0.842700792950' },
    overloads: [host('mathErf', 1)],
  },
  {
    name: 'erfc',
    doc: 'What the error function lacks to 1, exact also where that is next to nothing.',
    example: { sql: 'erfc(1)::numeric(20, 12)', result: '0.157299207050' },
    overloads: [host('mathErfc', 1)],
  },
  {
    name: 'gamma',
    doc: 'The gamma function: of n + 1 it is the factorial of n.',
    example: { sql: 'gamma(6)', result: '120' },
    overloads: [host('mathGamma', 1, checkGamma)],
  },
  {
    name: 'lgamma',
    doc: 'The natural logarithm of the absolute value of the gamma function.',
    example: { sql: 'lgamma(1000)::numeric(20, 8)', result: '5905.22042321' },
    overloads: [host('mathLogGamma', 1)],
  },
  {
    name: 'scale',
    doc: 'The number of digits behind the point that the type of a decimal has.',
    example: { sql: 'scale(8.4100)', result: '4' },
    overloads: [{ args: ['decimal'], returns: INTEGER, implementation: scale }],
  },
  {
    name: 'min_scale',
    doc: 'The number of digits behind the point that a decimal needs.',
    example: { sql: 'min_scale(8.4100)', result: '2' },
    overloads: [{ args: ['decimal'], returns: INTEGER, implementation: leastScale }],
  },
  {
    name: 'random_normal',
    doc: 'A random double of the normal distribution, with a mean (0) and a standard deviation (1).',
    example: { sql: 'random_normal(100, 0)', result: '100' },
    overloads: [0, 1, 2].map((count) => ({
      args: Array.from({ length: count }, () => 'double' as const),
      returns: DOUBLE,
      volatility: 'volatile',
      implementation: { kind: 'emit', emit: normal },
    })),
  },
];
