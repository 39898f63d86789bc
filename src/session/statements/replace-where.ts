import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { InsertStatement } from '../../parser/index.js';
import type { ParquetSinkNode } from '../../planner/physical/physical-plan.js';
import { planRowPredicates } from '../../planner/plan-row-expressions.js';
import { sourceText } from './column-defaults.js';
import * as make from './make-syntax.js';
import { plannerContext } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

const CLAUSE = { one: 'REPLACE WHERE', many: 'REPLACE WHERE' };

/** INSERT INTO … REPLACE WHERE: rows that the same statement would not replace again are an error (44000). */
export function conformingRows(
  context: StatementContext,
  { replaceWhere, alias, table: name }: InsertStatement,
  { columns }: TableRelation,
  sink: ParquetSinkNode,
): ParquetSinkNode {
  if (replaceWhere === undefined) return sink;
  const table = name.parts.at(-1)!.name;
  const [predicate] = planRowPredicates(
    [make.isNotTrue(replaceWhere.condition)],
    { names: [alias?.name ?? table], columns },
    plannerContext(context),
    CLAUSE,
  );
  const violation = { table, constraint: '', replaceWhere: sourceText(context, replaceWhere), predicate: predicate! };
  return { ...sink, violations: [...(sink.violations ?? []), violation] };
}
