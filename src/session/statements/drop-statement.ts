import type { RelationName } from '../../catalog/table-definition.js';
import { MillraceError, userError } from '../../common/errors.js';
import type { DropStatement, QualifiedName } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import { TEMPORARY_SCHEMA } from '../temporary-lake.js';
import { ignoring } from './definition-statements.js';
import type { StatementContext } from './statement-context.js';

/**
 * DROP TABLE, VIEW and SCHEMA. Views keep the text of their query and not what it depends on: a table can be dropped
 * under them, with or without CASCADE, and they fail when they are read. CASCADE empties a schema.
 */
export async function dropRelations(context: StatementContext, statement: DropStatement): Promise<StatementResult> {
  const { target, names } = statement;
  const work = (): Promise<void> => dropEach(context, statement);
  // One alone goes with whatever others commit to it meanwhile.
  await (names.length === 1 && target !== 'schema' ? work() : context.session.catalog.asBlock(work));
  return { kind: 'done', completion: { command: `DROP ${target.toUpperCase()}`, rowCount: undefined } };
}

async function dropEach(context: StatementContext, statement: DropStatement): Promise<void> {
  const { target } = statement;
  for (const qualified of statement.names) {
    const shown = qualified.parts.map((part) => part.name).join('.');
    const drop = (): Promise<void> => dropOne(context, statement, qualified);
    if (!statement.ifExists) {
      await drop().catch((error: unknown) => {
        if (!(error instanceof MillraceError) || error.code !== '42P01') throw error;
        const { position } = qualified;
        throw userError('42P01', `${target} "${shown}" does not exist`, { position, hint: error.hint });
      });
    } else if (await ignoring(['42P01', '3F000'], drop)) {
      const message = `${target} "${shown}" does not exist, skipping`;
      context.session.notify({ severity: 'NOTICE', code: '00000', message });
    }
  }
}

async function dropOne(context: StatementContext, statement: DropStatement, qualified: QualifiedName): Promise<void> {
  const { catalog } = context.session;
  if (statement.target === 'schema') {
    await dropSchema(context, statement, qualified);
    return;
  }
  const { lake, name } = await catalog.locate(qualified);
  await assertKind(context, statement.target, qualified);
  if (statement.target === 'view') await lake.dropView(name);
  else await lake.dropTable(name);
}

/** 42809 when DROP VIEW names a table, or DROP TABLE a view. */
async function assertKind(
  { session }: StatementContext,
  target: 'table' | 'view',
  qualified: QualifiedName,
): Promise<void> {
  const { kind } = await session.catalog.get(await session.catalog.locate(qualified));
  if (kind === target) return;
  throw userError('42809', `"${qualified.parts.at(-1)!.name}" is not a ${target}`, {
    position: qualified.position,
    hint: `Use DROP ${kind.toUpperCase()} to remove a ${kind}.`,
  });
}

async function dropSchema({ session }: StatementContext, { cascade }: DropStatement, name: QualifiedName) {
  const { lake } = session.catalog;
  const schema = name.parts.map((part) => part.name).join('.');
  if (schema === TEMPORARY_SCHEMA) {
    throw userError('2BP01', `cannot drop schema "${schema}"`, {
      position: name.position,
      hint: 'DISCARD TEMP drops all temporary tables.',
    });
  }
  if (cascade) {
    const relations: RelationName[] = [];
    for (const relation of await lake.listRelations(schema)) {
      relations.push(relation);
      if (relation.kind === 'view') await lake.dropView(relation);
      else await lake.dropTable(relation);
    }
    if (relations.length > 0) session.notify(cascadeNotice(relations));
  }
  await lake.dropSchema(schema);
}

function cascadeNotice(relations: readonly RelationName[]) {
  const names = relations.map(({ schema, name }) => `${schema}.${name}`);
  const message =
    names.length === 1 ? `drop cascades to ${names[0]}` : `drop cascades to ${names.length} other objects`;
  return { severity: 'NOTICE', code: '00000', message, detail: names.join(', ') } as const;
}
