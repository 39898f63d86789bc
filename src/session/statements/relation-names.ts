import { PUBLIC_SCHEMA, type RelationName } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { notSupportedError, userError } from '../../common/errors.js';
import type { QualifiedName } from '../../parser/index.js';
import type { StatementContext } from './statement-context.js';

export function toRelationName(name: QualifiedName): RelationName {
  const parts = name.parts.map((part) => part.name);
  if (parts.length === 1) return { schema: PUBLIC_SCHEMA, name: parts[0]! };
  if (parts.length === 2) return { schema: parts[0]!, name: parts[1]! };
  throw notSupportedError(`cross-database references are not implemented: "${parts.join('.')}"`, {
    position: name.position,
    hint: 'Write schema.table at most.',
  });
}

/** The table of that name; fails for views and for names that are not there. */
export async function getTable(
  context: StatementContext,
  name: QualifiedName,
  use: 'read' | 'insert' = 'read',
): Promise<TableRelation> {
  const { engine } = context;
  const relation = await engine.lake.getRelation(toRelationName(name), engine.footers.inferSchema);
  if (relation.kind === 'table') return relation;
  const { position } = name;
  const shown = name.parts.at(-1)!.name;
  if (use === 'read') throw userError('42809', `"${shown}" is not a table`, { position, hint: 'It is a view.' });
  throw userError('55000', `cannot insert into view "${shown}"`, {
    position,
    hint: 'Insert into the tables that it reads.',
  });
}
