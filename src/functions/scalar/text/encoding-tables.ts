import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';
import { ENCODING_NAMES, encodingNamed, hasOneByteACharacter, plainName, tableOf } from './encodings.js';

const HEAD_BYTES = 8;
const ENTRY_BYTES = 536;

/**
 * The encodings by their names, as kernels/assembly/encoding-casts.ts reads them: that of a literal alone, which the second
 * argument nearly always is. Undefined for those that have no table.
 */
export function encodingTables(
  _args: readonly SqlType[],
  literals: readonly (FunctionValue | undefined)[],
): Uint8Array | undefined {
  const literal = literals[1];
  const names = typeof literal === 'string' ? [plainName(literal)] : ENCODING_NAMES;
  const entries = names.flatMap((name) => {
    const encoding = encodingNamed(name);
    const hasEntry = encoding !== undefined && (encoding === 'UTF8' || hasOneByteACharacter(encoding));
    return hasEntry ? entriesOf(name, encoding) : [];
  });
  if (entries.length === 0) return undefined;
  const bytes = new Uint8Array(HEAD_BYTES + entries.length * ENTRY_BYTES);
  new DataView(bytes.buffer).setUint32(0, entries.length, true);
  entries.forEach((entry, index) => {
    bytes.set(entry, HEAD_BYTES + index * ENTRY_BYTES);
  });
  return bytes;
}

/** None of an encoding that the host does not know. */
function entriesOf(name: string, encoding: string): Uint8Array[] {
  try {
    return [entryOf(name, encoding)];
  } catch {
    return [];
  }
}

function entryOf(name: string, encoding: string): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(name));
  view.setUint32(16, encoding === 'UTF8' ? 1 : 0, true);
  if (encoding === 'UTF8') return bytes;
  tableOf(encoding).forEach((character, byte) => {
    view.setUint16(24 + byte * 2, character === '' ? 0 : character.charCodeAt(0), true);
  });
  return bytes;
}
