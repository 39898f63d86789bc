import { definitionOfTable } from '../../catalog/table-definition-of.js';
import { userError } from '../../common/errors.js';
import type { CommentStatement, QualifiedName } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
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
  const definition = definitionOfTable(await getTable(context, name));
  await redefine(context, name, { ...definition, comment: text });
}

async function commentColumn(context: StatementContext, name: QualifiedName, text: string | undefined): Promise<void> {
  const column = name.parts.at(-1)!;
  if (name.parts.length < 2) {
    throw userError('42601', 'column name must be qualified', {
      position: name.position,
      hint: 'Write COMMENT ON COLUMN table.column IS …',
    });
  }
  const table = { ...name, parts: name.parts.slice(0, -1) };
  const definition = definitionOfTable(await getTable(context, table));
  if (!definition.columns.some((known) => known.name === column.name)) {
    const shown = table.parts.at(-1)!.name;
    throw userError('42703', `column "${column.name}" of relation "${shown}" does not exist`, {
      hint: `Its columns are ${definition.columns.map((known) => known.name).join(', ')}.`,
    });
  }
  const columns = definition.columns.map((known) => (known.name === column.name ? { ...known, comment: text } : known));
  await redefine(context, table, { ...definition, columns });
}

async function redefine(
  { session }: StatementContext,
  name: QualifiedName,
  definition: ReturnType<typeof definitionOfTable>,
): Promise<void> {
  const address = await session.catalog.locate(name);
  const write = await address.lake.beginCreateTable(address.name, definition, { orReplace: true });
  await write.commit([], { kind: 'append' });
}
