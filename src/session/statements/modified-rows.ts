import { formatPartitionValue } from '../../catalog/partition-value.js';
import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { PartitionValue, TableRelation } from '../../catalog/table-snapshot.js';
import type { WriteMode } from '../../catalog/table-write.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type * as Ast from '../../parser/index.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { formatType } from '../../types/sql-type.js';
import { assignedColumn, withPart } from './assigned-parts.js';
import { defaultSyntaxOf } from './column-defaults.js';
import { assertAssignable } from './generated-columns.js';
import { isIdentity } from './identity-columns.js';
import * as make from './make-syntax.js';
import type { ReturningRelation } from './returning.js';
import { assertOfOneRow } from './row-clauses.js';

export type ModifyStatement = Ast.DeleteStatement | Ast.UpdateStatement;
type Target = Pick<Ast.DeleteStatement, 'table' | 'alias'>;
export type Partitions = readonly (readonly PartitionValue[])[] | undefined;

export const IS_MEANT = 'is meant';
const SOURCE_ALIAS = 'source of the statement';

/** Beyond this many partitions the table is written anew as a whole. */
export const MAX_PARTITIONS = 500;

/** Which rows of the table are meant; undefined for all. */
export function matchingRows({ where, others, position }: ModifyStatement): Ast.Expression | undefined {
  if (others.length === 0) return where;
  return { kind: 'exists', position, query: make.query([make.one], others, where) };
}

/** Every row of the table, marked. */
export interface MarkedRows {
  readonly from: readonly Ast.Relation[];
  /** Whether the statement means the row: a column of FROM, so that a volatile condition is asked once a row. */
  readonly isMeant: Ast.Expression;
  /** The table's columns, with new values where the row is meant. */
  readonly items: readonly Ast.SelectExpression[];
  /** Columns of FROM or USING that were asked for: those of one row that matches, as in PostgreSQL any. */
  readonly ofOthers: readonly Ast.SelectExpression[];
}

export function markedRows(
  statement: ModifyStatement,
  table: TableRelation,
  others: readonly ReturningRelation[] = [],
): MarkedRows {
  const changes = statement.kind === 'update' ? valuesByColumn(statement, table) : new Map<string, Ast.Expression>();
  const target = make.target(statement);
  const { where } = statement;
  const isMeant = make.columnOf(SOURCE_ALIAS, IS_MEANT);
  const itemsOf = (condition: Ast.Expression, valueFor: (name: string) => Ast.Expression) =>
    table.columns.map(({ name }) => {
      const old = make.column(statement, name);
      return make.itemAs(changes.has(name) ? make.choice(condition, valueFor(name), old) : old, name);
    });
  if (statement.others.length === 0) {
    const valueFor = (name: string): Ast.Expression => changes.get(name)!;
    if (where === undefined) {
      return { from: [target], isMeant: make.truth, items: itemsOf(make.truth, valueFor), ofOthers: [] };
    }
    const from = [make.marked(target, make.isTrue(where), SOURCE_ALIAS, IS_MEANT)];
    return { from, isMeant, items: itemsOf(isMeant, valueFor), ofOthers: [] };
  }
  const valueName = (name: string): string => `value of ${name}`;
  const taken = others.flatMap(({ columns }) => columns.map(({ kept }) => kept));
  const source = make.selectOf(
    [
      make.itemAs(make.truth, IS_MEANT),
      ...[...changes].map(([name, value]) => make.itemAs(value, valueName(name))),
      ...others.map(({ name }) => make.star(name)),
    ],
    statement.others,
    where,
    { limit: 1 },
  );
  const names = [IS_MEANT, ...[...changes.keys()].map(valueName), ...taken];
  return {
    from: [make.leftJoin(target, make.lateral(source, SOURCE_ALIAS, names))],
    isMeant,
    items: itemsOf(isMeant, (name) => make.columnOf(SOURCE_ALIAS, valueName(name))),
    ofOthers: taken.map((kept) => make.itemAs(make.columnOf(SOURCE_ALIAS, kept), kept)),
  };
}

/** Does a row move into another partition? Which one is not known. */
export function movesRows(statement: ModifyStatement, { columns, partitionColumns }: TableRelation): boolean {
  if (statement.kind === 'delete') return false;
  return statement.assignments.some((assignment) => {
    const { column } = assignedColumn(assignment, statement, columns);
    return partitionColumns.some(({ name }) => name === column.name);
  });
}

