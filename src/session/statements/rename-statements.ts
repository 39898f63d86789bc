import type { RelationName } from '../../catalog/table-definition.js';
import { MillraceError, userError } from '../../common/errors.js';
import type { QualifiedName, RenameTableStatement, SetSchemaStatement } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import { TEMPORARY_SCHEMA } from '../temporary-lake.js';
import { missingIsFine } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

/** ALTER TABLE | VIEW … RENAME TO. */
export async function renameTable(
  context: StatementContext,
  statement: RenameTableStatement,
): Promise<StatementResult> {
  const { newName } = statement;
  return await moveTo(context, statement, newName.position, ({ schema }) => ({ schema, name: newName.name }));
}

/** ALTER TABLE | VIEW … SET SCHEMA. */
export async function setSchema(context: StatementContext, statement: SetSchemaStatement): Promise<StatementResult> {
  const { schema } = statement;
  return await moveTo(context, statement, schema.position, ({ name }) => ({ schema: schema.name, name }));
}

async function moveTo(
  context: StatementContext,
  { target, name, ifExists }: RenameTableStatement | SetSchemaStatement,
  position: number,
  newName: (from: RelationName) => RelationName,
): Promise<StatementResult> {
  const done: StatementResult = {
    kind: 'done',
    completion: { command: `ALTER ${target.toUpperCase()}`, rowCount: undefined },
  };
  if (ifExists && (await missingIsFine(context, name))) return done;
  const { catalog } = context.session;
  const address = await catalog.locate(name);
  await assertKind(context, target, name);
  const to = newName(address.name);
  if ((to.schema === TEMPORARY_SCHEMA) !== (address.name.schema === TEMPORARY_SCHEMA)) {
    throw userError('0A000', 'cannot move objects into or out of temporary schemas', {
      position,
      hint: 'Write CREATE TABLE … AS SELECT.',
    });
  }
  try {
    await address.lake.renameRelation(address.name, to, context.engine.footers.inferSchema);
  } catch (error) {
    throw error instanceof MillraceError && error.position === undefined ? at(error, position) : error;
  }
  return done;
}

/** ALTER TABLE names views as well, as in PostgreSQL; not the other way round. */
async function assertKind({ session }: StatementContext, target: 'table' | 'view', name: QualifiedName): Promise<void> {
  const { kind } = await session.catalog.get(await session.catalog.locate(name)).catch((error: unknown) => {
    throw error instanceof MillraceError && error.code === '42P01' ? at(error, name.position) : error;
  });
  if (kind === target || target === 'table') return;
  throw userError('42809', `"${name.parts.at(-1)!.name}" is not a view`, { position: name.position });
}

function at({ kind, code, message, detail, hint }: MillraceError, position: number): MillraceError {
  return new MillraceError(kind, code, message, { detail, hint, position });
}
