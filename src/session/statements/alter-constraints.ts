import type { CheckDefinition } from '../../catalog/table-definition.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type { AlterAction, CheckConstraint } from '../../parser/index.js';
import { type Alteration, definitionsOf } from './alteration.js';
import { checkDefinitions } from './check-constraints.js';
import { type DeclaredKeys, withKeyColumns, withPrimaryKeys } from './primary-keys.js';
import type { StatementContext } from './statement-context.js';

/** The constraints of a table, whose names differ. */
export function taken({ checks, primaryKey }: Alteration): readonly Pick<CheckDefinition, 'name'>[] {
  return primaryKey === undefined ? checks : [...checks, primaryKey];
}

/** ADD CHECK: rows are only looked at, unless they get further columns first. */
export function withCheck(
  context: StatementContext,
  alteration: Alteration,
  columnsBefore: number,
  check: CheckConstraint,
): Alteration {
  const { table, columns, checks, rewrites } = alteration;
  const added = checkDefinitions(context, table, definitionsOf(columns), [check], taken(alteration));
  const hasFurther = columns.length !== columnsBefore;
  return { ...alteration, checks: [...checks, ...added], rewrites: rewrites || hasFurther };
}

/** ADD PRIMARY KEY, whose columns are NOT NULL: files say so, too. */
export function withKeys(alteration: Alteration, declared: DeclaredKeys): Alteration {
  const { table, columns, checks, rewrites } = alteration;
  const definitions = definitionsOf(columns);
  const { primaryKey: known } = alteration;
  const primaryKey = withPrimaryKeys({ name: table, columns: definitions, checks, primaryKey: known }, declared);
  if (primaryKey === known) return alteration;
  const keyed = withKeyColumns(definitions, primaryKey);
  const after = columns.map((column, i) => ({ ...column, definition: keyed[i]! }));
  const isStricter = keyed.some((definition, i) => definition !== definitions[i]);
  return { ...alteration, columns: after, primaryKey, rewrites: rewrites || isStricter };
}

/** DROP CONSTRAINT. Columns of a key stay NOT NULL, as in PostgreSQL. */
export function withoutConstraint(
  context: StatementContext,
  alteration: Alteration,
  { name, ifExists }: Extract<AlterAction, { readonly kind: 'dropConstraint' }>,
): Alteration {
  const { table, checks, primaryKey } = alteration;
  if (primaryKey?.name === name.name) return { ...alteration, primaryKey: undefined };
  const left = checks.filter((check) => check.name !== name.name);
  if (left.length < checks.length) return { ...alteration, checks: left };
  const message = `constraint "${name.name}" of relation "${table}" does not exist`;
  if (!ifExists) {
    const names = taken(alteration).map((constraint) => constraint.name);
    const hint = nearestNameHint(name.name, names, 'SHOW CREATE TABLE shows them.');
    throw userError('42704', message, { position: name.position, hint });
  }
  context.session.notify({ severity: 'NOTICE', code: '00000', message: `${message}, skipping` });
  return alteration;
}
