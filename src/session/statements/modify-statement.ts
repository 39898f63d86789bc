import { formatPartitionValue } from '../../catalog/partition-value.js';
import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { PartitionValue, TableRelation } from '../../catalog/table-snapshot.js';
import type { WriteMode } from '../../catalog/table-write.js';
import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import { decodeTextRows } from '../../exec/result/decode-text-rows.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression, Expression } from '../../planner/expression.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { formatType, type SqlType } from '../../types/sql-type.js';
import type { StatementResult } from '../statement-result.js';
import { defaultSyntaxOf } from './column-defaults.js';
import * as make from './make-syntax.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, compressionOf, namingRelation, sinkPlan, writeResult } from './table-sink.js';

type ModifyStatement = Ast.DeleteStatement | Ast.UpdateStatement;

/** Beyond this many partitions the table is written anew as a whole. */
const MAX_PARTITIONS = 500;
const SOURCE_ALIAS = 'source of the update';

/**
 * DELETE and UPDATE. Files are never changed: the partitions that may have rows that are meant are written anew, all of a
 * table without partitions, as one commit. If no row is meant, nothing is written.
 */
export async function modify(
  context: StatementContext,
  statement: ModifyStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const command = statement.kind.toUpperCase();
  const table = await getTable(context, statement.table, statement.kind === 'delete' ? 'delete from' : 'update');
  // Begun before anything is read: a commit in between is a conflict.
  const write = await context.session.catalog.lakeOf(table).beginWrite(table);
  return await abortOnFailure(write, async () => {
    await assertUnambiguous(context, statement, parameters);
    const matches = matchingRows(statement);
    const { plan: matching } = await planQueryOf(
      context,
      make.query([make.one], [make.target(statement)], matches),
      parameters,
    );
    const count = await countRows(context, statement, matches, parameters);
    if (count === 0) {
      await write.abort();
      return { kind: 'done', completion: { command, rowCount: 0 } };
    }
    const partitions = movesRows(statement, table) ? undefined : partitionsOf(matching, table);
    const query =
      statement.kind === 'delete'
        ? remainingRows(statement, table, matches, partitions)
        : updatedRows(statement, table, partitions);
    const { plan } = await planQueryOf(context, query, parameters, {
      targetTypes: table.columns.map(({ type }) => type),
      targetNames: table.columns.map(({ name }) => name),
    });
    const expressions = table.columns.map(({ type }, column): Expression => ({ kind: 'column', type, column }));
    const names = table.partitionColumns.map(({ name }) => name);
    const sink = sinkPlan(plan, table.columns, expressions, names, write, compressionOf(table.definition));
    const mode: WriteMode =
      partitions === undefined ? { kind: 'overwrite table' } : { kind: 'overwrite partitions', partitions };
    const result = writeResult(sink, write, mode, command);
    if (result.kind !== 'write') return result;
    const commit: typeof result.commit = async (running) => {
      await result.commit(running);
      return { command, rowCount: count };
    };
    const relation = statement.table.parts.at(-1)!.name;
    return { ...result, commit, explain: (error) => namingRelation(error, relation) };
  });
}

