import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter, WriteMode } from '../../catalog/table-write.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { StatementResult } from '../statement-result.js';
import { droppingOnFailure, keepRows, keptColumn, runSink } from './kept-rows.js';
import * as make from './make-syntax.js';
import {
  IS_MEANT,
  type ModifyStatement,
  markedRows,
  numberedBy,
  overwriting,
  type Partitions,
  withinPartitions,
} from './modified-rows.js';
import { withoutNumbers, withWantedNumbers } from './numbered-kept.js';
import { countRows } from './query-rows.js';
import { planQueryOf } from './query-statement.js';
import {
  keptResult,
  otherRelations,
  type ReturningRelation,
  returningQuery,
  returningResult,
  targetRelation,
} from './returning.js';
import type { StatementContext } from './statement-context.js';
import { namingRelation, tableSink } from './table-sink.js';

/**
 * DELETE and UPDATE whose rows are needed more than once: by RETURNING, by numbers of identity columns, or by the count where
 * the condition is volatile. The
 * rows of the partitions that are written anew are kept, as they will be, with what is known of FROM or USING, so that all
 * of it is computed once.
 */
export async function modifyKept(
  context: StatementContext,
  statement: ModifyStatement,
  table: TableRelation,
  { write, partitions }: { readonly write: TableWriter; readonly partitions: Partitions },
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { returning } = statement;
  const scope = [make.target(statement), ...statement.others];
  const types = parameters.map(({ type }) => type);
  const others = returning === undefined ? [] : await otherRelations(context, statement.others, scope, types);
  const query = keptQuery(statement, table, others, withinPartitions(statement, table, partitions));
  const planned = await planQueryOf(context, query, parameters);
  const relation = statement.table.parts.at(-1)!.name;
  const columns = planned.columns.map(({ name, type }, i) => table.columns[i] ?? { name, type, nullable: true });
  const numbered = statement.kind === 'update' ? numberedBy(statement, table) : [];
  const wanted = new Map(numbered.map((name) => [name, keptColumn(IS_MEANT)]));
  const computed = await keepRows(context, planned, withoutNumbers(columns, wanted)).catch((error: unknown) => {
    throw namingRelation(error, relation);
  });
  const kept = await withWantedNumbers(context, table, computed, columns, wanted);
  return await droppingOnFailure(kept, async () => {
    const { rows } = kept;
    const isMeant = keptColumn(IS_MEANT);
    const rowCount = await countRows(context, make.query([make.countAll], [rows], isMeant));
    const stays = statement.kind === 'delete' ? make.isNotTrue(isMeant) : undefined;
    const values = table.columns.map(({ name }) => keptColumn(name));
    const { plan } = await planQueryOf(context, make.query(values, [rows], stays), []);
    const files = rowCount === 0 ? [] : await runSink(context, tableSink(context, plan, table, write));
    const mode: WriteMode = rowCount === 0 ? { kind: 'append' } : overwriting(partitions);
    const written = { write, files, mode, command: statement.kind.toUpperCase(), rowCount };
    if (returning === undefined) return await keptResult(kept, written);
    const relations = [targetRelation(statement, table), ...others];
    const returned = returningQuery(returning, rows, relations, isMeant);
    return await returningResult(context, returned, parameters, kept, written);
  });
}

/** Columns of the table, `is meant`, and columns of the other relations: those of one row that matches. */
function keptQuery(
  statement: ModifyStatement,
  table: TableRelation,
  others: readonly ReturningRelation[],
  within: Ast.Expression | undefined,
): Ast.Query {
  const { from, items, isMeant, ofOthers } = markedRows(statement, table, others);
  return make.selectOf([...items, make.itemAs(make.isTrue(isMeant), IS_MEANT), ...ofOthers], from, within);
}
