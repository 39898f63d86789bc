import { userError } from '../../common/errors.js';
import type { Identifier } from '../../parser/ast/index.js';
import { BOOLEAN, formatType, INTEGER, type SqlType, type StructType } from '../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../expression.js';
import { isNullOf, TRUE } from '../logical/expression-tree.js';
import { spelledName } from './spelling.js';

export function fieldOf(
  operand: Expression,
  type: StructType,
  field: Pick<Identifier, 'name' | 'quoted'>,
  position: number,
): Expression {
  const names = type.fields.map(({ name }) => name);
  const name = spelledName(names, field, position);
  if (name === undefined) {
    throw userError('42703', `could not identify column "${field.name}" in record data type`, {
      position,
      hint: `Its fields are ${names.map((each) => `"${each}"`).join(', ')}.`,
    });
  }
  return fieldAt(operand, type, names.indexOf(name));
}

export function fieldAt(operand: Expression, type: StructType, index: number): Expression {
  // Of a row that is only put together to be taken apart.
  if (operand.kind === 'call' && operand.overload === 'row(any...)') return operand.args[index]!;
  const number: ConstantExpression = { kind: 'constant', type: INTEGER, value: index + 1 };
  return {
    kind: 'call',
    type: type.fields[index]!.type,
    overload: 'struct_field(struct,integer)',
    args: [operand, number],
  };
}

/** IS [NOT] NULL of a row: all its fields are, or are not; a row of both is neither. NULL instead of a row is NULL. */
export function nullTestOf(row: Expression, negated: boolean): Expression {
  if (row.type.kind !== 'struct') return isNullOf(row, negated);
  const { type } = row;
  const tests = type.fields.map((_, index) => isNullOf(fieldAt(row, type, index), negated));
  if (tests.length === 1) return tests[0]!;
  // All fields of a row without any are NULL, and none is.
  if (tests.length === 0) return negated ? isNullOf(row, true) : TRUE;
  return { kind: 'and', type: BOOLEAN, operands: tests };
}

/** The type of a row that `.*` stands behind. */
export function assertRow(type: SqlType, position: number): asserts type is StructType {
  if (type.kind === 'struct') return;
  throw userError('42809', `type ${formatType(type)} is not composite`, {
    position,
    hint: 'A star expands a table, or a value that is a row.',
  });
}