/** The types of its parameters. */
export async function describeModify(
  context: StatementContext,
  statement: ModifyStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<readonly SqlType[]> {
  const table = await getTable(context, statement.table, statement.kind === 'delete' ? 'delete from' : 'update');
  const values = statement.kind === 'delete' ? [] : [...valuesByColumn(statement, table).values()];
  const from = [make.target(statement), ...statement.others];
  const query = make.query([make.one, ...values], from, statement.where);
  return (await describeQueryOf(context, query, parameterTypes)).parameterTypes;
}

/** Which rows of the table are meant; undefined for all. */
function matchingRows({ where, others, position }: ModifyStatement): Ast.Expression | undefined {
  if (others.length === 0) return where;
  return { kind: 'exists', position, query: make.query([make.one], others, where) };
}

/** A name that is in the table and in USING or FROM means neither, as it would side by side with them. */
async function assertUnambiguous(
  context: StatementContext,
  statement: ModifyStatement,
  parameters: readonly ConstantExpression[],
): Promise<void> {
  if (statement.others.length === 0) return;
  const query = make.query([make.one], [make.target(statement), ...statement.others], statement.where);
  await describeQueryOf(
    context,
    query,
    parameters.map(({ type }) => type),
  );
}

async function countRows(
  context: StatementContext,
  statement: ModifyStatement,
  matches: Ast.Expression | undefined,
  parameters: readonly ConstantExpression[],
): Promise<number> {
  const query = make.query([make.countAll], [make.target(statement)], matches);
  const { plan } = await planQueryOf(context, query, parameters);
  const running = context.engine.executor.start(plan, { format: { kind: 'postgres', formatCodes: [0] } });
  context.onCancel?.((reason) => running.cancel(reason));
  let count = 0;
  for await (const { bytes } of running.chunks()) {
    for (const [text] of decodeTextRows(bytes)) count = Number(text);
  }
  return count;
}

/** Does a row move into another partition? Which one is not known. */
function movesRows(statement: ModifyStatement, { partitionColumns }: TableRelation): boolean {
  if (statement.kind === 'delete') return false;
  return statement.assignments.some(({ column }) => partitionColumns.some(({ name }) => name === column.name));
}

/** The partitions that the files of a plan are in; undefined where the table has none, or too many have to be named. */
function partitionsOf(plan: PhysicalNode, table: TableRelation): (readonly PartitionValue[])[] | undefined {
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

/** Of these partitions, all that a DELETE leaves. */
function remainingRows(
  statement: Ast.DeleteStatement,
  table: TableRelation,
  matches: Ast.Expression | undefined,
  partitions: readonly (readonly PartitionValue[])[] | undefined,
): Ast.Query {
  const items = table.columns.map(({ name }) => make.column(statement, name));
  const stays = make.isNotTrue(matches ?? make.truth);
  const within = withinPartitions(statement, table, partitions);
  return make.query(items, [make.target(statement)], within === undefined ? stays : make.and([within, stays]));
}

/** Of these partitions all rows, with new values where they are meant. */
function updatedRows(
  statement: Ast.UpdateStatement,
  table: TableRelation,
  partitions: readonly (readonly PartitionValue[])[] | undefined,
): Ast.Query {
  const values = valuesByColumn(statement, table);
  const within = withinPartitions(statement, table, partitions);
  const { others, where } = statement;
  const target = make.target(statement);
  if (others.length === 0) {
    const items = table.columns.map((column) => {
      const value = values.get(column.name);
      const old = make.column(statement, column.name);
      if (value === undefined) return old;
      return where === undefined ? value : make.choice(where, value, old);
    });
    return make.query(items, [target], within);
  }
  // Of several rows of FROM that match any one counts, as in PostgreSQL.
  const changed = [...values.keys()];
  const source = make.query([make.truth, ...changed.map((name) => values.get(name)!)], others, where, { limit: 1 });
  const names = ['found', ...changed.map((_, index) => `value ${index + 1}`)];
  const joined = make.leftJoin(target, make.lateral(source, SOURCE_ALIAS, names));
  const found = make.columnOf(SOURCE_ALIAS, 'found');
  const items = table.columns.map(({ name }) => {
    const old = make.column(statement, name);
    const index = changed.indexOf(name);
    return index < 0 ? old : make.choice(found, make.columnOf(SOURCE_ALIAS, names[index + 1]!), old);
  });
  return make.query(items, [joined], within);
}

function valuesByColumn(
  { assignments, table: name }: Ast.UpdateStatement,
  table: TableRelation,
): ReadonlyMap<string, Ast.Expression> {
  const values = new Map<string, Ast.Expression>();
  for (const { column, value } of assignments) {
    const definition = table.columns.find((known) => known.name === column.name);
    if (definition === undefined) {
      const names = table.columns.map((known) => known.name);
      throw userError('42703', `column "${column.name}" of relation "${name.parts.at(-1)!.name}" does not exist`, {
        position: column.position,
        hint: nearestNameHint(column.name, names, `Its columns are ${names.join(', ')}.`),
      });
    }
    if (values.has(column.name)) {
      throw userError('42601', `multiple assignments to same column "${column.name}"`, { position: column.position });
    }
    values.set(column.name, assigned(definition, value));
  }
  return values;
}

function assigned(column: ColumnDefinition, value: Ast.Expression): Ast.Expression {
  const operand = value.kind === 'defaultValue' ? defaultSyntaxOf(column, value.position) : value;
  return { kind: 'assigned', operand, column: column.name, type: column.type, position: value.position };
}

function withinPartitions(
  statement: ModifyStatement,
  { partitionColumns }: TableRelation,
  partitions: readonly (readonly PartitionValue[])[] | undefined,
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
