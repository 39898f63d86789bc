import type { PartitionPredicate, TableRelation } from '../../catalog/table-snapshot.js';
import { userError } from '../../common/errors.js';
import type { PartitionClause } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { partitionConstant } from './insert-statement.js';
import type { StatementContext } from './statement-context.js';

/** Partitions whose values are those of the clause; columns without a value may have any. */
export async function partitionPredicate(
  context: StatementContext,
  clause: PartitionClause,
  table: TableRelation,
  parameters: readonly ConstantExpression[],
): Promise<PartitionPredicate | undefined> {
  const { partitionColumns, displayName } = table;
  const wanted = new Map<number, ConstantExpression>();
  for (const entry of clause.entries) {
    const index = partitionColumns.findIndex((column) => column.name === entry.column.name);
    if (index < 0) {
      const names = partitionColumns.map((column) => column.name);
      throw userError('42703', `column "${entry.column.name}" is not a partition column of "${displayName}"`, {
        position: entry.column.position,
        hint: names.length === 0 ? 'The table is not partitioned.' : `Its partition columns are ${names.join(', ')}.`,
      });
    }
    if (entry.value === undefined) continue;
    wanted.set(index, await partitionConstant(context, entry, partitionColumns[index]!, parameters));
  }
  return (values) => [...wanted].every(([index, { value }]) => index >= values.length || values[index] === value);
}
