import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/index.js';
import { hasNode, mapNodes, type SyntaxNode } from '../../parser/index.js';
import type { SqlType } from '../../types/sql-type.js';
import { defaultSyntaxOf } from './column-defaults.js';
import { assertAssignable, givenColumns } from './generated-columns.js';
import { identityColumns } from './identity-columns.js';
import { keptColumn } from './kept-rows.js';
import * as make from './make-syntax.js';
import { assertVisible } from './merge-visibility.js';
import { assigned, numberedBy, valuesByColumn } from './modified-rows.js';
import type { WantedNumbers } from './numbered-kept.js';
import { otherRelations, type ReturningRelation, targetRelation } from './returning.js';
import { assertOfOneRow } from './row-clauses.js';
import type { StatementContext } from './statement-context.js';

/** Columns of the join beside those of the table. */
export const ACTION = 'action of the merge';
export const TARGET_ROW = 'row of the table';
const IN_TARGET = 'is in the table';
const IN_SOURCE = 'is in the source';
const SOURCE_MARK = 'mark of the source';
const DECISION = 'decision of the merge';

/** A MERGE and the names in it. */
export interface MergeScope {
  readonly statement: Ast.MergeStatement;
  readonly table: TableRelation;
  /** The source with its columns, and the table; in the order in which PostgreSQL's `RETURNING *` has them. */
  readonly relations: readonly ReturningRelation[];
}

