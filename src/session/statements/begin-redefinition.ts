import type { TableDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter } from '../../catalog/table-write.js';
import type { QualifiedName } from '../../parser/index.js';
import type { StatementContext } from './statement-context.js';

/**
 * Begins the commit that gives a table another definition, made of what it was read as. Fails (40001) where another
 * statement has redefined it since.
 */
export async function beginRedefinition(
  { session }: StatementContext,
  name: QualifiedName,
  redefines: TableRelation,
  definition: TableDefinition,
): Promise<TableWriter> {
  const address = await session.catalog.locate(name);
  return await address.lake.beginCreateTable(address.name, definition, { orReplace: true, redefines });
}
