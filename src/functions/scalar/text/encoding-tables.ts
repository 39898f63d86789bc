import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';
import {
  doubleByteTableOf,
  ENCODING_NAMES,
  encodingNamed,
  hasOneByteACharacter,
  plainName,
  tableOf,
} from './encodings.js';

type Literals = readonly (FunctionValue | undefined)[];

const HEAD_BYTES = 8;
const ENTRY_BYTES = 536;

/** Those in which bytes are read, by their names, as kernels/assembly/encoding-casts.ts has them. */
export function readEncodings(_args: readonly SqlType[], literals: Literals): Uint8Array | undefined {
  return encodingTables(literals, () => true);
}

/** Those in which texts are written. */
export function writtenEncodings(_args: readonly SqlType[], literals: Literals): Uint8Array | undefined {
  return encodingTables(literals, (encoding) => encoding === 'UTF8' || hasOneByteACharacter(encoding));
}

/** That of a literal alone, which the second argument nearly always is. Undefined where there is none. */
function encodingTables(literals: Literals, isWanted: (encoding: string) => boolean): Uint8Array | undefined {
  const literal = literals[1];
  const names = typeof literal === 'string' ? [plainName(literal)] : ENCODING_NAMES;
  const entries = names.flatMap((name) => {
    const encoding = encodingNamed(name);
    return encoding !== undefined && isWanted(encoding) ? entriesOf(name, encoding) : [];
  });
  if (entries.length === 0) return undefined;
  const starts = new Map<Uint8Array, number>();
  let byteLength = HEAD_BYTES + entries.length * ENTRY_BYTES;
  for (const { more } of entries) {
    if (more === undefined || starts.has(more)) continue;
    starts.set(more, byteLength);
    byteLength += more.byteLength;
  }
  const bytes = new Uint8Array(byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entries.length, true);
  entries.forEach(({ entry, more }, index) => {
    bytes.set(entry, HEAD_BYTES + index * ENTRY_BYTES);
    if (more !== undefined) view.setUint32(HEAD_BYTES + index * ENTRY_BYTES + 20, starts.get(more)!, true);
  });
  for (const [more, start] of starts) bytes.set(more, start);
  return bytes;
}

interface Entry {
  readonly entry: Uint8Array;
  readonly more: Uint8Array | undefined;
}

/** None of an encoding that the host does not know. */
function entriesOf(name: string, encoding: string): Entry[] {
  try {
    return [{ entry: entryOf(name, encoding), more: doubleByteTableOf(encoding) }];
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
