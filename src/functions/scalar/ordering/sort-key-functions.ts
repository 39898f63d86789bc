import { BYTEA, byteWidthOf, physicalTypeOf, type SqlType, type SqlTypeKind } from '../../../types/sql-type.js';
import type { Emitter, OperandInfo } from '../../emitter.js';
import type { EmitImplementation, ScalarFunction, ScalarOverloadDeclaration } from '../../function-types.js';
import { op } from '../../opcodes.js';
import { jsonSortKeyOverload } from '../json/json-functions.js';
import { kernelOr } from '../json/json-overloads.js';
import * as nested from '../nested/nested-sort-key.js';
import { overload } from '../nested/overloads.js';

function kernelOf({ type, wasm }: OperandInfo): string {
  if (type.kind === 'decimal') return isWide(type) ? 'sortKeyWide' : 'sortKeyInteger';
  if (wasm !== 'v128') return 'sortKeyInteger';
  return type.kind === 'interval' ? 'sortKeyInterval' : type.kind === 'uuid' ? 'sortKeyUuid' : 'sortKeyText';
}

const isWide = (type: SqlType): boolean => byteWidthOf(physicalTypeOf(type)) === 16;

/** Pushes what `kernelOf` takes for the value in a local. */
function pushOrdered(e: Emitter, { type, wasm }: OperandInfo, value: number): void {
  e.get(value);
  if (wasm === 'i64' && isWide(type)) e.widen();
  if (wasm === 'i32') e.op(op.i64ExtendI32S);
  if (wasm !== 'f32' && wasm !== 'f64') return;
  // The bits of a float are ordered as integers are, but for those of negative ones. Adding 0 makes one zero of two.
  const [number, bits] = [e.local('f64'), e.local('i64')];
  if (wasm === 'f32') e.op(op.f64PromoteF32);
  e.f64(0);
  e.op(op.f64Add);
  e.set(number);
  // There is one NaN, above all numbers.
  e.get(number);
  e.f64(Number.NaN);
  e.get(number);
  e.get(number);
  e.op(op.f64Eq, op.select, op.i64ReinterpretF64);
  e.tee(bits);
  e.get(bits);
  e.i64(63);
  e.op(op.i64ShrS);
  e.i64(1);
  e.op(op.i64ShrU, op.i64Xor);
}

const implementation: EmitImplementation = {
  kind: 'emit',
  emit(e, [value]) {
    const [descending, key] = [e.local('i32'), e.local('v128')];
    const local = e.local(value!.wasm);
    e.set(descending);
    e.set(local);
    e.block();
    pushOrdered(e, value!, local);
    e.get(descending);
    e.kernel(kernelOf(value!), ['i32', isWide(value!.type) ? 'v128' : 'i64', 'i32'], 'v128');
    e.set(key);
    e.checkStatus();
    e.get(key);
    return undefined;
  },
};

const kinds: readonly SqlTypeKind[] = [
  ...(['boolean', 'smallint', 'integer', 'bigint', 'decimal', 'real', 'double', 'text', 'varchar', 'char'] as const),
  ...(['bytea', 'date', 'time', 'timestamp', 'timestamptz', 'interval', 'uuid'] as const),
];

export const sortKeyFunctions: readonly ScalarFunction[] = [
  {
    name: 'sort_key',
    doc: 'Bytes that are ordered as values of the type are, or in the opposite order when the second argument is true.',
    internal: true,
    overloads: [
      ...kinds.map(
        (kind): ScalarOverloadDeclaration => ({
          args: [kind, 'boolean'],
          returns: BYTEA,
          fallible: true,
          implementation,
        }),
      ),
      jsonSortKeyOverload,
      ...(['array', 'struct', 'map'] as const).map((kind) =>
        overload([kind, 'boolean'], BYTEA, kernelOr('sortKeyNested', nested.sortKey)),
      ),
    ],
  },
];
