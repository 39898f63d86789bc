import { bugError } from '../../common/errors.js';
import type { AggregateCall, Expression } from '../expression.js';
import { mapOperands } from '../logical/expression-tree.js';
import { mapCall } from '../logical/plan-tree.js';

/** Where each column id stands in a row. */
export class Ordinals {
  private readonly positions: ReadonlyMap<number, number>;

  constructor(ids: readonly number[]) {
    const positions = new Map<number, number>();
    ids.forEach((id, i) => {
      if (!positions.has(id)) positions.set(id, i);
    });
    this.positions = positions;
  }

  of(id: number): number {
    const position = this.positions.get(id);
    if (position === undefined) throw bugError(`column ${id} is not in the input of the operator that reads it`);
    return position;
  }

  /** The expression with ordinals for ids. */
  resolve(expression: Expression): Expression {
    if (expression.kind === 'column') return { ...expression, column: this.of(expression.column) };
    return mapOperands(expression, (operand) => this.resolve(operand));
  }

  resolveCall(call: AggregateCall): AggregateCall {
    return mapCall(call, (expression) => this.resolve(expression));
  }
}
