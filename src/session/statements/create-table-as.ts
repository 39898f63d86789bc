import type { ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
import type { TableWriter } from '../../catalog/table-write.js';
import { userError } from '../../common/errors.js';
import type { CreateTableAsStatement, Query } from '../../parser/index.js';
import type { ConstantExpression, Expression } from '../../planner/expression.js';
import type { SqlType } from '../../types/sql-type.js';
import type { StatementResult } from '../statement-result.js';
import { assertNamedOnce, definitionOf, tableOptions, tellIgnored, unlessExists } from './definition-statements.js';
import { castTo, columnOf, itemAs, selectOf, subqueryOf } from './make-syntax.js';
import { warnOfKeys, withKeyColumns, withPrimaryKeys } from './primary-keys.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, sinkPlan, writeResult } from './table-sink.js';

export async function createTableAs(
  context: StatementContext,
  statement: CreateTableAsStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { catalog } = context.session;
  const address = await catalog.locateNew(statement.name, statement.temporary);
  const { lake, name } = address;
  const types = parameters.map(({ type }) => type);
  const query = await castQuery(context, statement, types);
  const { definition, ordinals } = await definitionOfQuery(context, { ...statement, query }, types);
  const { orReplace } = statement;
  // Begun before the query is planned: with OR REPLACE it may read the table.
  let write: TableWriter | undefined;
  await unlessExists(context, statement.ifNotExists, name.name, async () => {
    write = await lake.beginCreateTable(name, definition, { orReplace });
  });
  if (write === undefined) return withoutRows();
  const begun = write;
  warnOfKeys(context, statement);
  tellIgnored(context, statement);
  const mode = { kind: orReplace ? 'replace table' : 'append' } as const;
  return await abortOnFailure(begun, async () => {
    const { plan } = await planQueryOf(context, query, parameters);
    if (!statement.withData) {
      await begun.commit([], mode);
      return withoutRows();
    }
    const expressions = definition.columns.map(
      ({ type }, index): Expression => ({ kind: 'column', type, column: ordinals[index]! }),
    );
    const sink = sinkPlan(context, plan, { name: name.name, definition }, expressions, begun);
    return writeResult(sink, begun, mode, 'SELECT');
  });
}

function withoutRows(): StatementResult {
  return { kind: 'done', completion: { command: 'CREATE TABLE AS', rowCount: undefined } };
}

/** The query with its columns cast to the types that the statement gives them. */
async function castQuery(
  context: StatementContext,
  { query, columns }: CreateTableAsStatement,
  parameterTypes: readonly SqlType[],
): Promise<Query> {
  if (columns.every(({ type }) => type === undefined)) return query;
  const described = await describeQueryOf(context, query, parameterTypes);
  const names = described.columns.map((_, index) => `column${index}`);
  const items = described.columns.map(({ name }, index) => {
    const type = columns[index]?.type;
    const value = columnOf(QUERY_NAME, names[index]!);
    return itemAs(type === undefined ? value : castTo(value, type), columns[index]?.name.name ?? name);
  });
  return selectOf(items, [subqueryOf(query, QUERY_NAME, names)], undefined);
}

const QUERY_NAME = 'query';

/** The table that the query's columns make, and where in the query each of its columns is. */
async function definitionOfQuery(
  context: StatementContext,
  statement: CreateTableAsStatement,
  types: readonly SqlType[],
): Promise<{ readonly definition: TableDefinition; readonly ordinals: readonly number[] }> {
  const described = await describeQueryOf(context, statement.query, types);
  if (statement.columns.length > described.columns.length) {
    throw userError('42601', 'too many column names were specified', { position: statement.columns[0]!.name.position });
  }
  const columns = described.columns.map(
    ({ name, type }, index): ColumnDefinition => ({
      name: statement.columns[index]?.name.name ?? name,
      type: type.kind === 'unknown' ? { kind: 'text' } : type,
      nullable: statement.columns[index]?.notNull !== true,
    }),
  );
  const names = columns.map(({ name }) => name);
  assertNamedOnce(names, statement.query.position);
  const table = { name: statement.name.parts.at(-1)!.name, columns, checks: [], primaryKey: undefined };
  const primaryKey = withPrimaryKeys(table, statement);
  const keyed = withKeyColumns(columns, primaryKey);
  const defined = definitionOf(keyed, statement.partitionedBy, tableOptions(statement.options));
  const comment = statement.comment?.value;
  const definition = { ...defined, comment, ...(primaryKey !== undefined && { primaryKey }) };
  if (definition.columns.length !== columns.length) {
    throw userError('42601', 'PARTITIONED BY adds a column that the query does not have', {
      position: statement.partitionedBy[0]!.position,
      hint: 'Name columns of the query, without a type.',
    });
  }
  return { definition, ordinals: definition.columns.map(({ name }) => names.indexOf(name)) };
}
