import type { ColumnDefinition, KeyDefinition } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { notSupportedError, userError } from '../../common/errors.js';
import { quoteIdentifier } from '../../functions/scalar/text/quoting.js';
import type * as Ast from '../../parser/index.js';
import { parseExpression } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { planRowPredicates } from '../../planner/plan-row-expressions.js';
import type { SqlType } from '../../types/sql-type.js';
import type { PreparedStatement } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { isIdentity } from './identity-columns.js';
import { sourceOf } from './insert-source.js';
import { type InsertTarget, insertTarget, suppliedTypes } from './insert-target.js';
import * as make from './make-syntax.js';
import { describeMerge, type MergeForm, merge } from './merge-statement.js';
import { assigned } from './modified-rows.js';
import { plannerContext } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

const FORM: MergeForm = { command: 'INSERT', returnsTargetOnly: true };

const EXCLUDED = 'excluded';
const GIVEN = 'rows to insert';
const NUMBER = 'number among rows of the key';
const PREDICATE = { one: 'index predicate', many: 'index predicates' };

/**
 * INSERT … ON CONFLICT: a MERGE of the rows that are to be inserted, which are called `excluded`, by the primary key.
 * Undefined where no row can conflict with another: then it is any INSERT.
 */
export async function upsert(
  context: StatementContext,
  statement: Ast.InsertStatement,
  onConflict: Ast.OnConflict,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult | undefined> {
  const types = parameters.map(({ type }) => type);
  const merged = await mergeOf(context, statement, onConflict, types);
  return merged && (await merge(context, merged, parameters, FORM));
}

export async function describeUpsert(
  context: StatementContext,
  statement: Ast.InsertStatement,
  onConflict: Ast.OnConflict,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Pick<PreparedStatement, 'parameterTypes' | 'columns'> | undefined> {
  const merged = await mergeOf(context, statement, onConflict, parameterTypes);
  return merged && (await describeMerge(context, merged, parameterTypes, FORM));
}

async function mergeOf(
  context: StatementContext,
  statement: Ast.InsertStatement,
  onConflict: Ast.OnConflict,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Ast.MergeStatement | undefined> {
  if (statement.overwrite || statement.partition !== undefined) {
    throw notSupportedError('ON CONFLICT is not supported with OVERWRITE or PARTITION', {
      position: onConflict.position,
      hint: 'INSERT INTO without PARTITION: the columns say which partition a row is in.',
    });
  }
  const target = await insertTarget(context, statement);
  const { table } = target;
  const { predicate } = onConflict;
  if (predicate) {
    const names = [statement.alias?.name ?? statement.table.parts.at(-1)!.name];
    planRowPredicates([predicate], { names, columns: table.columns }, plannerContext(context), PREDICATE);
  }
  const key = arbiterOf(table, onConflict);
  if (key === undefined) return undefined;
  assertNoNumbers(statement, target);
  const source = sourceOf(statement, target);
  const types = await suppliedTypes(context, target, statement, source, parameterTypes);
  const supplied = target.supplied.slice(0, types.length);
  const given = new Set(supplied.map(({ name }) => name));
  const keyColumns = key.columns.map((name) => table.columns.find((column) => column.name === name)!);
  if (keyColumns.some((column) => isIdentity(column) && !given.has(column.name))) return undefined;
  const defaulted = table.columns.filter(
    (column) => !given.has(column.name) && !isIdentity(column) && column.generated === undefined,
  );
  const rows = make.subqueryOf(
    assignedLiterals(source, supplied),
    GIVEN,
    supplied.map(({ name }) => name),
  );
  const names = [...supplied, ...defaulted].map(({ name }) => name);
  const excluded = excludedRows(rows, names, defaulted, key, onConflict);
  const same = key.columns.map((name) => isEqual(make.column(statement, name), make.columnOf(EXCLUDED, name)));
  const { table: name, alias, returning, position, end } = statement;
  return {
    kind: 'merge',
    with: undefined,
    table: name,
    alias,
    source: make.subqueryOf(excluded, EXCLUDED),
    condition: make.and(same),
    clauses: [...matchedClauses(onConflict), insertClause(statement, names, onConflict.position)],
    returning,
    position,
    end,
  };
}

/** Undefined of an expression, which no key is of. */
function columnNamed(target: Ast.Expression, table: TableRelation): string | undefined {
  if (target.kind !== 'columnReference' || target.parts.length > 1) return undefined;
  const { name } = target.parts[0]!;
  if (table.columns.some((column) => column.name === name)) return name;
  throw userError('42703', `column "${name}" does not exist`, { position: target.position });
}

/** The key whose rows conflict. */
function arbiterOf(
  table: TableRelation,
  { targets, constraint, update, position }: Ast.OnConflict,
): KeyDefinition | undefined {
  const key = definitionOfTable(table).primaryKey;
  const relation = table.displayName.slice(table.displayName.lastIndexOf('.') + 1);
  if (constraint !== undefined) {
    if (key?.name === constraint.name) return key;
    throw userError('42704', `constraint "${constraint.name}" for table "${relation}" does not exist`, {
      position: constraint.position,
      hint: key ? `Its primary key is called "${key.name}".` : 'It has no primary key.',
    });
  }
  const named = new Set(targets.map((target) => columnNamed(target, table)));
  if (named.size === 0) {
    if (update === undefined) return key;
    throw userError('42601', 'ON CONFLICT DO UPDATE requires inference specification or constraint name', {
      position,
      hint: 'For example, ON CONFLICT (column_name).',
    });
  }
  if (key !== undefined && key.columns.length === named.size && key.columns.every((name) => named.has(name)))
    return key;
  throw userError('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification', {
    position,
    hint: key
      ? `The primary key is (${key.columns.join(', ')}).`
      : `Declare it: ALTER TABLE ${relation} ADD PRIMARY KEY (…). UNIQUE is not kept.`,
  });
}

/** The number that DEFAULT stands for is reserved when rows are inserted, not before they are compared. */
function assertNoNumbers({ source }: Ast.InsertStatement, { supplied }: InsertTarget): void {
  if (source?.body.kind !== 'values') return;
  for (const row of source.body.rows) {
    for (const [index, value] of row.entries()) {
      if (value.kind !== 'defaultValue' || supplied[index] === undefined || !isIdentity(supplied[index])) continue;
      throw notSupportedError('DEFAULT of an identity column is not supported with ON CONFLICT', {
        position: value.position,
        hint: `List the columns that have values, without "${supplied[index].name}".`,
      });
    }
  }
}

/** Literals and parameters of a SELECT are of the types of the columns, as they are without ON CONFLICT. */
function assignedLiterals(source: Ast.Query, supplied: readonly ColumnDefinition[]): Ast.Query {
  const { body } = source;
  if (body.kind !== 'select' || body.items.length !== supplied.length) return source;
  const items = body.items.map((item, index) => {
    const untyped = item.kind === 'selectExpression' && UNTYPED.has(item.expression.kind);
    return untyped ? { ...item, expression: assigned(supplied[index]!, item.expression) } : item;
  });
  return { ...source, body: { ...body, items } };
}

const UNTYPED = new Set<Ast.Expression['kind']>(['stringLiteral', 'nullLiteral', 'parameterReference']);

/** The rows with what columns have by default; of equal keys only one, or none where the second would be changed twice. */
function excludedRows(
  rows: Ast.Relation,
  names: readonly string[],
  defaulted: readonly ColumnDefinition[],
  key: KeyDefinition,
  { update }: Ast.OnConflict,
): Ast.Query {
  const defaults = defaulted.map((column) =>
    make.itemAs(assigned(column, { kind: 'defaultValue', position: 0 }), column.name),
  );
  const whole = make.selectOf([make.star(GIVEN), ...defaults], [rows], undefined);
  const number = make.rowNumber(key.columns.map((name) => make.columnOf(GIVEN, name)));
  const numbered = make.selectOf(
    [make.star(GIVEN), make.itemAs(number, NUMBER)],
    [make.subqueryOf(whole, GIVEN)],
    undefined,
  );
  const items = names.map((name) => make.itemAs(make.columnOf(GIVEN, name), name));
  return make.selectOf(items, [make.subqueryOf(numbered, GIVEN)], parseExpression(update ? FAILS_TWICE : IS_FIRST));
}

const number = `${quoteIdentifier(GIVEN)}.${quoteIdentifier(NUMBER)}`;
const IS_FIRST = `${number} = 1`;
const FAILS_TWICE = `case when ${number} = 1 then true else fail_with(${number} = 1, '21000',
  'ON CONFLICT DO UPDATE command cannot affect row a second time',
  'Ensure that no rows proposed for insertion within the same command have duplicate constrained values.') end`;

function isEqual(left: Ast.Expression, right: Ast.Expression): Ast.Expression {
  return { kind: 'binary', operator: '=', operatorPosition: 0, operatorSchema: undefined, left, right, position: 0 };
}

function matchedClauses({ update, position }: Ast.OnConflict): Ast.MergeClause[] {
  if (update === undefined) return [];
  const { assignments, where } = update;
  return [
    { kind: 'mergeClause', when: 'matched', condition: where, action: { kind: 'update', assignments }, position },
  ];
}

function insertClause(
  { overriding }: Ast.InsertStatement,
  names: readonly string[],
  position: number,
): Ast.MergeClause {
  const columns = names.map(make.identifier);
  const values = names.map((name) => make.columnOf(EXCLUDED, name));
  const action = { kind: 'insert', columns, overriding, values } as const;
  return { kind: 'mergeClause', when: 'not matched', condition: undefined, action, position };
}
