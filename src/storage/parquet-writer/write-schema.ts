import type { ParquetColumnType } from './parquet-column-type.js';
import { ConvertedType, Repetition } from './parquet-format.js';
import type { SchemaColumn, SchemaNode } from './schema-node.js';
import type { ThriftCompactWriter } from './thrift-compact-writer.js';

/** Field ids of the LogicalType union. */
const LOGICAL_TYPE_IDS = {
  STRING: 1,
  MAP: 2,
  LIST: 3,
  DECIMAL: 5,
  DATE: 6,
  TIME: 7,
  TIMESTAMP: 8,
  INTEGER: 10,
  JSON: 12,
  UUID: 14,
} as const;
const MICROSECONDS_ID = 2;

/** A group of the schema as it is stored; its children follow it. */
interface StoredGroup {
  readonly kind: 'group';
  readonly name: string;
  /** Undefined for the root. */
  readonly repetition: number | undefined;
  readonly childCount: number;
  readonly annotation: 'LIST' | 'MAP' | undefined;
}

/** Field 2 of FileMetaData: the schema, depth first. */
export function writeSchema(thrift: ThriftCompactWriter, columns: readonly SchemaNode[]): void {
  const root = groupOf('schema', undefined, columns.length);
  thrift.structList(2, [root, ...columns.flatMap(elementsOf)], (element) => {
    if (element.kind === 'group') writeGroup(thrift, element);
    else writeColumn(thrift, element);
  });
}

function elementsOf(node: SchemaNode): readonly (StoredGroup | SchemaColumn)[] {
  if (node.kind === 'leaf') return [node];
  const { name } = node;
  const repetition = node.nullable ? Repetition.OPTIONAL : Repetition.REQUIRED;
  switch (node.kind) {
    case 'interval':
      return [groupOf(name, repetition, node.parts.length), ...node.parts];
    case 'struct':
      return [groupOf(name, repetition, node.fields.length), ...node.fields.flatMap(elementsOf)];
    case 'array':
      return [
        groupOf(name, repetition, 1, 'LIST'),
        groupOf('list', Repetition.REPEATED, 1),
        ...elementsOf(node.element),
      ];
    case 'map':
      return [
        groupOf(name, repetition, 1, 'MAP'),
        groupOf('key_value', Repetition.REPEATED, 2),
        ...elementsOf(node.key),
        ...elementsOf(node.value),
      ];
  }
}

function groupOf(
  name: string,
  repetition: number | undefined,
  childCount: number,
  annotation?: StoredGroup['annotation'],
): StoredGroup {
  return { kind: 'group', name, repetition, childCount, annotation };
}

function writeGroup(thrift: ThriftCompactWriter, { name, repetition, childCount, annotation }: StoredGroup): void {
  thrift.i32(3, repetition);
  thrift.text(4, name);
  thrift.i32(5, childCount);
  if (annotation === undefined) return;
  thrift.i32(6, ConvertedType[annotation]);
  thrift.struct(10, () => thrift.struct(LOGICAL_TYPE_IDS[annotation], () => {}));
}

function writeColumn(thrift: ThriftCompactWriter, { name, type, nullable }: SchemaColumn): void {
  const logical = type.logicalType;
  const isFixedBytes = type.storedWidth === 16;
  thrift.i32(1, type.parquetType);
  thrift.i32(2, isFixedBytes ? type.storedWidth : undefined);
  thrift.i32(3, nullable ? Repetition.OPTIONAL : Repetition.REQUIRED);
  thrift.text(4, name);
  thrift.i32(6, type.convertedType);
  thrift.i32(7, logical?.kind === 'DECIMAL' ? logical.scale : undefined);
  thrift.i32(8, logical?.kind === 'DECIMAL' ? logical.precision : undefined);
  if (logical !== undefined) {
    thrift.struct(10, () => thrift.struct(LOGICAL_TYPE_IDS[logical.kind], () => writeLogicalType(thrift, type)));
  }
}

function writeLogicalType(thrift: ThriftCompactWriter, type: ParquetColumnType): void {
  const logical = type.logicalType!;
  switch (logical.kind) {
    case 'DECIMAL':
      thrift.i32(1, logical.scale);
      thrift.i32(2, logical.precision);
      break;
    case 'INTEGER':
      thrift.i8(1, logical.bitWidth);
      thrift.boolean(2, true);
      break;
    case 'TIME':
    case 'TIMESTAMP':
      thrift.boolean(1, logical.isAdjustedToUtc);
      thrift.struct(2, () => thrift.struct(MICROSECONDS_ID, () => {}));
      break;
    default:
      break;
  }
}
