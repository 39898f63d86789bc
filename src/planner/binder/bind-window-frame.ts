import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { canCast, commonType } from '../../types/coercion.js';
import { BIGINT, DOUBLE, decimal, formatType, type SqlType } from '../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../expression.js';
import { callByName } from '../logical/call-by-name.js';
import { refer, textConstant } from '../logical/expression-tree.js';
import { type LogicalNode, SINGLE_ROW } from '../logical/logical-plan.js';
import { freeColumnsOf } from '../logical/plan-tree.js';
import type { SortKey } from '../physical/physical-plan.js';
import type { FrameBound, WindowFrame } from '../window-call.js';
import { type ExpressionContext, type PendingApply, unsupported, withSubqueries } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { applyOperator, compare } from './bind-operator.js';
import { coerce } from './coerce.js';
import { foldIfConstant } from './fold.js';
import { EMPTY_NAMESPACE } from './scope.js';

const EXCLUSIONS = { 'current row': 'currentRow', group: 'group', ties: 'ties' } as const;
/** No window has more rows: offsets beyond it mean the same. */
const MAX_DISTANCE = 2 ** 31 - 1;

/** A frame clause over rows in this order; `position` is where the window begins. */
export function bindFrame(
  ast: Ast.WindowFrame,
  orderBy: readonly SortKey[],
  position: number,
  at: ExpressionContext,
): WindowFrame {
  const exclude = ast.exclude && EXCLUSIONS[ast.exclude];
  const hasOffset = ast.start.offset !== undefined || ast.end.offset !== undefined;
  if (ast.unit === 'groups' && orderBy.length === 0) {
    throw userError('42P20', 'GROUPS mode requires an ORDER BY clause', {
      position,
      hint: 'Groups are rows that agree in the ORDER BY of the window.',
    });
  }
  if (ast.unit !== 'range' || !hasOffset) {
    return { unit: ast.unit, start: bindBound(ast.start, ast, at), end: bindBound(ast.end, ast, at), exclude };
  }
  const [key, ...others] = orderBy;
  if (!key || others.length > 0) {
    throw userError('42P20', 'RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column', {
      position,
      hint: 'The offset is added to the value of that column; ROWS and GROUPS count instead.',
    });
  }
  const start = bindRangeBound(ast.start, key, at);
  const end = bindRangeBound(ast.end, key, at);
  const values = [start, end].flatMap((bound) => (bound.kind === 'value' ? [bound.expression.type] : []));
  const type = commonType([...values, widenedType(key.expression.type)], 'RANGE');
  const same = (bound: FrameBound): FrameBound =>
    bound.kind === 'value' ? { ...bound, expression: cast(bound.expression, type) } : bound;
  return { unit: 'range', start: same(start), end: same(end), exclude, key: cast(key.expression, type) };
}

function bindBound(ast: Ast.FrameBound, frame: Ast.WindowFrame, at: ExpressionContext): FrameBound {
  if (ast.offset === undefined) return unboundedOrCurrent(ast);
  const unit = frame.unit.toUpperCase();
  const subqueries: PendingApply[] = [];
  const expression = bindOffset(ast.offset, unit, { ...at, subqueries });
  if (expression.type.kind !== 'unknown' && !canCast(expression.type, BIGINT, 'assignment')) {
    const message = `argument of ${unit} must be type bigint, not type ${formatType(expression.type)}`;
    throw userError('42804', message, { position: ast.offset.position });
  }
  const coerced = coerce(at.context, expression, BIGINT, ast.offset.position, 'assignment');
  const folded = foldIfConstant(at.context, coerced, ast.offset.position);
  if (folded.kind === 'parameter') return { kind: 'offset', distance: 0 };
  if (folded.kind !== 'constant') {
    const count = computedOnce(folded, subqueries, at, unit, ast.offset.position);
    return { kind: 'offset', distance: ast.bound === 'preceding' ? -1 : 1, count };
  }
  const offset = folded.value;
  const which = ast === frame.start ? 'starting' : 'ending';
  if (offset === null) throw nullOffsetError(which, ast);
  if (Number(offset) < 0) {
    throw userError('22013', `frame ${which} offset must not be negative`, { position: ast.offset.position });
  }
  const distance = Math.min(Number(offset), MAX_DISTANCE);
  return { kind: 'offset', distance: ast.bound === 'preceding' ? -distance : distance };
}

function unboundedOrCurrent({ bound }: Ast.FrameBound): FrameBound {
  if (bound === 'unbounded preceding') return { kind: 'unboundedPreceding' };
  return { kind: bound === 'unbounded following' ? 'unboundedFollowing' : 'currentRow' };
}

/** Offsets may not refer to columns: they are the same for all rows. */
function bindOffset(ast: Ast.Expression, unit: string, at: ExpressionContext): Expression {
  const names = { ...at.scope, namespace: EMPTY_NAMESPACE };
  const inside = { ...at, scope: names, clause: `window ${unit}`, aggregates: undefined };
  try {
    return bindExpression(ast, inside);
  } catch (thrown) {
    if (ast.kind !== 'columnReference') throw thrown;
    throw userError('42P10', `argument of ${unit} must not contain variables`, {
      position: ast.position,
      hint: 'Give it as a number or a parameter.',
    });
  }
}

