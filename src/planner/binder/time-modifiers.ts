import { resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { INTEGER } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { unsupported } from './bind-context.js';

const MOST_DIGITS = 6;

/** What the precision of `timestamp(3)`, `time(0)` or `interval(2)` does to a value. Types themselves carry none. */
export function withTimePrecision(
  value: Expression,
  { modifiers, intervalFields, position }: Ast.TypeName,
): Expression {
  if (value.type.kind === 'interval' && intervalFields !== undefined) {
    const which = `${intervalFields.from} to ${intervalFields.to}`.replace(/^(\w+) to \1$/, '$1');
    throw unsupported(`a cast to interval ${which}`, position, 'Cast to interval, and cut with date_trunc.');
  }
  const isTime = ['timestamp', 'timestamptz', 'time', 'interval'].includes(value.type.kind);
  const [digits] = modifiers;
  if (!isTime || digits === undefined || digits >= MOST_DIGITS) return value;
  const unit: Expression = { kind: 'constant', type: INTEGER, value: 10 ** (MOST_DIGITS - digits) };
  const { overload, returns } = resolveScalarFunction('round_time', [value.type, INTEGER]);
  return { kind: 'call', type: returns, overload, args: [value, unit] };
}
