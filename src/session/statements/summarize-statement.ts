import type { QualifiedName, Query, SummarizeStatement } from '../../parser/index.js';
import { parseStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { typeCategory } from '../../types/coercion.js';
import { formatType, type SqlType } from '../../types/sql-type.js';
import type { ResultColumn } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** SUMMARIZE: a row for each column of a table or query, as DuckDB has it. It is a query of its own. */
export async function summarize(
  context: StatementContext,
  statement: SummarizeStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const types = parameters.map(({ type }) => type);
  const query = await summaryOf(context, statement, types);
  const { plan } = await withoutPositions(() => planQueryOf(context, query, parameters));
  return { kind: 'rows', plan, command: 'SUMMARIZE' };
}

export async function describeSummary(
  context: StatementContext,
  statement: SummarizeStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<{ readonly parameterTypes: readonly SqlType[]; readonly columns: readonly ResultColumn[] }> {
  const query = await summaryOf(context, statement, parameterTypes);
  return await withoutPositions(() => describeQueryOf(context, query, parameterTypes));
}

async function summaryOf(
  context: StatementContext,
  { target }: SummarizeStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Query> {
  const source = sourceOf(context, target);
  const described = await describeQueryOf(context, target.kind === 'query' ? target : queryOf(source), parameterTypes);
  const names = described.columns.map((_, index) => `c${index + 1}`);
  const rows = described.columns.map((column, index) => rowOf(column, names[index]!, index));
  return queryOf(`with s (${names.join(', ')}) as (${source})
    select column_name, column_type, min, max, approx_unique, avg, std, q25, q50, q75, count, null_percentage
    from (${rows.join(' union all ')}) as summary order by place`);
}

function rowOf({ name, type }: ResultColumn, column: string, place: number): string {
  const category = typeCategory(type.kind);
  const isNumber = category === 'number';
  const isOrdered = isNumber || ['string', 'datetime', 'timespan'].includes(category);
  const isCountable = isOrdered || type.kind === 'boolean' || type.kind === 'uuid';
  const number = (text: string): string => (isNumber ? `(${text})::text` : 'null::text');
  const quantile = (fraction: number): string =>
    number(`percentile_cont(${fraction}) within group (order by ${column}::double precision)`);
  return `select ${place} as place, ${literal(name)} as column_name, ${literal(formatType(type))} as column_type,
    ${isOrdered ? `min(${column})::text` : 'null::text'} as min, ${isOrdered ? `max(${column})::text` : 'null::text'} as max,
    ${isCountable ? `approx_count_distinct(${column})` : 'null::bigint'} as approx_unique,
    ${number(`avg(${column}::double precision)`)} as avg, ${number(`stddev_samp(${column}::double precision)`)} as std,
    ${quantile(0.25)} as q25, ${quantile(0.5)} as q50, ${quantile(0.75)} as q75, count(*) as count,
    round(100.0 * (count(*) - count(${column})) / nullif(count(*), 0), 2) as null_percentage from s`;
}

function sourceOf({ sql, sqlOffset }: StatementContext, target: QualifiedName | Query): string {
  if (target.kind === 'query') return sql.slice(target.position - sqlOffset, target.end - sqlOffset);
  return `select * from ${target.parts.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join('.')}`;
}

function queryOf(text: string): Query {
  const statement = parseStatement(text);
  if (statement.kind !== 'queryStatement') throw new TypeError('a SELECT is a query');
  return statement.query;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
