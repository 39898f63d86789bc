import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { BIGINT, BOOLEAN, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callByName } from '../logical/call-by-name.js';
import { caseBranch, isNullOf, orOf, TRUE } from '../logical/expression-tree.js';
import { type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import { applyOperator, type BindExpression, compare } from './bind-operator.js';
import { coerce } from './coerce.js';
import { commonTypeAt } from './common-type-at.js';

/** Spark's `a div b` and DuckDB's `a // b`, of integers: cut towards zero. */
export function bindIntegerDivision(
  ast: Ast.BinaryExpression,
  at: ExpressionContext,
  bind: BindExpression,
): Expression {
  const { left, right, operatorPosition: position } = ast;
  const operands = [bind(left, at), bind(right, at)] as const;
  const isInteger = ({ type: { kind } }: Expression): boolean =>
    kind === 'smallint' || kind === 'integer' || kind === 'bigint';
  if (!operands.every(isInteger)) {
    throw unsupported(`${ast.operator} of other numbers than integers`, position, 'Write trunc(a / b).');
  }
  const [dividend, divisor] = operands;
  const wide = ast.operator === 'div' ? coerce(at.context, dividend, BIGINT, left.position) : dividend;
  return applyOperator(at.context, '/', wide, divisor, position, [left.position, right.position]);
}

/** A stretch of time: its earlier end, whichever is there, and its later end, NULL if either is. */
interface Period {
  readonly start: Expression;
  readonly end: Expression;
}

/**
 * `(start, end) OVERLAPS (start, end)`, as PostgreSQL has it: an end may be an interval, ends may come in either order,
 * a stretch holds its start but not its end, unless it is a single moment.
 */
export function bindOverlaps(ast: Ast.BinaryExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const { left, right, operatorPosition: position } = ast;
  const parts = [left, right].flatMap((side) => {
    if (side.kind !== 'row' || side.elements.length !== 2) {
      const place = side === left ? 'left' : 'right';
      throw userError('42601', `wrong number of parameters on ${place} side of OVERLAPS expression`, {
        position: side.position,
      });
    }
    const [start, end] = side.elements.map((element) => bind(element, at)) as [Expression, Expression];
    return [start, end.type.kind === 'interval' ? applyOperator(at.context, '+', start, end, position) : end];
  });
  const type = commonTypeAt(
    parts.map((part) => part.type),
    'OVERLAPS',
    parts.map(() => position),
  );
  if (!['date', 'time', 'timestamp', 'timestamptz'].includes(type.kind)) {
    throw userError('42883', `function pg_catalog.overlaps does not exist for type ${type.kind}`, {
      position,
      hint: 'Both sides are two dates, times or timestamps, or one and an interval.',
    });
  }
  const ends = parts.map((part) => coerce(at.context, part, type, position));
  const [first, second] = [periodOf(ends[0]!, ends[1]!), periodOf(ends[2]!, ends[3]!)];
  const context = at.context;
  return {
    kind: 'case',
    type: BOOLEAN,
    branches: [
      caseBranch(compare(context, '>', first.start, second.start, position), reaches(context, second, first, position)),
      caseBranch(compare(context, '<', first.start, second.start, position), reaches(context, first, second, position)),
      caseBranch(orOf([isNullOf(first.end), isNullOf(second.end)]), unknown(BOOLEAN)),
      caseBranch(compare(context, '=', first.start, second.start, position), TRUE),
    ],
    otherwise: undefined,
  };
}

const unknown = (type: SqlType): Expression => ({ kind: 'constant', type, value: null });

function periodOf(one: Expression, other: Expression): Period {
  const { type } = one;
  const isOpen = orOf([isNullOf(one), isNullOf(other)]);
  const end: Expression = {
    kind: 'case',
    type,
    branches: [caseBranch(isOpen, unknown(type))],
    otherwise: callByName('greatest', [one, other]),
  };
  return { start: callByName('least', [one, other]), end };
}

/** Does the stretch that starts earlier reach into the later one? Where it does not, an unknown end of the later tells. */
function reaches(context: BindContext, earlier: Period, later: Period, position: number): Expression {
  const reached = compare(context, '>', earlier.end, later.start, position);
  const isOpen: Expression = { kind: 'and', type: BOOLEAN, operands: [isNullOf(later.end), unknown(BOOLEAN)] };
  return orOf([reached, isOpen]);
}
