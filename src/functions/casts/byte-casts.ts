import { userError } from '../../common/errors.js';
import type { SqlType } from '../../types/sql-type.js';
import type { CastImplementation, VectorCreate } from '../function-types.js';
import { type IntegerKind, isInteger } from './number-casts.js';

const integerBytes: Readonly<Record<IntegerKind, number>> = { smallint: 2, integer: 4, bigint: 8 };

const ofWidth = (kernel: string, width: number, fallback: VectorCreate): CastImplementation => ({
  fallible: true,
  implementation: { kind: 'kernel', kernel, block: true, parameters: [width], fallback },
});

/** Integers as their bytes, the highest first, and back. */
export function castBytes(from: SqlType, to: SqlType): CastImplementation | undefined {
  if (isInteger(from) && to.kind === 'bytea') {
    const create: VectorCreate =
      () =>
      ([value]) => {
        const bytes = new DataView(new ArrayBuffer(8));
        bytes.setBigInt64(0, BigInt(value as number | bigint));
        return new Uint8Array(bytes.buffer, 8 - integerBytes[from.kind]);
      };
    const kernel = from.kind === 'bigint' ? 'bigintToBytes' : 'integerToBytes';
    return ofWidth(kernel, integerBytes[from.kind], create);
  }
  if (from.kind !== 'bytea' || !isInteger(to)) return undefined;
  const byteCount = integerBytes[to.kind];
  const create: VectorCreate =
    () =>
    ([value]) => {
      const bytes = value as Uint8Array;
      if (bytes.length > byteCount) throw userError('22003', `${to.kind} out of range`);
      let number = 0n;
      for (const byte of bytes) number = (number << 8n) | BigInt(byte);
      const signed = BigInt.asIntN(byteCount * 8, number);
      return to.kind === 'bigint' ? signed : Number(signed);
    };
  return ofWidth(to.kind === 'bigint' ? 'bytesToBigint' : 'bytesToInteger', byteCount, create);
}
