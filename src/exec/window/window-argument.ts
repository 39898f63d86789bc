import { bugError } from '../../common/errors.js';
import type { Expression } from '../../planner/expression.js';
import type { WindowContext } from './window-context.js';

/** An integer argument as kernels take it: in the row at `offset`, or, where that is 0, the constant. */
export interface WindowArgument {
  readonly offset: number;
  readonly validityOffset: number;
  readonly constant: number;
}

/** Offsets and numbers: `absent` where there is no argument. */
export function argumentOf(context: WindowContext, expression: Expression | undefined, absent: number): WindowArgument {
  if (expression === undefined) return { offset: 0, validityOffset: 0, constant: absent };
  if (expression.kind === 'constant') return { offset: 0, validityOffset: 0, constant: Number(expression.value) };
  if (expression.kind !== 'column') throw bugError('an argument of a window function is not a column');
  const { offset, validityOffset } = context.slotOf(expression.column);
  return { offset, validityOffset, constant: 0 };
}
