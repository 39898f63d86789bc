import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter, WriteMode } from '../../catalog/table-write.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { StatementResult } from '../statement-result.js';
import { droppingOnFailure, keepRows, keptColumn, runSink } from './kept-rows.js';
import * as make from './make-syntax.js';
import {
  type ModifyStatement,
  matchingRows,
  movesRows,
  partitionsOf,
  valuesByColumn,
  withinPartitions,
} from './modified-rows.js';
import { countRows } from './query-rows.js';
import { planQueryOf } from './query-statement.js';
import {
  otherRelations,
  type ReturningRelation,
  returningQuery,
  returningResult,
  targetRelation,
} from './returning.js';
import type { StatementContext } from './statement-context.js';
import { namingRelation, tableSink } from './table-sink.js';

const SOURCE_ALIAS = 'source of the statement';
const IS_MEANT = 'is meant';

/**
 * DELETE and UPDATE with RETURNING: the rows of the partitions that are written anew are kept, as they will be, with what
 * is known of FROM or USING, so that all of it is computed once.
 */
export async function modifyReturning(
  context: StatementContext,
  statement: ModifyStatement,
  table: TableRelation,
  write: TableWriter,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const target = make.target(statement);
  const matches = matchingRows(statement);
  const { plan: matching } = await planQueryOf(context, make.query([make.one], [target], matches), parameters);
  const partitions = movesRows(statement, table) ? undefined : partitionsOf(matching, table);
  const scope = [target, ...statement.others];
  const types = parameters.map(({ type }) => type);
  const others = await otherRelations(context, statement.others, scope, types);
  const query = keptQuery(statement, table, others, withinPartitions(statement, table, partitions));
  const planned = await planQueryOf(context, query, parameters);
  const relation = statement.table.parts.at(-1)!.name;
  const columns = planned.columns.map(({ name, type }, i) => table.columns[i] ?? { name, type, nullable: true });
  const kept = await keepRows(context, planned, columns).catch((error: unknown) => {
    throw namingRelation(error, relation);
  });
  return await droppingOnFailure(kept, async () => {
    const { rows } = kept;
    const isMeant = keptColumn(IS_MEANT);
    const rowCount = await countRows(context, make.query([make.countAll], [rows], isMeant));
    const stays = statement.kind === 'delete' ? make.isNotTrue(isMeant) : undefined;
    const values = table.columns.map(({ name }) => keptColumn(name));
    const { plan } = await planQueryOf(context, make.query(values, [rows], stays), []);
    const files = rowCount === 0 ? [] : await runSink(context, tableSink(context, plan, table, write));
    const mode: WriteMode =
      rowCount === 0
        ? { kind: 'append' }
        : partitions === undefined
          ? { kind: 'overwrite table' }
          : { kind: 'overwrite partitions', partitions };
    const relations = [targetRelation(statement, table), ...others];
    const returned = returningQuery(statement.returning!, rows, relations, isMeant);
    const command = statement.kind.toUpperCase();
    return await returningResult(context, returned, parameters, kept, { write, files, mode, command, rowCount });
  });
}

/** Columns of the table, `is meant`, and columns of the other relations: those of one row that matches. */
function keptQuery(
  statement: ModifyStatement,
  table: TableRelation,
  others: readonly ReturningRelation[],
  within: Ast.Expression | undefined,
): Ast.Query {
  const changes = statement.kind === 'update' ? valuesByColumn(statement, table) : new Map<string, Ast.Expression>();
  const target = make.target(statement);
  const { where } = statement;
  if (statement.others.length === 0) {
    const items = table.columns.map(({ name }) => {
      const old = make.column(statement, name);
      const value = changes.get(name);
      const chosen = value === undefined ? old : where === undefined ? value : make.choice(where, value, old);
      return make.itemAs(chosen, name);
    });
    const isMeant = make.itemAs(make.isTrue(where ?? make.truth), IS_MEANT);
    return make.selectOf([...items, isMeant], [target], within);
  }
  const changed = [...changes.keys()];
  const taken = others.flatMap(({ name, columns }) => columns.map((column) => ({ ...column, relation: name })));
  const source = make.selectOf(
    [
      make.itemAs(make.truth, IS_MEANT),
      ...changed.map((name) => make.itemAs(changes.get(name)!, `value of ${name}`)),
      ...others.map(({ name }) => make.star(name)),
    ],
    statement.others,
    where,
    { limit: 1 },
  );
  const names = [IS_MEANT, ...changed.map((name) => `value of ${name}`), ...taken.map(({ kept }) => kept)];
  const joined = make.leftJoin(target, make.lateral(source, SOURCE_ALIAS, names));
  const isMeant = make.columnOf(SOURCE_ALIAS, IS_MEANT);
  const items = table.columns.map(({ name }) => {
    const old = make.column(statement, name);
    if (!changes.has(name)) return make.itemAs(old, name);
    return make.itemAs(make.choice(isMeant, make.columnOf(SOURCE_ALIAS, `value of ${name}`), old), name);
  });
  const known = taken.map(({ kept }) => make.itemAs(make.columnOf(SOURCE_ALIAS, kept), kept));
  return make.selectOf([...items, make.itemAs(make.isTrue(isMeant), IS_MEANT), ...known], [joined], within);
}
