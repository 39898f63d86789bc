import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type { Identifier, InsertStatement, PartitionEntry, Query } from '../../parser/index.js';
import { outputPosition } from '../../planner/binder/output-position.js';
import { spelledName } from '../../planner/binder/spelling.js';
import type { SqlType } from '../../types/sql-type.js';
import { assertAssignable } from './generated-columns.js';
import { describeQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

/** What an INSERT writes: which columns its query supplies, and which are given by the PARTITION clause. */
export interface InsertTarget {
  readonly table: TableRelation;
  /** In the order of the query's columns. */
  readonly supplied: readonly ColumnDefinition[];
  /** Static partition columns by name. */
  readonly constants: ReadonlyMap<string, PartitionEntry>;
}

export async function insertTarget(context: StatementContext, statement: InsertStatement): Promise<InsertTarget> {
  const table = await getTable(context, statement.table, 'insert into');
  const entries = statement.partition?.entries ?? [];
  const constants = new Map<string, PartitionEntry>();
  const partitionNames = table.partitionColumns.map((column) => column.name);
  for (const entry of entries) {
    const { position } = entry.column;
    const name = spelledName(partitionNames, entry.column, position);
    if (name === undefined) {
      throw userError(
        '42703',
        `"${entry.column.name}" is not a partition column of "${unqualified(table.displayName)}"`,
        {
          position,
          hint: partitionHint(table),
        },
      );
    }
    if (entry.value !== undefined) constants.set(name, entry);
  }
  if (statement.partition?.all === false && entries.length !== table.partitionColumns.length) {
    throw userError(
      '42601',
      `PARTITION names ${entries.length} of ${table.partitionColumns.length} partition columns`,
      {
        position: statement.partition.position,
        hint: partitionHint(table),
      },
    );
  }
  assertStaticFirst(table, constants, statement);
  const free = table.columns.filter((column) => !constants.has(column.name));
  const supplied =
    statement.columns.length === 0 ? free : statement.columns.map((name) => columnNamed(table, name, constants));
  assertTargetsNamedOnce(statement.columns, supplied);
  return { table, supplied, constants };
}

function partitionHint(table: TableRelation): string {
  const names = table.partitionColumns.map((column) => column.name).join(', ');
  return names === '' ? 'The table is not partitioned: leave PARTITION out.' : `Its partition columns are (${names}).`;
}

/** `PARTITION (a = 1, b)` is a folder with folders in it; `PARTITION (a, b = 1)` is not one folder. */
function assertStaticFirst(
  table: TableRelation,
  constants: ReadonlyMap<string, unknown>,
  statement: InsertStatement,
): void {
  let dynamic: string | undefined;
  for (const { name } of table.partitionColumns) {
    if (!constants.has(name)) dynamic ??= name;
    else if (dynamic !== undefined) {
      throw userError('42601', `partition column "${name}" has a value, but "${dynamic}" before it has none`, {
        position: statement.partition!.position,
        hint: 'Give values to the first partition columns only.',
      });
    }
  }
}

/** PostgreSQL's messages name relations without their schema. */
function unqualified(displayName: string): string {
  return displayName.slice(displayName.lastIndexOf('.') + 1);
}

export function columnNamed(
  table: TableRelation,
  name: Identifier,
  constants: ReadonlyMap<string, unknown>,
): ColumnDefinition {
  const names = table.columns.map((candidate) => candidate.name);
  const spelled = spelledName(names, name, name.position);
  const column = table.columns.find((candidate) => candidate.name === spelled);
  if (column === undefined) {
    throw userError('42703', `column "${name.name}" of relation "${unqualified(table.displayName)}" does not exist`, {
      position: name.position,
      hint: nearestNameHint(name.name, names, `Its columns are ${names.join(', ')}.`),
    });
  }
  if (constants.has(column.name)) {
    throw userError('42701', `column "${name.name}" specified more than once`, {
      position: name.position,
      hint: 'Its value is given by PARTITION already.',
    });
  }
  return column;
}

function assertTargetsNamedOnce(written: readonly Identifier[], columns: readonly ColumnDefinition[]): void {
  const seen = new Set<string>();
  for (const [i, { position }] of written.entries()) {
    const { name } = columns[i]!;
    if (seen.has(name)) throw userError('42701', `column "${name}" specified more than once`, { position });
    seen.add(name);
  }
}

/** The types that the query's columns are cast to; fails when there are more or fewer columns than the table takes. */
export async function suppliedTypes(
  context: StatementContext,
  target: InsertTarget,
  statement: InsertStatement,
  source: Query,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<SqlType[]> {
  const { columns } = await describeQueryOf(context, source, parameterTypes);
  const { supplied, table } = target;
  const tooFew = columns.length < supplied.length;
  if (
    columns.length > supplied.length ||
    (tooFew && statement.columns.length > 0) ||
    (tooFew && table.partitionColumns.length > 0)
  ) {
    const names = supplied.map((column) => column.name).join(', ');
    throw userError(
      '42601',
      `INSERT has ${tooFew ? 'more target columns than expressions' : 'more expressions than target columns'}`,
      {
        position: tooFew ? statement.columns[columns.length]?.position : outputPosition(source, supplied.length),
        hint: `The query has ${columns.length} columns; it must supply (${names}).`,
      },
    );
  }
  const given = supplied.slice(0, columns.length);
  // Of VALUES each has been looked at.
  if (statement.source !== undefined && source.body.kind !== 'values') {
    for (const [i, column] of given.entries()) {
      if (column.identity !== undefined && statement.overriding !== undefined) continue;
      assertAssignable(column, { kind: 'columnReference', position: outputPosition(source, i) ?? 0 }, 'insert');
    }
  }
  return given.map((column) => column.type);
}

/** For the planner: what the query's columns are assigned to. */
export function targetOptions(
  target: InsertTarget,
  types: readonly SqlType[],
): { readonly targetTypes: readonly SqlType[]; readonly targetNames: readonly string[] } {
  return { targetTypes: types, targetNames: target.supplied.map(({ name }) => name) };
}
