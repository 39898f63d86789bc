import { notSupportedError, userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type * as Ast from '../../parser/index.js';
import { formatType, type SqlType, type StructType } from '../../types/sql-type.js';
import * as make from './make-syntax.js';

/** What stands behind the column that is assigned to, from left to right. */
type Part = Ast.FieldExpression | Ast.SubscriptExpression | Ast.SliceExpression;

export interface AssignedColumn {
  readonly column: Ast.Identifier;
  readonly parts: readonly Part[];
}

type Target = Pick<Ast.UpdateStatement, 'table' | 'alias'>;

/** The column that an assignment is to. As in Spark, `t.a = …` is one to the column `a`, if `t` is the table and no column. */
export function assignedColumn(
  { column, part }: Ast.Assignment,
  { table, alias }: Target,
  columns: readonly { readonly name: string }[],
): AssignedColumn {
  const parts = partsOf(part);
  const [first, ...others] = parts;
  const isTable = column.name === (alias?.name ?? table.parts.at(-1)!.name);
  if (first?.kind !== 'field' || !isTable || columns.some(({ name }) => name === column.name)) return { column, parts };
  return { column: first.field, parts: others };
}

function partsOf(expression: Ast.Expression | undefined): Part[] {
  if (expression?.kind !== 'field' && expression?.kind !== 'subscript' && expression?.kind !== 'slice') return [];
  return [...partsOf(expression.operand), expression];
}

/** A column's value with another one in a part of it. */
export function withPart(
  base: Ast.Expression,
  type: SqlType,
  [part, ...others]: readonly Part[],
  value: Ast.Expression,
  column: Ast.Identifier,
): Ast.Expression {
  if (part === undefined) {
    return { kind: 'assigned', operand: value, column: column.name, type, position: value.position };
  }
  if (part.kind === 'slice') {
    throw notSupportedError('assignment to a slice of an array is not supported', {
      position: column.position,
      hint: 'Put the array together: a = a[1:2] || array[7, 8] || a[5:].',
    });
  }
  if (part.kind === 'field')
    return withField(base, type, part.field, (field, of) => withPart(field, of, others, value, column));
  if (type.kind === 'array') {
    const element: Ast.Expression = { ...part, operand: base, isFurtherDimension: false };
    return make.call('array_put', [base, part.index, withPart(element, type.element, others, value, column)]);
  }
  if (type.kind === 'jsonb') return withMember(base, part, others, value, column);
  throw userError('42804', `cannot subscript type ${formatType(type)} because it does not support subscripting`, {
    position: column.position,
  });
}

function withField(
  base: Ast.Expression,
  type: SqlType,
  { name, position }: Ast.Identifier,
  change: (field: Ast.Expression, type: SqlType) => Ast.Expression,
): Ast.Expression {
  if (type.kind !== 'struct') {
    throw userError(
      '42804',
      `cannot assign to field "${name}" because its type ${formatType(type)} is not a composite type`,
      {
        position,
      },
    );
  }
  const names = type.fields.map((field) => field.name);
  if (!names.includes(name)) {
    throw userError(
      '42703',
      `cannot assign to field "${name}" because there is no such column in data type ${formatType(type)}`,
      {
        position,
        hint: nearestNameHint(name, names, `Its fields are ${names.join(', ')}.`),
      },
    );
  }
  return { kind: 'row', elements: elementsOf(base, type, name, change), position };
}

function elementsOf(
  base: Ast.Expression,
  { fields }: StructType,
  name: string,
  change: (field: Ast.Expression, type: SqlType) => Ast.Expression,
): Ast.Expression[] {
  return fields.map((field) => {
    const { position } = base;
    const old: Ast.Expression = { kind: 'field', operand: base, field: make.identifier(field.name), position };
    return field.name === name ? change(old, field.type) : old;
  });
}

/** A member of jsonb, and what it is in where that is missing; NULL is null. */
function withMember(
  base: Ast.Expression,
  part: Part,
  others: readonly Part[],
  value: Ast.Expression,
  column: Ast.Identifier,
): Ast.Expression {
  if (part.kind !== 'subscript') {
    throw userError('42804', 'jsonb has no fields that could be assigned to', {
      position: column.position,
      hint: "Write j['key'] = value.",
    });
  }
  const { position } = value;
  const json: SqlType = { kind: 'jsonb' };
  const old: Ast.Expression = { ...part, operand: base };
  const member = make.call('coalesce', [
    withPart(old, json, others, value, column),
    make.castTo(make.text('null'), 'jsonb'),
  ]);
  const whole = make.call('coalesce', [base, make.castTo(make.text('{}'), 'jsonb')]);
  const path: Ast.Expression = { kind: 'array', elements: [make.castToText(part.index)], position };
  return make.call('jsonb_set', [whole, path, member]);
}
