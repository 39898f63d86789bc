import { encodeNested, type NestedValue } from '../../types/nested-codec.js';
import { arrayOf, type SqlType } from '../../types/sql-type.js';

/** Reference twin of `assembly/element-list.ts`: of all values at once, what the kernels make of one after the other. */
export function elementListArray(values: readonly NestedValue[], element: SqlType): Uint8Array {
  return encodeNested(values, arrayOf(element));
}
