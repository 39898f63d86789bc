import type { Expression } from './expression.js';
import { formatExpression, functionOf, type NameColumn } from './format-expression.js';
import type { SortKey } from './physical/physical-plan.js';
import { DEFAULT_FRAME, type FrameBound, isDefaultFrame, type WindowCall } from './window-call.js';

/** Only what differs from the default: NULLs last when ascending, first when descending. */
function nullsText(descending: boolean, nullsFirst: boolean): string {
  return descending === nullsFirst ? '' : ` nulls ${nullsFirst ? 'first' : 'last'}`;
}

export function formatSortKey(key: SortKey, nameOf: NameColumn): string {
  const { expression, descending, nullsFirst } = key;
  return `${formatExpression(expression, nameOf)}${descending ? ' desc' : ''}${nullsText(descending, nullsFirst)}`;
}

/** The call, without what follows OVER, with its frame if that is not the default. */
export function formatWindowCall(call: WindowCall, nameOf: NameColumn): string {
  const format = (expression: Expression): string => formatExpression(expression, nameOf);
  const { aggregate, frame } = call;
  const written = frame === DEFAULT_FRAME || isDefaultFrame(frame) ? '' : ` ${formatFrame(call, format)}`;
  if (!aggregate) {
    const nulls = call.ignoreNulls ? ' ignore nulls' : '';
    return `${call.name}(${call.args.map(format).join(', ')})${nulls}${written}`;
  }
  const args = aggregate.args.length === 0 ? '*' : aggregate.args.map(format).join(', ');
  const filter = aggregate.filter ? ` filter (${format(aggregate.filter)})` : '';
  return `${functionOf(aggregate.overload)}(${args})${filter}${written}`;
}

const EXCLUSIONS = { currentRow: ' exclude current row', group: ' exclude group', ties: ' exclude ties' } as const;

function formatFrame({ frame }: WindowCall, format: (expression: Expression) => string): string {
  const exclude = frame.exclude ? EXCLUSIONS[frame.exclude] : '';
  return `${frame.unit} ${formatBound(frame.start, format)} to ${formatBound(frame.end, format)}${exclude}`;
}

function formatBound(bound: FrameBound, format: (expression: Expression) => string): string {
  switch (bound.kind) {
    case 'unboundedPreceding':
      return 'unbounded preceding';
    case 'unboundedFollowing':
      return 'unbounded following';
    case 'currentRow':
      return 'current row';
    case 'offset':
      if (bound.count) return `${format(bound.count)} ${bound.distance < 0 ? 'preceding' : 'following'}`;
      return `${Math.abs(bound.distance)} ${bound.distance <= 0 ? 'preceding' : 'following'}`;
    case 'value':
      return format(bound.expression);
  }
}
