import type { ConstantExpression } from '../../planner/expression.js';
import type { ValuesNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { writeConstant } from '../rows/write-constant.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';

/** Rows that stand in the query text. One lane hands them on. */
export class ValuesSource implements Source {
  private readonly context: LaneContext;
  private readonly node: ValuesNode;
  private readonly next: Operator;
  private readonly counters: OperatorCounters;
  private done = 0;

  constructor(context: LaneContext, node: ValuesNode, next: Operator) {
    this.context = context;
    this.node = node;
    this.next = next;
    this.counters = createCounters(context, node.id);
  }

  restart(): void {
    this.done = 0;
  }

  step(): boolean {
    if (this.done === 0 && this.context.block.takeMorsel(this.context.pipeline) > 0) return false;
    const rows = this.node.rows.slice(this.done, this.done + BATCH_ROWS);
    if (rows.length === 0) return false;
    this.done += rows.length;
    const columns = this.node.columns.map((column, ordinal) => this.makeVector(rows, ordinal, column.type));
    this.counters.addBatch(rows.length);
    this.next.push({ rowCount: rows.length, columns });
    return this.done < this.node.rows.length;
  }

  private makeVector(rows: readonly (readonly ConstantExpression[])[], ordinal: number, type: SqlType): Vector {
    const { shared, scope } = this.context;
    const physical = physicalTypeOf(type);
    const width = byteWidthOf(physical);
    const data = scope.allocateCleared(rows.length * width);
    const validity = scope.allocate(rows.length);
    let hasNulls = false;
    for (const [row, values] of rows.entries()) {
      const { value } = values[ordinal]!;
      shared.u8[validity + row] = value === null ? 0 : 1;
      if (value === null) hasNulls = true;
      else writeConstant(shared, scope, physical, value, data + row * width);
    }
    const vector = new Vector(physical);
    vector.setFlat(data, hasNulls ? validity : 0);
    return vector;
  }
}
