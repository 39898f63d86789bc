import type * as Ast from '../../parser/ast/index.js';
import { INTEGER, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callByName } from '../logical/call-by-name.js';
import { textConstant } from '../logical/expression-tree.js';

const MOST_DIGITS = 6;

/** What the precision of `timestamp(3)`, `time(0)` or `interval(2)` does to a value. Types themselves carry none; columns of tables remember theirs. */
export function withTimePrecision(value: Expression, { modifiers, intervalFields }: Ast.TypeName): Expression {
  if (value.type.kind === 'interval' && intervalFields !== undefined && intervalFields.to !== 'second') {
    return cutInterval(value, intervalFields.to);
  }
  return roundedTime(value, timePrecisionOf(value.type, modifiers));
}

/** `interval day to minute` keeps what is larger than a day, too: only what comes behind its last field is cut. */
function cutInterval(value: Expression, field: string): Expression {
  return callByName('date_trunc', [textConstant(field), value]);
}

/** The precision that a type name gives a time, unless it is the finest. */
export function timePrecisionOf({ kind }: SqlType, [digits]: readonly number[]): number | undefined {
  const isTime = ['timestamp', 'timestamptz', 'time', 'interval'].includes(kind);
  return isTime && digits !== undefined && digits < MOST_DIGITS ? digits : undefined;
}

export function roundedTime(value: Expression, digits: number | undefined): Expression {
  if (digits === undefined) return value;
  const unit: Expression = { kind: 'constant', type: INTEGER, value: 10 ** (MOST_DIGITS - digits) };
  return callByName('round_time', [value, unit]);
}
