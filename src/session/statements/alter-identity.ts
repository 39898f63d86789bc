import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import type { AlterAction, Identifier, QualifiedName, Expression as Syntax } from '../../parser/index.js';
import { type IdentityColumn, identityOf, isIdentity, nextNumbers, numberAt, restarted } from './identity-columns.js';
import * as make from './make-syntax.js';
import { countRows } from './query-rows.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

type IdentityAction = Extract<AlterAction, { kind: 'addIdentity' | 'dropIdentity' | 'restartIdentity' }>;

/** What ADD GENERATED … AS IDENTITY, DROP IDENTITY and RESTART make of a column. */
export function alteredIdentity(
  { session }: StatementContext,
  table: string,
  definition: ColumnDefinition,
  action: IdentityAction,
): Pick<ColumnDefinition, 'identity'> {
  const { position } = action.column;
  const column = `column "${definition.name}" of relation "${table}"`;
  const wrong = (what: string): Error => userError('55000', `${column} ${what}`, { position });
  if (action.kind === 'addIdentity') {
    if (definition.nullable) throw wrong('must be declared NOT NULL before identity can be added');
    if (isIdentity(definition)) throw wrong('is already an identity column');
    if (definition.default !== undefined) throw wrong('already has a default value');
    return { identity: identityOf(definition, action.identity) };
  }
  if (isIdentity(definition)) {
    return { identity: action.kind === 'dropIdentity' ? undefined : restarted(definition, action.next, position) };
  }
  if (action.kind === 'restartIdentity' || !action.ifExists) throw wrong('is not an identity column');
  session.notify({ severity: 'NOTICE', code: '00000', message: `${column} is not an identity column, skipping` });
  return {};
}

/** The numbers of the rows that are there when a column is added: its first ones, in the order in which rows are read. */
export function numbersOfRows(column: IdentityColumn): Syntax {
  return numberAt('row_number() over ()', column, column.identity.start);
}

/** Reserves them, before the commit that adds the columns; it fails where there are other rows by then. */
export async function reserveNumbersOfRows(
  context: StatementContext,
  name: QualifiedName,
  table: TableRelation,
  added: readonly ColumnDefinition[],
): Promise<void> {
  if (added.length === 0) return;
  const query = make.query([make.countAll], [make.tableOf(name)], undefined);
  const count = await withoutPositions(() => countRows(context, query));
  if (count === 0) return;
  for (const column of added.filter(isIdentity)) await nextNumbers(context, table, column, count);
}

export function isIdentityError(table: string, { name, position }: Identifier): Error {
  return userError('42601', `column "${name}" of relation "${table}" is an identity column`, { position });
}
