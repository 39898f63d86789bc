import type { TableDefinition } from './table-definition.js';
import type { TableRelation } from './table-snapshot.js';

/** The definition of a table; of one that was found and not created, what it would be created with. */
export function definitionOfTable({ columns, partitionColumns, definition }: TableRelation): TableDefinition {
  return definition ?? { columns, partitionColumns: partitionColumns.map(({ name }) => name), options: {} };
}
