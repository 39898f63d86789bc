import type { CheckDefinition, ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { MillraceError, notSupportedError, userError } from '../../common/errors.js';
import {
  type AlterAction,
  type AlterTableStatement,
  type Identifier,
  parseExpression,
  parseStatement,
  type QualifiedName,
  type Query,
  type RenameColumnStatement,
  type Expression as Syntax,
} from '../../parser/index.js';
import { bindTypeName } from '../../planner/binder/bind-type-name.js';
import { timePrecisionOf } from '../../planner/binder/time-modifiers.js';
import type { Expression } from '../../planner/expression.js';
import { sameType } from '../../types/sql-type.js';
import type { StatementResult } from '../statement-result.js';
import { taken, withCheck, withKeys, withoutConstraint } from './alter-constraints.js';
import { alteredIdentity, isIdentityError, numbersOfRows, reserveNumbersOfRows } from './alter-identity.js';
import {
  type Alteration,
  type AlteredColumn,
  assertIsNew,
  columnReference,
  definitionsOf,
  indexOf,
  missingColumnError,
} from './alteration.js';
import { beginRedefinition } from './begin-redefinition.js';
import { checkDefinitions } from './check-constraints.js';
import { defaultSyntaxOf, defaultTextOf } from './column-defaults.js';
import { columnsIn, withColumnRenamed } from './column-references.js';
import { columnOf, generatedClauses } from './definition-statements.js';
import { checkGenerated, generatedOf } from './generated-columns.js';
import { isIdentity, retyped } from './identity-columns.js';
import * as make from './make-syntax.js';
import { keysIn, warnOfKeys } from './primary-keys.js';
import { countRows } from './query-rows.js';
import { planQueryOf } from './query-statement.js';
import { getTable, missingIsFine } from './relation-names.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, sinkPlan, writeResult } from './table-sink.js';
import { withoutPositions } from './without-positions.js';

const ALTERED: StatementResult = { kind: 'done', completion: { command: 'ALTER TABLE', rowCount: undefined } };

/**
 * ALTER TABLE. What files need not know of is a new definition only: defaults, columns that may be NULL, new columns without
 * a value. Otherwise the table is written anew, as one commit: files say what they hold, to other engines as well.
 */
export async function alterTable(context: StatementContext, statement: AlterTableStatement): Promise<StatementResult> {
  const { ifExists, table: name } = statement;
  if (ifExists && (await missingIsFine(context, name))) return ALTERED;
  const table = await getTable(context, name);
  const definition = definitionOfTable(table);
  let alteration: Alteration = {
    table: name.parts.at(-1)!.name,
    columns: definition.columns.map((column) => ({ definition: column, source: columnReference(column.name) })),
    checks: definition.checks ?? [],
    primaryKey: definition.primaryKey,
    rewrites: false,
  };
  for (const action of statement.actions) alteration = await altered(context, alteration, definition, action);
  warnOfKeys(context, keysIn(statement.actions));
  return await redefine(context, statement, table, definition, alteration);
}

export async function renameColumn(
  context: StatementContext,
  statement: RenameColumnStatement,
): Promise<StatementResult> {
  const { ifExists, table: name, column, newName } = statement;
  if (ifExists && (await missingIsFine(context, name))) return ALTERED;
  const table = await getTable(context, name);
  const definition = definitionOfTable(table);
  const columns = definition.columns.map((known) => ({ definition: known, source: columnReference(known.name) }));
  const shown = name.parts.at(-1)!.name;
  const index = columns.findIndex((known) => known.definition.name === column.name);
  if (index < 0) throw missingColumnError(columns, column, `column "${column.name}" does not exist`);
  assertIsNew(shown, columns, newName);
  columns[index] = { ...columns[index]!, definition: { ...columns[index]!.definition, name: newName.name } };
  for (const [i, { definition: known, source }] of columns.entries()) {
    if (known.generated === undefined) continue;
    const generated = withColumnRenamed(known.generated, column.name, newName.name);
    columns[i] = { definition: { ...known, generated }, source };
  }
  const renamed = (known: string): string => (known === column.name ? newName.name : known);
  const partitionColumns = definition.partitionColumns.map(renamed);
  return await redefine(
    context,
    statement,
    table,
    { ...definition, partitionColumns },
    {
      table: shown,
      columns,
      checks: (definition.checks ?? []).map((check) => ({
        ...check,
        expression: withColumnRenamed(check.expression, column.name, newName.name),
      })),
      primaryKey: definition.primaryKey && {
        ...definition.primaryKey,
        columns: definition.primaryKey.columns.map(renamed),
      },
      rewrites: true,
    },
  );
}

async function altered(
  context: StatementContext,
  alteration: Alteration,
  { columns: before, partitionColumns }: TableDefinition,
  action: AlterAction,
): Promise<Alteration> {
  const { table, columns, checks, primaryKey, rewrites } = alteration;
  const change = (index: number, part: Partial<ColumnDefinition>, source?: Syntax): readonly AlteredColumn[] =>
    columns.map((column, at) =>
      at === index ? { definition: { ...column.definition, ...part }, source: source ?? column.source } : column,
    );
  switch (action.kind) {
    case 'addConstraint':
      return withKeys(alteration, { columns: [], constraints: [action.constraint] });
    case 'addCheck':
      return withCheck(context, alteration, before.length, action.check);
    case 'dropConstraint':
      return withoutConstraint(context, alteration, action);
    case 'addColumn': {
      const { name } = action.column;
      if (action.ifNotExists && columns.some(({ definition }) => definition.name === name.name)) {
        const message = `column "${name.name}" of relation "${table}" already exists, skipping`;
        context.session.notify({ severity: 'NOTICE', code: '42701', message });
        return alteration;
      }
      assertIsNew(table, columns, name);
      const definition = await columnOf(context, action.column, table);
      const numbersRows = isIdentity(definition);
      const source = numbersRows ? numbersOfRows(definition) : defaultSyntaxOf(definition, name.position);
      const column = { definition, source, numbersRows };
      const at = columns.length - partitionColumns.length;
      // Files may have a column of that name that was never a column of the table.
      const { default: value, generated, nullable } = definition;
      const isPlain = value === undefined && generated === undefined && nullable && !numbersRows;
      const after = columns.toSpliced(at, 0, column);
      const now = definitionsOf(after);
      checkGenerated(context, table, { columns: now, partitionColumns }, generatedClauses([action.column]));
      const isChecked = action.column.checks.length > 0;
      const added = { ...alteration, columns: after, rewrites: rewrites || !isPlain || isChecked };
      const keyed = withKeys(added, { columns: [action.column], constraints: [] });
      return {
        ...keyed,
        checks: [...checks, ...checkDefinitions(context, table, now, action.column.checks, taken(keyed))],
      };
    }
    case 'dropColumn': {
      const { column, ifExists } = action;
      if (ifExists && !columns.some(({ definition }) => definition.name === column.name)) {
        const message = `column "${column.name}" of relation "${table}" does not exist, skipping`;
        context.session.notify({ severity: 'NOTICE', code: '00000', message });
        return alteration;
      }
      const index = indexOf(table, columns, column);
      if (partitionColumns.includes(column.name)) {
        throw notSupportedError(`column "${column.name}" cannot be dropped: the table is partitioned by it`, {
          position: column.position,
          hint: 'Write the table anew, with CREATE OR REPLACE TABLE … AS SELECT.',
        });
      }
      assertGeneratesNone(table, columns, column);
      const wasThere = before.some(({ name }) => name === column.name);
      const left = checks.filter(({ expression }) => !columnsIn(parseExpression(expression)).has(column.name));
      const key = primaryKey?.columns.includes(column.name) ? undefined : primaryKey;
      const after = columns.toSpliced(index, 1);
      return { table, columns: after, checks: left, primaryKey: key, rewrites: rewrites || wasThere };
    }
    case 'alterType': {
      const type = bindTypeName(action.type);
      const index = indexOf(table, columns, action.column);
      const timePrecision = timePrecisionOf(type, action.type.modifiers);
      const { definition } = columns[index]!;
      const [user] = generatedOf(definitionsOf(columns), definition.name);
      if (user !== undefined) {
        throw notSupportedError('cannot alter type of a column used by a generated column', {
          position: action.column.position,
          detail: `Column "${definition.name}" is used by generated column "${user.name}".`,
          hint: `Drop column "${user.name}" first, and add it again.`,
        });
      }
      const isSame = action.using === undefined && sameType(type, definition.type);
      const isFiner = timePrecision === undefined || timePrecision === definition.timePrecision;
      const identity =
        definition.identity && retyped(definition.identity, definition.type, type, action.column.position);
      const after = change(index, { type, timePrecision, ...(identity && { identity }) }, action.using);
      return { ...alteration, columns: after, rewrites: rewrites || !isSame || !isFiner };
    }
    case 'setDefault': {
      const index = indexOf(table, columns, action.column);
      const { name, type, generated, identity } = columns[index]!.definition;
      if (identity !== undefined) throw isIdentityError(table, action.column);
      if (generated !== undefined) {
        throw userError('42601', `column "${name}" of relation "${table}" is a generated column`, {
          position: action.column.position,
          hint: 'Drop the column, and add it with another expression.',
        });
      }
      const text = action.default && (await defaultTextOf(context, action.default, name, type));
      return { ...alteration, columns: change(index, { default: text }) };
    }
    case 'setNotNull': {
      const index = indexOf(table, columns, action.column);
      if (!action.notNull) assertMayBeNull(alteration, index, action.column);
      const isNew = action.notNull && columns[index]!.definition.nullable;
      return { ...alteration, columns: change(index, { nullable: !action.notNull }), rewrites: rewrites || isNew };
    }
    case 'addIdentity':
    case 'dropIdentity':
    case 'restartIdentity': {
      const index = indexOf(table, columns, action.column);
      return {
        ...alteration,
        columns: change(index, alteredIdentity(context, table, columns[index]!.definition, action)),
      };
    }
  }
}

function assertMayBeNull({ table, columns, primaryKey }: Alteration, index: number, column: Identifier): void {
  if (columns[index]!.definition.identity !== undefined) throw isIdentityError(table, column);
  if (primaryKey?.columns.includes(column.name)) {
    throw userError('42P16', `column "${column.name}" is in a primary key`, {
      position: column.position,
      hint: `Drop the key first: ALTER TABLE … DROP CONSTRAINT "${primaryKey.name}".`,
    });
  }
}

function assertGeneratesNone(table: string, columns: readonly AlteredColumn[], { name, position }: Identifier): void {
  const [user] = generatedOf(definitionsOf(columns), name);
  if (user === undefined) return;
  throw userError('2BP01', `cannot drop column ${name} of table ${table} because other objects depend on it`, {
    position,
    detail: `column ${user.name} of table ${table} depends on column ${name} of table ${table}`,
    hint: `Drop column "${user.name}" first.`,
  });
}

async function redefine(
  context: StatementContext,
  { table: name, position }: AlterTableStatement | RenameColumnStatement,
  read: TableRelation,
  before: TableDefinition,
  { table, columns, checks, primaryKey, rewrites }: Alteration,
): Promise<StatementResult> {
  const definition: TableDefinition = {
    ...before,
    columns: columns.map((column) => column.definition),
    checks: checks.length === 0 ? undefined : checks,
    primaryKey,
  };
  const write = await beginRedefinition(context, name, read, definition);
  return await abortOnFailure(write, async () => {
    if (!rewrites) {
      const known = new Set(before.checks);
      for (const check of checks) if (!known.has(check)) await assertHolds(context, name, check);
      await write.commit([], { kind: 'append' });
      return ALTERED;
    }
    const numbered = columns.filter((column) => column.numbersRows).map((column) => column.definition);
    await reserveNumbersOfRows(context, name, read, numbered);
    const types = columns.map((column) => column.definition.type);
    const names = columns.map((column) => column.definition.name);
    const source = await context.session.catalog.locate(name);
    const query = sourceQuery(source.name, columns, position);
    const { plan } = await withoutPositions(() =>
      planQueryOf(context, query, [], { targetTypes: types, targetNames: names }),
    ).catch((error: unknown) => {
      throw explained(error, table);
    });
    const expressions = types.map((type, column): Expression => ({ kind: 'column', type, column }));
    const sink = sinkPlan(context, plan, { name: table, definition }, expressions, write);
    const result = writeResult(sink, write, { kind: 'replace table' }, 'ALTER TABLE');
    return result.kind === 'write'
      ? { ...result, explain: (error) => explained(error, table), countsRows: false }
      : result;
  });
}

/** Fails (23514) if a row of the table breaks a new constraint. */
async function assertHolds(
  context: StatementContext,
  table: QualifiedName,
  { name, expression }: CheckDefinition,
): Promise<void> {
  const condition: Syntax = { kind: 'not', operand: parseExpression(expression), position: 0 };
  const query = make.query([make.countAll], [make.tableOf(table)], condition);
  if ((await withoutPositions(() => countRows(context, query))) === 0) return;
  const relation = table.parts.at(-1)!.name;
  throw userError('23514', `check constraint "${name}" of relation "${relation}" is violated by some row`);
}

/** As PostgreSQL says it where a column cannot be what it is to be. */
function explained(error: unknown, table: string): unknown {
  if (!(error instanceof MillraceError)) return error;
  const notNull = /^null value in column (".*") violates not-null constraint$/.exec(error.message);
  if (notNull)
    return userError('23502', `column ${notNull[1]} of relation "${table}" contains null values`, { cause: error });
  const check = /violates check constraint (".*")$/.exec(error.message);
  if (check) {
    const message = `check constraint ${check[1]} of relation "${table}" is violated by some row`;
    return userError('23514', message, { cause: error });
  }
  const cast = /^column (".*") is of type (.*) but expression is of type (.*)$/.exec(error.message);
  if (cast) {
    return userError('42804', `column ${cast[1]} cannot be cast automatically to type ${cast[2]}`, {
      hint: `You might need to specify "USING ${cast[1]}::${cast[2]}".`,
      cause: error,
    });
  }
  return error;
}

/** SELECT of what the columns are made of. */
function sourceQuery(
  { schema, name }: { readonly schema: string; readonly name: string },
  columns: readonly AlteredColumn[],
  position: number,
): Query {
  const statement = parseStatement(`select 1 from ${quoted(schema)}.${quoted(name)}`);
  if (statement.kind !== 'queryStatement' || statement.query.body.kind !== 'select') {
    throw new TypeError('a SELECT is a query');
  }
  const { query } = statement;
  const items = columns.map(
    ({ source }) => ({ kind: 'selectExpression', position, expression: source, alias: undefined }) as const,
  );
  return { ...query, body: { ...statement.query.body, items } };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
