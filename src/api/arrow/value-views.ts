import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';

/** The bytes of fixed-width values as the typed array that apache-arrow keeps for the type. */
export function viewOf(type: SqlType, { buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferView {
  switch (physicalTypeOf(type)) {
    case 'bool':
    case 'uuid':
    case 'string':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'i32':
    case 'interval':
      return new Int32Array(buffer, byteOffset, byteLength >> 2);
    case 'f32':
      return new Float32Array(buffer, byteOffset, byteLength >> 2);
    case 'f64':
      return new Float64Array(buffer, byteOffset, byteLength >> 3);
    case 'i64':
      return type.kind === 'decimal'
        ? new Uint32Array(buffer, byteOffset, byteLength >> 2)
        : new BigInt64Array(buffer, byteOffset, byteLength >> 3);
    case 'i128':
      return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  }
}
