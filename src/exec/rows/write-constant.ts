import { bugError } from '../../common/errors.js';
import type { ConstantValue, IntervalValue } from '../../planner/expression.js';
import type { PhysicalType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';

/** Writes one value of a plan at `target`; string bytes go to `scope`. The value must not be NULL. */
export function writeConstant(
  shared: SharedMemory,
  scope: Scope,
  physical: PhysicalType,
  value: Exclude<ConstantValue, null>,
  target: number,
): void {
  const { view } = shared;
  switch (physical) {
    case 'bool':
      view.setUint8(target, value ? 1 : 0);
      return;
    case 'i32':
      view.setInt32(target, Number(value), true);
      return;
    case 'i64':
      view.setBigInt64(target, BigInt(value as bigint), true);
      return;
    case 'f32':
      view.setFloat32(target, Number(value), true);
      return;
    case 'f64':
      view.setFloat64(target, Number(value), true);
      return;
    case 'i128':
      view.setBigInt64(target, BigInt.asIntN(64, value as bigint), true);
      view.setBigInt64(target + 8, BigInt.asIntN(64, (value as bigint) >> 64n), true);
      return;
    case 'string':
      writeString(shared, scope, value, target);
      return;
    case 'interval': {
      const { months, days, microseconds } = value as IntervalValue;
      view.setInt32(target, months, true);
      view.setInt32(target + 4, days, true);
      view.setBigInt64(target + 8, microseconds, true);
      return;
    }
    case 'uuid': {
      const digits = String(value).replaceAll('-', '');
      if (digits.length !== 32) throw bugError(`not a uuid: ${String(value)}`);
      for (let byte = 0; byte < 16; byte++)
        view.setUint8(target + byte, Number.parseInt(digits.slice(byte * 2, byte * 2 + 2), 16));
    }
  }
}

function writeString(shared: SharedMemory, scope: Scope, value: Exclude<ConstantValue, null>, target: number): void {
  const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
  const pointer = scope.allocate(bytes.length);
  shared.u8.set(bytes, pointer);
  shared.view.setUint32(target, bytes.length, true);
  shared.view.setUint32(target + 4, pointer, true);
  shared.u8.fill(0, target + 8, target + 16);
  shared.u8.set(bytes.subarray(0, 8), target + 8);
}