/** A column that has the value of an expression, which is computed once and not for each row. */
function computedOnce(
  expression: Expression,
  inside: readonly PendingApply[],
  { subqueries, context: { ids } }: ExpressionContext,
  unit: string,
  position: number,
): Expression {
  const column = ids.column('offset', expression.type, true);
  const input = withSubqueries(SINGLE_ROW, inside);
  const right: LogicalNode = { kind: 'project', input, items: [{ column, expression }] };
  if (!subqueries || freeColumnsOf(right).size > 0) {
    throw unsupported(`an argument of ${unit} that depends on an outer query`, position, CONSTANT_HINT);
  }
  subqueries.push({ joinKind: 'single', right, conditions: [] });
  return refer(column);
}

const CONSTANT_HINT = 'Give it as a number or a parameter.';

function nullOffsetError(which: string, ast: Ast.FrameBound): Error {
  return userError('22004', `frame ${which} offset must not be null`, { position: ast.offset!.position });
}

/** The value of the key where the frame begins or ends: the key of the current row plus or minus the offset. */
function bindRangeBound(ast: Ast.FrameBound, key: SortKey, at: ExpressionContext): FrameBound {
  if (ast.offset === undefined) return unboundedOrCurrent(ast);
  const { context } = at;
  const { position } = ast.offset;
  const type = offsetTypeOf(key.expression.type);
  const subqueries: PendingApply[] = [];
  const written = bindOffset(ast.offset, 'RANGE', { ...at, subqueries });
  const what = `RANGE with offset PRECEDING/FOLLOWING is not supported for column type ${formatType(key.expression.type)}`;
  if (!type) throw userError('0A000', what, { position });
  if (written.type.kind !== 'unknown' && !accepts(type, written.type)) {
    throw userError('0A000', `${what} and offset type ${formatType(written.type)}`, {
      position,
      hint: 'Cast the offset value to an appropriate type.',
    });
  }
  // A numeric keeps its own scale.
  const wanted = type.kind === 'decimal' && written.type.kind === 'decimal' ? written.type : type;
  const given = coerce(context, written, wanted, position);
  const isOfTime = key.expression.type.kind === 'time';
  const offset = foldIfConstant(context, isOfTime ? clockOf(given, at, position) : given, position);
  if (offset.kind === 'constant') checkRangeOffset(offset, ast);
  const isComputed = offset.kind !== 'constant' && offset.kind !== 'parameter';
  const distance = isComputed ? computedOnce(offset, subqueries, at, 'RANGE', position) : offset;
  const symbol = (ast.bound === 'preceding') === key.descending ? '+' : '-';
  const operand = widened(key.expression);
  const sum = applyOperator(context, symbol, operand, cast(distance, widenedType(offset.type)), position);
  if (!isComputed) return { kind: 'value', expression: sum };
  const zero = coerce(context, { kind: 'constant', type: { kind: 'unknown' }, value: '0' }, offset.type, position);
  return { kind: 'value', expression: sum, isInvalid: compare(context, '<', distance, zero, position) };
}

/** The hours and what is smaller of an interval: beside times of the day, months and days do not count. */
function clockOf(interval: Expression, { context }: ExpressionContext, position: number): Expression {
  const day: ConstantExpression = textConstant('day');
  return applyOperator(context, '-', interval, callByName('date_trunc', [day, interval]), position);
}

/** What the offset is coerced to: as PostgreSQL has in_range functions. */
function offsetTypeOf(key: SqlType): SqlType | undefined {
  switch (key.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return BIGINT;
    case 'decimal':
      return key;
    case 'real':
    case 'double':
      return DOUBLE;
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return { kind: 'interval' };
    default:
      return undefined;
  }
}

function accepts(wanted: SqlType, given: SqlType): boolean {
  const whole = ['smallint', 'integer', 'bigint'];
  switch (wanted.kind) {
    case 'bigint':
      return whole.includes(given.kind);
    case 'decimal':
      return given.kind === 'decimal' || whole.includes(given.kind);
    case 'double':
      return given.kind === 'decimal' || given.kind === 'real' || given.kind === 'double' || whole.includes(given.kind);
    default:
      return given.kind === wanted.kind;
  }
}

function checkRangeOffset({ value }: ConstantExpression, ast: Ast.FrameBound): void {
  if (value === null) throw nullOffsetError(ast.bound === 'preceding' ? 'starting' : 'ending', ast);
  const isNegative =
    typeof value === 'object' && !(value instanceof Uint8Array)
      ? (BigInt(value.months) * 30n + BigInt(value.days)) * 86_400_000_000n + value.microseconds < 0n
      : typeof value === 'number' || typeof value === 'bigint'
        ? value < 0 || Number.isNaN(value)
        : false;
  if (isNegative) {
    throw userError('22013', 'invalid preceding or following size in window function', {
      position: ast.offset!.position,
    });
  }
}

/**
 * Whole numbers are added as numerics, which do not overflow: a bound beyond the type has all rows on one side. So do
 * intervals, where times of the day begin again at midnight.
 */
function widenedType(type: SqlType): SqlType {
  if (type.kind === 'smallint' || type.kind === 'integer' || type.kind === 'bigint') return decimal(19, 0);
  if (type.kind === 'time') return { kind: 'interval' };
  return type.kind === 'real' ? DOUBLE : type;
}

const widened = (expression: Expression): Expression => cast(expression, widenedType(expression.type));

function cast(input: Expression, type: SqlType): Expression {
  return formatType(input.type) === formatType(type) ? input : { kind: 'cast', type, input };
}
