import type { TableDefinition } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import type { CommentStatement, QualifiedName } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import { beginRedefinition } from './begin-redefinition.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

/** COMMENT ON: a text beside the definition, which SHOW CREATE TABLE shows. */
export async function comment(context: StatementContext, statement: CommentStatement): Promise<StatementResult> {
  const { target, name, text } = statement;
  if (target === 'view') await commentView(context, name, text);
  else if (target === 'table') await commentTable(context, name, text);
  else await commentColumn(context, name, text);
  return { kind: 'done', completion: { command: 'COMMENT', rowCount: undefined } };
}

async function commentView(
  { session }: StatementContext,
  name: QualifiedName,
  text: string | undefined,
): Promise<void> {
  const { catalog } = session;
  const address = await catalog.locate(name);
  const relation = await catalog.get(address);
  if (relation.kind !== 'view') {
    throw userError('42809', `"${name.parts.at(-1)!.name}" is not a view`, { position: name.position });
  }
  await address.lake.createView(address.name, { ...relation.definition, comment: text }, { orReplace: true });
}

async function commentTable(context: StatementContext, name: QualifiedName, text: string | undefined): Promise<void> {
  const table = await getTable(context, name);
  await redefine(context, name, table, { ...definitionOfTable(table), comment: text });
}

async function commentColumn(context: StatementContext, name: QualifiedName, text: string | undefined): Promise<void> {
  const column = name.parts.at(-1)!;
  if (name.parts.length < 2) {
    throw userError('42601', 'column name must be qualified', {
      position: name.position,
      hint: 'Write COMMENT ON COLUMN table.column IS …',
    });
  }
  const tableName = { ...name, parts: name.parts.slice(0, -1) };
  const table = await getTable(context, tableName);
  const definition = definitionOfTable(table);
  if (!definition.columns.some((known) => known.name === column.name)) {
    const shown = tableName.parts.at(-1)!.name;
    throw userError('42703', `column "${column.name}" of relation "${shown}" does not exist`, {
      hint: `Its columns are ${definition.columns.map((known) => known.name).join(', ')}.`,
    });
  }
  const columns = definition.columns.map((known) => (known.name === column.name ? { ...known, comment: text } : known));
  await redefine(context, tableName, table, { ...definition, columns });
}

async function redefine(
  context: StatementContext,
  name: QualifiedName,
  table: TableRelation,
  definition: TableDefinition,
): Promise<void> {
  const write = await beginRedefinition(context, name, table, definition);
  await write.commit([], { kind: 'append' });
}
