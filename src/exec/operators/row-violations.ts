import { userError } from '../../common/errors.js';
import type { RowViolation } from '../../planner/physical/physical-plan.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { Filter } from '../expression/filter.js';
import type { LaneContext } from './operator.js';

/** CHECK constraints, and the condition of REPLACE WHERE, of rows that are about to be written. */
export class RowViolations {
  private readonly filters: readonly { readonly violation: RowViolation; readonly filter: Filter }[];
  private readonly selection: number;

  constructor(context: LaneContext, violations: readonly RowViolation[]) {
    this.filters = violations.map((violation) => ({
      violation,
      filter: new Filter(context.expressions, violation.predicate),
    }));
    this.selection = context.scope.allocate(BATCH_ROWS * 4);
  }

  /** Fails (23514; 44000 of REPLACE WHERE) if a row breaks one of them. */
  check(batch: Batch): void {
    for (const { violation, filter } of this.filters) {
      if (filter.select(batch, this.selection) === 0) continue;
      const { table, constraint, replaceWhere } = violation;
      if (replaceWhere !== undefined) {
        const written = 'written data does not conform to partial table overwrite condition or constraint';
        throw userError('44000', `${written} '${replaceWhere}'`, {
          hint: 'Write rows for which it is true, or add them by an INSERT of their own.',
        });
      }
      throw userError('23514', `new row for relation "${table}" violates check constraint "${constraint}"`, {
        hint: 'Write rows for which it is true or NULL, or drop the constraint with ALTER TABLE … DROP CONSTRAINT.',
      });
    }
  }
}
