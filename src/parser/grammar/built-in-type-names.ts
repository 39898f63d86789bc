import type { Identifier, QualifiedName } from '../ast/identifier.js';
import type { TypeName } from '../ast/type-name.js';

/** SQL's spellings of types and PostgreSQL's internal names for them. */
const internalNames: Readonly<Record<string, string>> = {
  int: 'int4',
  integer: 'int4',
  smallint: 'int2',
  bigint: 'int8',
  real: 'float4',
  float: 'float8',
  decimal: 'numeric',
  dec: 'numeric',
  boolean: 'bool',
  char: 'bpchar',
  character: 'bpchar',
  nchar: 'bpchar',
};

/** Types that have a length of 1 where none is given. */
const lengthOne: ReadonlySet<string> = new Set(['char', 'character', 'nchar']);

/** A type name as written, with SQL's own spellings folded. */
export function createTypeName(parts: readonly Identifier[], modifiers: readonly number[]): TypeName {
  const first = parts[0] as Identifier;
  const position = first.position;
  const written = parts.length === 1 && !first.quoted ? first.name : undefined;
  let name: QualifiedName = { kind: 'qualifiedName', parts, position };
  if (written !== undefined) {
    const precision = modifiers[0];
    if (written === 'float' && precision !== undefined) {
      name = internalName(precision <= 24 ? 'float4' : 'float8', position);
      modifiers = [];
    } else if (Object.hasOwn(internalNames, written)) {
      name = internalName(internalNames[written] as string, position);
      if (lengthOne.has(written) && modifiers.length === 0) modifiers = [1];
    }
  }
  return { kind: 'typeName', name, modifiers, arrayDimensions: [], intervalFields: undefined, position };
}

export function internalName(name: string, position: number): QualifiedName {
  return { kind: 'qualifiedName', parts: [{ kind: 'identifier', name, quoted: false, position }], position };
}