export async function mergeScope(
  context: StatementContext,
  statement: Ast.MergeStatement,
  table: TableRelation,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<MergeScope> {
  const { source } = statement;
  const others = await otherRelations(context, [source], [source], parameterTypes);
  const target = targetRelation(statement, table);
  assertVisible(
    statement,
    target.name,
    others.map(({ name }) => name),
  );
  return { statement, table, relations: [...others, target] };
}

/** Numbers of clauses, from 1, by what they do; a row that no clause changes has 0. */
export function actionsOf({
  clauses,
}: Ast.MergeStatement): Readonly<Record<Ast.MergeAction['kind'], readonly number[]>> {
  const numbersOf = (kind: Ast.MergeAction['kind']): number[] =>
    clauses.flatMap(({ action }, index) => (action.kind === kind ? [index + 1] : []));
  return {
    update: numbersOf('update'),
    delete: numbersOf('delete'),
    insert: numbersOf('insert'),
    nothing: numbersOf('nothing'),
  };
}

/**
 * The table's columns as they will be, the number of the clause that has decided, the row of the table that it is about
 * (NULL for one that is inserted), and the columns of the source. Rows of the source that match nothing and are not
 * inserted are left out: nothing is computed of them, generated columns included.
 */
export function mergedRows(scope: MergeScope, within: Ast.Expression | undefined): Ast.Query {
  const { statement, table, relations } = scope;
  const { from, action, conditions } = decidedJoin(scope, within);
  const changes = statement.clauses.map((clause) => valuesOf(scope, clause));
  const items = table.columns.map(({ name }) => {
    const old = make.column(statement, name);
    const branches = conditions.map((condition, index) => [condition, changes[index]!.get(name) ?? old] as const);
    const isChanged = changes.some((values) => values.has(name));
    return make.itemAs(isChanged ? make.cases(branches, old) : old, name);
  });
  const others = relations.slice(0, -1).map(({ name }) => make.star(name));
  const known = [make.itemAs(action, ACTION), make.itemAs(make.column(statement, TARGET_ROW), TARGET_ROW)];
  const inTarget = make.isNull(make.column(statement, IN_TARGET), true);
  const insertions = actionsOf(statement).insert;
  const isKept = insertions.length === 0 ? inTarget : make.or([inTarget, make.isOneOf(action, insertions)]);
  return make.selectOf([...items, ...known, ...others], from, isKept);
}

/** How the columns of `mergedRows` are kept. */
export function keptColumns(
  { table, relations }: MergeScope,
  planned: readonly { readonly name: string; readonly type: SqlType }[],
): ColumnDefinition[] {
  const names = relations.slice(0, -1).flatMap(({ columns }) => columns.map(({ kept }) => kept));
  const known = [ACTION, TARGET_ROW, ...names];
  const added = known.map((name, i) => ({ name, type: planned[table.columns.length + i]!.type, nullable: true }));
  // NULL in a row that no clause changes is no mistake; what is written is checked then.
  return [...table.columns.map((column) => ({ ...column, nullable: true })), ...added];
}

/** The rows to which a clause gives a number: where it says DEFAULT, or inserts without the column. */
export function numbersOf({ statement, table }: MergeScope): WantedNumbers {
  const wanted = new Map<string, Ast.Expression>();
  for (const { name } of identityColumns(table)) {
    const clauses = statement.clauses.flatMap(({ action }, index) =>
      isNumbered(statement, action, table, name) ? [index + 1] : [],
    );
    if (clauses.length > 0) wanted.set(name, make.isOneOf(keptColumn(ACTION), clauses));
  }
  return wanted;
}

function isNumbered(
  { table: target, alias }: Ast.MergeStatement,
  action: Ast.MergeAction,
  table: TableRelation,
  name: string,
): boolean {
  if (action.kind === 'update') {
    const { assignments } = action;
    return assignments !== '*' && numberedBy({ table: target, alias, assignments }, table).includes(name);
  }
  if (action.kind !== 'insert' || action.values === '*') return false;
  const names = action.columns.length > 0 ? action.columns : table.columns;
  const value = action.values?.[names.findIndex((column) => column.name === name)];
  return action.overriding === 'user' || value === undefined || value.kind === 'defaultValue';
}

interface DecidedJoin {
  readonly from: readonly Ast.Relation[];
  /** The number of the first clause that holds, or 0. */
  readonly action: Ast.Expression;
  /** For each clause whether it is the one, if none before it is. */
  readonly conditions: readonly Ast.Expression[];
}

/** The table beside the source, and for each row of both which clause is the first that holds. */
function decidedJoin({ statement, table }: MergeScope, within: Ast.Expression | undefined): DecidedJoin {
  const { source, condition, clauses } = statement;
  const { name } = targetRelation(statement, table);
  const number = make.rowNumber();
  const rows = make.selectOf(
    [make.star(name), make.itemAs(make.truth, IN_TARGET), make.itemAs(number, TARGET_ROW)],
    [make.target(statement)],
    within,
  );
  const target = { ...make.subqueryOf(rows, name), hidden: [IN_TARGET, TARGET_ROW] };
  const mark = make.subqueryOf(make.selectOf([make.itemAs(make.truth, IN_SOURCE)], [], undefined), SOURCE_MARK);
  const joined = make.join('full', target, make.join('inner', source, mark, make.truth), condition);
  const inTarget = make.columnOf(name, IN_TARGET);
  const inSource = make.columnOf(SOURCE_MARK, IN_SOURCE);
  const branches = clauses.map(({ when, condition: further }, index) => {
    if (further) assertOfOneRow(further, 'MERGE WHEN conditions');
    const isMatched = {
      matched: [make.isNull(inTarget, true), make.isNull(inSource, true)],
      'not matched': [make.isNull(inTarget, false)],
      'not matched by source': [make.isNull(inSource, false)],
    }[when];
    return [make.and(further ? [...isMatched, further] : isMatched), make.integer(index + 1)] as const;
  });
  const decision = make.cases(branches, make.integer(0));
  if (
    !hasNode(
      clauses.map(({ condition: further }) => further),
      ({ kind }) => kind === 'functionCall' || kind === 'query',
    )
  ) {
    return { from: [joined], action: decision, conditions: branches.map(([first]) => first) };
  }
  // What may be volatile, or a subquery, is asked once.
  const decided = make.lateral(make.selectOf([make.itemAs(decision, ACTION)], [], undefined), DECISION, [ACTION]);
  const action = make.columnOf(DECISION, ACTION);
  const conditions = clauses.map((_, index) => make.isInteger(action, index + 1));
  return { from: [joined, decided], action, conditions };
}

/** What a clause puts into the columns of the table; none where it leaves them as they are. */
function valuesOf(
  { statement, table, relations }: MergeScope,
  { action }: Ast.MergeClause,
): ReadonlyMap<string, Ast.Expression> {
  if (action.kind === 'update') {
    const assignments =
      action.assignments === '*'
        ? givenColumns(table).map(({ name }): Ast.Assignment => {
            const value = sourceColumn(relations, name, statement.position);
            return { kind: 'assignment', column: make.identifier(name), value, position: statement.position };
          })
        : action.assignments;
    return valuesByColumn({ table: statement.table, alias: statement.alias, assignments }, table);
  }
  if (action.kind !== 'insert') return new Map();
  const { columns, overriding, values } = action;
  const { position } = statement;
  if (values === '*') {
    for (const column of givenColumns(table)) assertAssignable(column, { kind: 'columnReference', position }, 'insert');
    return new Map(
      givenColumns(table).map((column) => [
        column.name,
        assigned(column, sourceColumn(relations, column.name, position)),
      ]),
    );
  }
  const names = columns.length > 0 ? columns : table.columns.map(({ name }) => make.identifier(name));
  if (values !== undefined && values.length > names.length) {
    throw userError('42601', 'INSERT has more expressions than target columns', {
      position: values[names.length]!.position,
    });
  }
  const numbered = new Set(identityColumns(table).map(({ name }) => name));
  const given = names.slice(0, values?.length ?? 0).map((column, i): Ast.Assignment => {
    const isNumbersOwn = overriding === 'user' && numbered.has(column.name);
    const value: Ast.Expression = isNumbersOwn ? { kind: 'defaultValue', position: column.position } : values![i]!;
    return { kind: 'assignment', column, value, position: column.position };
  });
  const change = overriding === 'system' ? 'insert with numbers' : 'insert';
  const supplied = valuesByColumn(
    { table: statement.table, alias: statement.alias, assignments: given },
    table,
    change,
  );
  return new Map(
    table.columns.map((column) => [
      column.name,
      supplied.get(column.name) ?? assigned(column, defaultSyntaxOf(column, position)),
    ]),
  );
}

/** For `SET *` and `INSERT *`. */
function sourceColumn(relations: readonly ReturningRelation[], name: string, position: number): Ast.Expression {
  const [found] = relations.slice(0, -1).filter(({ columns }) => columns.some((column) => column.name === name));
  if (found !== undefined) return make.columnOf(found.name, name);
  throw userError('42703', `the source of MERGE has no column "${name}"`, {
    position,
    hint: 'With * every column of the table comes from the column of its name; list those that do.',
  });
}

/** Items of RETURNING with `action` in the place of merge_action(). */
export function withMergeAction(items: readonly Ast.SelectItem[], action: Ast.Expression): readonly Ast.SelectItem[] {
  return items.map((item) =>
    item.kind === 'selectExpression' && item.alias === undefined && isMergeAction(item.expression)
      ? make.itemAs(action, 'merge_action')
      : mapNodes(item, (node) => (isMergeAction(node) ? action : undefined)),
  );
}

function isMergeAction(node: SyntaxNode): boolean {
  return node.kind === 'functionCall' && node.name.parts.at(-1)!.name === 'merge_action';
}
