import { bugError, type MillraceError, userError } from '../common/errors.js';
import { PartitionScheme } from './partition-scheme.js';
import { assertPartitionType } from './partition-value.js';
import type { ListedRelation } from './relations.js';
import { PUBLIC_SCHEMA, type RelationName, type TableDefinition } from './table-definition.js';
import type { PartitionValue, TableRelation, TableSnapshot } from './table-snapshot.js';

/** Fails (42701, 42P17) where a table cannot be so. */
export function assertTableDefinition({ columns, partitionColumns }: TableDefinition): void {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) throw userError('42701', `column "${name}" specified more than once`);
    names.add(name);
  }
  const last = columns.slice(columns.length - partitionColumns.length).map(({ name }) => name);
  if (last.join('\0') !== partitionColumns.join('\0')) throw bugError('partition columns must be the last columns');
  if (columns.length === partitionColumns.length) {
    throw userError('42P17', 'a table needs a column that is not a partition column', {
      hint: 'Parquet files hold the other columns; add one.',
    });
  }
  for (const { name, type } of columns.slice(columns.length - partitionColumns.length)) assertPartitionType(name, type);
}

export function notAError({ name }: RelationName, kind: 'table' | 'view', actualKind: 'table' | 'view'): MillraceError {
  return userError('42809', `"${name}" is not a ${kind}`, {
    hint: `Use DROP ${actualKind.toUpperCase()} to remove a ${actualKind}.`,
  });
}

export function existsError({ name }: RelationName): MillraceError {
  return userError('42P07', `relation "${name}" already exists`, {
    hint: 'Choose another name, drop it first, or write IF NOT EXISTS.',
  });
}

export function isPathError({ displayName }: TableRelation): MillraceError {
  return userError('42809', `cannot insert into "${displayName}": it is a path, not a table`, {
    hint: 'Insert into a table of the lake; CREATE TABLE makes one.',
  });
}

/** A table of the public schema lies where the folder of a schema of its name would. */
export async function assertIsNoSchema(
  { schema, name }: RelationName,
  schemaExists: (schema: string) => Promise<boolean>,
): Promise<void> {
  if (schema === PUBLIC_SCHEMA && name !== PUBLIC_SCHEMA && (await schemaExists(name))) {
    throw userError('42P07', `"${name}" is a schema`, { hint: 'Choose another name for the table.' });
  }
}

export function schemaFolderError(schema: string): MillraceError {
  return userError('42P06', `schema "${schema}" would be the folder of table "${schema}"`, {
    hint: 'Choose another name.',
  });
}

export function assertSchemaIsEmpty(schema: string, [first]: readonly ListedRelation[]): void {
  if (first === undefined) return;
  throw userError('2BP01', `cannot drop schema ${schema} because other objects depend on it`, {
    detail: `It has the ${first.kind} "${first.name}".`,
    hint: 'Drop its tables and views first.',
  });
}

/** The partitions that have files, in the order of their folders; values of all partition columns. */
export function partitionsIn(
  { displayName, partitionColumns }: TableRelation,
  { files }: TableSnapshot,
): (readonly PartitionValue[])[] {
  const scheme = new PartitionScheme(displayName, partitionColumns);
  const partitions = files.map(({ partitionValues }) => [scheme.folders(partitionValues).join('/'), partitionValues]);
  return [...new Map(partitions as [string, readonly PartitionValue[]][]).values()];
}
