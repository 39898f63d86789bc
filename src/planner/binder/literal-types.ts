import { decimalTypeOfLiteral } from '../../types/decimal-rules.js';
import type { SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';

const DECIMAL_TEXT = /^\s*[+-]?((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/i;

/**
 * Types of operands that are to get one type, or to be computed with. Beside a numeric, an untyped literal counts as the
 * numeric that it would be without quotes: with static scales, `1.5 = '1.54'` would otherwise round the literal to the
 * one digit of the other. NULL fits any length: beside a varchar(n) or char(n) it is one.
 */
export function operandTypes(operands: readonly Expression[]): SqlType[] {
  const types = operands.map(({ type }) => type);
  if (!types.some(({ kind }) => kind === 'unknown')) return types;
  const limited = types.find(({ kind }) => kind === 'varchar' || kind === 'char');
  const typed = limited === undefined ? types : types.map((type, i) => (isUntypedNull(operands[i]!) ? limited : type));
  if (!types.some(({ kind }) => kind === 'decimal')) return typed;
  return operands.map((operand, i) => literalType(operand) ?? typed[i]!);
}

function isUntypedNull(operand: Expression): boolean {
  return operand.kind === 'constant' && operand.type.kind === 'unknown' && operand.value === null;
}

function literalType(operand: Expression): SqlType | undefined {
  if (operand.kind !== 'constant' || operand.type.kind !== 'unknown' || operand.value === null) return undefined;
  const text = DECIMAL_TEXT.exec(String(operand.value))?.[1];
  return text === undefined ? undefined : decimalTypeOfLiteral(text.toLowerCase());
}