/** The partitions that the files of a plan are in; undefined where the table has none, or too many have to be named. */
export function partitionsOf(plan: PhysicalNode, table: TableRelation): (readonly PartitionValue[])[] | undefined {
  if (table.partitionColumns.length === 0) return undefined;
  const found = new Map<string, readonly PartitionValue[]>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      const node = value as Partial<Extract<PhysicalNode, { kind: 'scan' }>>;
      if (node.kind === 'scan' && node.table === table.displayName) {
        for (const { partitionValues } of node.files ?? []) {
          const values = partitionValues.map((constant) => constant.value as PartitionValue);
          found.set(values.map(String).join('\0'), values);
        }
      } else for (const member of Object.values(value)) visit(member);
    }
  };
  visit(plan);
  return found.size > MAX_PARTITIONS ? undefined : [...found.values()];
}

/** What is published: these partitions, or all of the table. */
export function overwriting(partitions: Partitions): WriteMode {
  return partitions === undefined ? { kind: 'overwrite table' } : { kind: 'overwrite partitions', partitions };
}

/** The new values, by the names of the columns they are assigned to. */
export function valuesByColumn(
  statement: Pick<Ast.UpdateStatement, 'assignments' | 'table' | 'alias'>,
  table: TableRelation,
  change: 'insert' | 'update' | 'insert with numbers' = 'update',
): ReadonlyMap<string, Ast.Expression> {
  const { assignments, table: name } = statement;
  const values = new Map<string, Ast.Expression>();
  const inParts = new Set<string>();
  for (const assignment of assignments) {
    const { value } = assignment;
    const { column, parts } = assignedColumn(assignment, statement, table.columns);
    const definition = table.columns.find((known) => known.name === column.name);
    if (definition === undefined) {
      const names = table.columns.map((known) => known.name);
      throw userError('42703', `column "${column.name}" of relation "${name.parts.at(-1)!.name}" does not exist`, {
        position: column.position,
        hint: nearestNameHint(column.name, names, `Its columns are ${names.join(', ')}.`),
      });
    }
    const known = values.get(column.name);
    if (known !== undefined && (parts.length === 0 || !inParts.has(column.name))) {
      throw userError('42601', `multiple assignments to same column "${column.name}"`, { position: column.position });
    }
    assertOfOneRow(value, change === 'update' ? 'UPDATE' : 'VALUES');
    if (change !== 'insert with numbers') assertAssignable(definition, value, change);
    else if (!isIdentity(definition)) assertAssignable(definition, value, 'insert');
    if (parts.length === 0) values.set(column.name, assigned(definition, value));
    else {
      // Several parts of one column are assigned to one after the other.
      const base = known ?? make.column(statement, column.name);
      values.set(column.name, assigned(definition, withPart(base, definition.type, parts, value, column)));
      inParts.add(column.name);
    }
  }
  return values;
}

/** Names of identity columns that are to have numbers, in the place of DEFAULT. */
export function numberedBy(
  statement: Pick<Ast.UpdateStatement, 'assignments' | 'table' | 'alias'>,
  table: TableRelation,
): string[] {
  const numbered = new Set(table.columns.filter(isIdentity).map(({ name }) => name));
  return statement.assignments
    .filter(({ value }) => value.kind === 'defaultValue')
    .map((assignment) => assignedColumn(assignment, statement, table.columns).column.name)
    .filter((name) => numbered.has(name));
}

/** A value as a column takes it; NULL where it gets a number later. */
export function assigned(column: ColumnDefinition, value: Ast.Expression): Ast.Expression {
  const operand = value.kind === 'defaultValue' ? defaultSyntaxOf(column, value.position) : value;
  return { kind: 'assigned', operand, column: column.name, type: column.type, position: value.position };
}

/** Only these partitions; undefined for all. */
export function withinPartitions(
  statement: Target,
  { partitionColumns }: TableRelation,
  partitions: Partitions,
): Ast.Expression | undefined {
  if (partitions === undefined) return undefined;
  const each = partitions.map((values) =>
    make.and(
      partitionColumns.map(({ name, type }, index) =>
        make.isSame(
          make.column(statement, name),
          formatPartitionValue(values[index]!, type) ?? undefined,
          formatType(type),
        ),
      ),
    ),
  );
  return make.or(each);
}
