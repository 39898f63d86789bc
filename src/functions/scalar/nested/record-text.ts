import { decodeNested, encodeNested } from '../../../types/nested-codec.js';
import { arrayOf, type SqlType, type StructType, TEXT } from '../../../types/sql-type.js';
import { parseNested } from '../../casts/nested-text.js';
import type { VectorCreate } from '../../function-types.js';

/** How many fields a row has, as the kernel reads it: src/kernels/assembly/record-reader.ts. */
export function numberOfFields([row]: readonly SqlType[]): Uint8Array {
  return new Uint8Array(Uint32Array.of((row as StructType).fields.length).buffer);
}

/** Its twin, which words the errors. */
export const recordFields: VectorCreate = ([row]) => {
  const texts: StructType = {
    kind: 'struct',
    fields: (row as StructType).fields.map(({ name }) => ({ name, type: TEXT })),
  };
  return ([, text]) => {
    if (text === null) return null;
    const bytes = parseNested(text as string, texts, (word) => word);
    return encodeNested(decodeNested(bytes, texts), arrayOf(TEXT));
  };
};
