import { DEFAULT_DECIMAL } from './coercion.js';
import { arrayOf, decimal, type SqlType, type SqlTypeKind } from './sql-type.js';

/** A row of PostgreSQL's pg_type, as far as clients care. The OIDs are PostgreSQL's own (`pg_type.dat`). */
export interface PostgresType {
  readonly oid: number;
  readonly arrayOid: number;
  readonly name: string;
  /** `typlen`: bytes of a value, −1 for variable length, −2 for C strings. */
  readonly byteLength: number;
}

/** Every SQL type by its kind. All have a text and a binary form on the wire. */
export const POSTGRES_TYPES: Readonly<Record<SqlTypeKind, PostgresType>> = {
  boolean: { oid: 16, arrayOid: 1000, name: 'bool', byteLength: 1 },
  bytea: { oid: 17, arrayOid: 1001, name: 'bytea', byteLength: -1 },
  bigint: { oid: 20, arrayOid: 1016, name: 'int8', byteLength: 8 },
  smallint: { oid: 21, arrayOid: 1005, name: 'int2', byteLength: 2 },
  integer: { oid: 23, arrayOid: 1007, name: 'int4', byteLength: 4 },
  text: { oid: 25, arrayOid: 1009, name: 'text', byteLength: -1 },
  json: { oid: 114, arrayOid: 199, name: 'json', byteLength: -1 },
  real: { oid: 700, arrayOid: 1021, name: 'float4', byteLength: 4 },
  double: { oid: 701, arrayOid: 1022, name: 'float8', byteLength: 8 },
  unknown: { oid: 705, arrayOid: 0, name: 'unknown', byteLength: -2 },
  char: { oid: 1042, arrayOid: 1014, name: 'bpchar', byteLength: -1 },
  varchar: { oid: 1043, arrayOid: 1015, name: 'varchar', byteLength: -1 },
  date: { oid: 1082, arrayOid: 1182, name: 'date', byteLength: 4 },
  time: { oid: 1083, arrayOid: 1183, name: 'time', byteLength: 8 },
  timestamp: { oid: 1114, arrayOid: 1115, name: 'timestamp', byteLength: 8 },
  timestamptz: { oid: 1184, arrayOid: 1185, name: 'timestamptz', byteLength: 8 },
  interval: { oid: 1186, arrayOid: 1187, name: 'interval', byteLength: 16 },
  decimal: { oid: 1700, arrayOid: 1231, name: 'numeric', byteLength: -1 },
  uuid: { oid: 2950, arrayOid: 2951, name: 'uuid', byteLength: 16 },
  jsonb: { oid: 3802, arrayOid: 3807, name: 'jsonb', byteLength: -1 },
  // The OID of an array is its element's arrayOid: see `typeOidOf`.
  array: { oid: 2277, arrayOid: 0, name: 'anyarray', byteLength: -1 },
  struct: { oid: 2249, arrayOid: 2287, name: 'record', byteLength: -1 },
  // PostgreSQL has no maps: clients get their text.
  map: { oid: 25, arrayOid: 1009, name: 'text', byteLength: -1 },
};

/** The OID that a client is told of; arrays of arrays share one with arrays of their innermost elements. */
export function typeOidOf(type: SqlType): number {
  if (type.kind !== 'array') return POSTGRES_TYPES[type.kind].oid;
  let { element } = type;
  while (element.kind === 'array') element = element.element;
  return POSTGRES_TYPES[element.kind].arrayOid;
}

/** The `atttypmod` of a type: what RowDescription carries next to the OID; −1 for none. */
export function typeModifierOf(type: SqlType): number {
  switch (type.kind) {
    case 'decimal':
      return ((type.precision << 16) | type.scale) + MODIFIER_HEADER;
    case 'varchar':
      return type.length === undefined ? -1 : type.length + MODIFIER_HEADER;
    case 'char':
      return type.length + MODIFIER_HEADER;
    default:
      return -1;
  }
}

/** `VARHDRSZ`, which PostgreSQL adds to the modifiers of types of variable length. */
const MODIFIER_HEADER = 4;

/**
 * The SQL type that an OID (with its modifier) names, undefined for OIDs that name none of ours and for 0 and 705,
 * which leave a parameter's type to inference. PostgreSQL's internal types that clients send map to their likes.
 */
export function sqlTypeOfOid(oid: number, modifier = -1): SqlType | undefined {
  switch (oid) {
    case 1700: {
      if (modifier < MODIFIER_HEADER) return DEFAULT_DECIMAL;
      const packed = modifier - MODIFIER_HEADER;
      return decimal(packed >> 16, packed & 0xffff);
    }
    case 1043:
      return modifier < MODIFIER_HEADER ? { kind: 'varchar' } : { kind: 'varchar', length: modifier - MODIFIER_HEADER };
    case 1042:
      // A parameter declared as bpchar has no length; text compares and stores alike.
      return modifier < MODIFIER_HEADER ? { kind: 'text' } : { kind: 'char', length: modifier - MODIFIER_HEADER };
    case 18: // "char"
    case 19: // name
      return { kind: 'text' };
    case 26: // oid
      return { kind: 'bigint' };
    case 705:
      return undefined;
    default:
      return PLAIN_TYPES.get(oid) ?? ARRAY_TYPES.get(oid);
  }
}

const NESTED_KINDS: ReadonlySet<SqlTypeKind> = new Set(['array', 'struct', 'map']);

const PLAIN_TYPES: ReadonlyMap<number, SqlType> = new Map(
  (Object.keys(POSTGRES_TYPES) as SqlTypeKind[])
    .filter(
      (kind) =>
        kind !== 'decimal' && kind !== 'char' && kind !== 'varchar' && kind !== 'unknown' && !NESTED_KINDS.has(kind),
    )
    .map((kind) => [POSTGRES_TYPES[kind].oid, { kind } as SqlType]),
);

/** `int4[]` by its OID; the element of `bpchar[]` and `varchar[]` is text. */
const ARRAY_TYPES: ReadonlyMap<number, SqlType> = new Map(
  (Object.keys(POSTGRES_TYPES) as SqlTypeKind[])
    .filter((kind) => kind !== 'unknown' && !NESTED_KINDS.has(kind))
    .map((kind) => [POSTGRES_TYPES[kind].arrayOid, arrayOf(elementTypeOf(kind))]),
);

function elementTypeOf(kind: SqlTypeKind): SqlType {
  if (kind === 'decimal') return DEFAULT_DECIMAL;
  return kind === 'char' || kind === 'varchar' ? { kind: 'text' } : ({ kind } as SqlType);
}
