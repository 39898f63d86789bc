import type { TableRelation } from '../../catalog/table-snapshot.js';
import { MillraceError, userError } from '../../common/errors.js';
import type { QualifiedName } from '../../parser/index.js';
import type { StatementContext } from './statement-context.js';

/** IF EXISTS: is there none of that name? That is worth a notice. */
export async function missingIsFine({ session }: StatementContext, name: QualifiedName): Promise<boolean> {
  try {
    await session.catalog.get(await session.catalog.locate(name));
    return false;
  } catch (error) {
    if (!(error instanceof MillraceError) || (error.code !== '42P01' && error.code !== '3F000')) throw error;
  }
  const message = `relation "${name.parts.map((part) => part.name).join('.')}" does not exist, skipping`;
  session.notify({ severity: 'NOTICE', code: '00000', message });
  return true;
}

/** The table of that name; fails for views and for names that are not there. */
export async function getTable(
  { session }: StatementContext,
  name: QualifiedName,
  use: 'read' | 'insert into' | 'delete from' | 'update' | 'merge into' | 'optimize' = 'read',
): Promise<TableRelation> {
  const relation = await session.catalog
    .locate(name)
    .then((located) => session.catalog.get(located))
    .catch((error: unknown) => {
      if (!(error instanceof MillraceError) || error.code !== '42P01') throw error;
      throw userError(error.code, error.message, { position: name.position, hint: error.hint });
    });
  if (relation.kind === 'table') return relation;
  const { position } = name;
  const shown = name.parts.at(-1)!.name;
  if (use === 'read') throw userError('42809', `"${shown}" is not a table`, { position, hint: 'It is a view.' });
  throw userError('55000', `cannot ${use} view "${shown}"`, {
    position,
    hint: 'Write to the tables that it reads.',
  });
}
