import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';
import { doubleByteTableOf, encodingNamed, hasOneByteACharacter, plainName, tableOf } from './encodings.js';

type Literals = readonly (FunctionValue | undefined)[];

/** The characters of the 256 bytes, and what lies before them. */
const BYTE_TABLE_BYTES = 520;

/** What kernels read of the encoding of bytes: kernels/assembly/encoding-casts.ts draws it. Undefined where there is none. */
export function readEncoding(_args: readonly SqlType[], literals: Literals): Uint8Array | undefined {
  return encodingTable(literals, () => true);
}

/** The same of the encoding of a result. */
export function writtenEncoding(_args: readonly SqlType[], literals: Literals): Uint8Array | undefined {
  return encodingTable(literals, (encoding) => encoding === 'UTF8' || hasOneByteACharacter(encoding));
}

function encodingTable([, name]: Literals, isWanted: (encoding: string) => boolean): Uint8Array | undefined {
  const encoding = typeof name === 'string' ? encodingNamed(plainName(name)) : undefined;
  if (encoding === undefined || !isWanted(encoding)) return undefined;
  try {
    return tableOfEncoding(encoding);
  } catch {
    // The host does not know it.
    return undefined;
  }
}

function tableOfEncoding(encoding: string): Uint8Array {
  if (encoding === 'UTF8') return new Uint8Array(Uint32Array.of(1, 0).buffer);
  const more = doubleByteTableOf(encoding);
  const bytes = new Uint8Array(BYTE_TABLE_BYTES + (more?.length ?? 0));
  const view = new DataView(bytes.buffer);
  tableOf(encoding).forEach((character, byte) => {
    view.setUint16(8 + byte * 2, character === '' ? 0 : character.charCodeAt(0), true);
  });
  if (more !== undefined) {
    view.setUint32(4, BYTE_TABLE_BYTES, true);
    bytes.set(more, BYTE_TABLE_BYTES);
  }
  return bytes;
}
