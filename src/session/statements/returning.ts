import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter, WriteMode, WrittenFile } from '../../catalog/table-write.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { QueryDescription } from '../../planner/plan-query.js';
import type { SqlType } from '../../types/sql-type.js';
import type { CommandCompletion } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { type KeptRows, keptColumn } from './kept-rows.js';
import * as make from './make-syntax.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import { assertOfOneRow } from './row-clauses.js';
import type { StatementContext } from './statement-context.js';

/** A name that RETURNING may use, and its columns: those of the rows that were kept, by their names there. */
export interface ReturningRelation {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly kept: string }[];
}

/**
 * What RETURNING asks of rows that were kept and are read as `rows`. Each relation becomes an entry of FROM
 * that has its columns and no others; `*` means the columns of all, in their order.
 */
export function returningQuery(
  items: readonly Ast.SelectItem[],
  rows: Ast.Relation,
  relations: readonly ReturningRelation[],
  condition: Ast.Expression | undefined,
  order?: Ast.Expression,
): Ast.Query {
  for (const item of items) if (item.kind === 'selectExpression') assertOfOneRow(item.expression, 'RETURNING');
  const entries = relations.map(({ name, columns }) => {
    const values = columns.map(({ kept }) => keptColumn(kept));
    return make.lateral(
      make.query(values, [], undefined),
      name,
      columns.map((column) => column.name),
    );
  });
  const expanded = items.flatMap((item): Ast.SelectItem[] => {
    if (item.kind !== 'star' || item.qualifier.length > 0 || item.row !== undefined) return [item];
    return relations.map(({ name }) => ({ ...item, qualifier: [make.identifier(name)] }));
  });
  const query = make.selectOf(expanded, [rows, ...entries], condition);
  return order === undefined ? query : make.ordered(query, order);
}

/** The table's columns under the name that the statement has for it. */
export function targetRelation(
  { table, alias }: { readonly table: Ast.QualifiedName; readonly alias?: Ast.Identifier | undefined },
  { columns }: TableRelation,
): ReturningRelation {
  const name = alias?.name ?? table.parts.at(-1)!.name;
  return { name, columns: columns.map((column) => ({ name: column.name, kept: column.name })) };
}

/** Names of other entries of FROM, with all their columns; `prefix` tells what was kept of them from the table's columns. */
export async function otherRelations(
  context: StatementContext,
  others: readonly Ast.Relation[],
  scope: readonly Ast.Relation[],
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<ReturningRelation[]> {
  const relations: ReturningRelation[] = [];
  for (const name of others.flatMap(namesOf)) {
    const query = make.selectOf([make.star(name)], scope, undefined);
    const { columns } = await describeQueryOf(context, query, parameterTypes);
    relations.push({ name, columns: columns.map((column, i) => ({ name: column.name, kept: `${name} ${i + 1}` })) });
  }
  return relations;
}

/** The names that an entry of FROM gives to what it has. */
function namesOf(relation: Ast.Relation): string[] {
  if ('alias' in relation && relation.alias !== undefined) return [relation.alias.name.name];
  switch (relation.kind) {
    case 'table':
      return [relation.name.parts.at(-1)!.name];
    case 'join':
      return [...namesOf(relation.left), ...namesOf(relation.right)];
    case 'function':
      return [relation.call.name.parts.at(-1)!.name];
    case 'sample':
      return namesOf(relation.relation);
    default:
      return [];
  }
}

/** The columns that a statement with RETURNING gives, and the types of parameters. */
export async function describeReturning(
  context: StatementContext,
  items: readonly Ast.SelectItem[],
  relations: readonly Ast.Relation[],
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<QueryDescription> {
  return await describeQueryOf(context, make.selectOf(items, relations, undefined), parameterTypes);
}

export interface KeptWrite {
  readonly write: TableWriter;
  readonly files: readonly WrittenFile[];
  readonly mode: WriteMode;
  readonly command: string;
  readonly rowCount: number;
}

/** The end of a statement whose rows were kept, without RETURNING. */
export async function keptResult(kept: KeptRows, written: KeptWrite): Promise<StatementResult> {
  return { kind: 'done', completion: await publish(kept, written) };
}

async function publish(
  kept: KeptRows,
  { write, files, mode, command, rowCount }: KeptWrite,
): Promise<CommandCompletion> {
  if (files.length === 0 && mode.kind === 'append') await write.abort();
  else await write.commit(files, mode);
  await kept.drop();
  return { command, rowCount };
}

/** The rows of RETURNING; what was written is published when they have been given. */
export async function returningResult(
  context: StatementContext,
  query: Ast.Query,
  parameters: readonly ConstantExpression[],
  kept: KeptRows,
  written: KeptWrite,
): Promise<StatementResult> {
  const { plan } = await planQueryOf(context, query, parameters);
  return {
    kind: 'returning',
    plan,
    commit: () => publish(kept, written),
    abort: async () => {
      await written.write.abort();
      await kept.drop();
    },
  };
}
