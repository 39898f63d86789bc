import { notSupportedError, userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type * as Ast from '../../parser/index.js';
import { formatType, type SqlType, type StructType } from '../../types/sql-type.js';
import * as make from './make-syntax.js';

/** What stands behind the column that is assigned to, from left to right. */
export type Part = Ast.FieldExpression | Ast.SubscriptExpression | Ast.SliceExpression;

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

export function partsOf(expression: Ast.Expression | undefined): Part[] {
  if (expression?.kind !== 'field' && expression?.kind !== 'subscript' && expression?.kind !== 'slice') return [];
  return [...partsOf(expression.operand), expression];
}

/** A column's value with another one in a part of it. */
export function withPart(
  base: Ast.Expression,
  type: SqlType,
  parts: readonly Part[],
  value: Ast.Expression,
  column: Ast.Identifier,
): Ast.Expression {
  return changed(base, type, parts, newValue(parts[0]!, value, column), column);
}

function newValue(first: Part, value: Ast.Expression, column: Ast.Identifier): NewValue {
  const { position } = column;
  if (value.kind === 'defaultValue') {
    const what = first.kind === 'field' ? 'a subfield' : 'an array element';
    throw userError('0A000', `cannot set ${what} to DEFAULT`, { position });
  }
  return (type, last) => {
    const part = { position, field: last?.kind === 'field' ? last.field.name : undefined };
    return { kind: 'assigned', operand: value, column: column.name, type, part, position: value.position };
  };
}

/** More elements than this are put into the array one after the other. */
const MOST_WRITTEN = 1000;

/** An array of elements whose places are literals, with NULLs between them; undefined where they are others. */
export function arrayOfParts(
  type: SqlType,
  values: readonly { readonly parts: readonly Part[]; readonly value: Ast.Expression }[],
  column: Ast.Identifier,
): Ast.Expression | undefined {
  if (type.kind !== 'array') return undefined;
  const elements: Ast.Expression[] = [];
  for (const { parts, value } of values) {
    const [part, ...others] = parts;
    if (part?.kind !== 'subscript' || others.length > 0 || part.index.kind !== 'numericLiteral') return undefined;
    const place = Number(part.index.text);
    if (!Number.isInteger(place) || place < 1 || place > MOST_WRITTEN) return undefined;
    while (elements.length < place) elements.push({ kind: 'nullLiteral', position: column.position });
    elements[place - 1] = newValue(part, value, column)(type.element, part);
  }
  return { kind: 'array', elements, position: column.position };
}

/** The value of a part, given its type and what stands before it. */
type NewValue = (type: SqlType, last: Part | undefined) => Ast.Expression;

function changed(
  base: Ast.Expression,
  type: SqlType,
  [part, ...others]: readonly Part[],
  valueFor: NewValue,
  column: Ast.Identifier,
): Ast.Expression {
  const inner: NewValue = others.length === 0 ? (of) => valueFor(of, part) : valueFor;
  if (part === undefined) return valueFor(type, undefined);
  if (part.kind === 'field') {
    const change = (field: Ast.Expression, of: SqlType) => changed(field, of, others, inner, column);
    return withField(base, type, part.field.name, change, column);
  }
  if (type.kind === 'array' && part.kind === 'slice') {
    if (others.length > 0) {
      throw notSupportedError('assignment to a part of a slice is not supported', { position: column.position });
    }
    const bound = (which: 'first' | 'last'): Ast.Expression => make.call(`array_${which}_place`, [base]);
    const bounds = [part.lower ?? bound('first'), part.upper ?? bound('last')];
    return make.call('array_put_slice', [base, ...bounds, inner(type, part)]);
  }
  if (type.kind === 'array' && part.kind === 'subscript') {
    const element: Ast.Expression = { ...part, operand: base, isFurtherDimension: false };
    return make.call('array_put', [base, part.index, changed(element, type.element, others, inner, column)]);
  }
  if (type.kind === 'jsonb') return withMember(base, part, others, inner, column);
  throw userError('42804', `cannot subscript type ${formatType(type)} because it does not support subscripting`, {
    position: column.position,
  });
}

function withField(
  base: Ast.Expression,
  type: SqlType,
  name: string,
  change: (field: Ast.Expression, type: SqlType) => Ast.Expression,
  column: Ast.Identifier,
): Ast.Expression {
  const { position } = column;
  const assignment = `cannot assign to field "${name}" of column "${column.name}"`;
  if (type.kind !== 'struct') {
    const why = `its type ${formatType(type)} is not a composite type`;
    throw userError('42804', `${assignment} because ${why}`, { position });
  }
  const names = type.fields.map((field) => field.name);
  if (!names.includes(name)) {
    const why = `there is no such column in data type ${formatType(type)}`;
    const hint = nearestNameHint(name, names, `Its fields are ${names.join(', ')}.`);
    throw userError('42703', `${assignment} because ${why}`, { position, hint });
  }
  return { kind: 'row', elements: elementsOf(base, type, name, change), position };
}

function elementsOf(
  base: Ast.Expression,
  { fields }: StructType,
  name: string,
  change: (field: Ast.Expression, type: SqlType) => Ast.Expression,
): Ast.Expression[] {
  // What was put together for the part before is not taken apart again.
  const row = base.kind === 'assigned' ? base.operand : base;
  const known = row.kind === 'row' && row.elements.length === fields.length ? row.elements : [];
  return fields.map((field, i) => {
    const { position } = base;
    const old: Ast.Expression = known[i] ?? {
      kind: 'field',
      operand: base,
      field: make.identifier(field.name),
      position,
    };
    return field.name === name ? change(old, field.type) : old;
  });
}

/** A member of jsonb, and what it is in where that is missing; NULL is null. */
function withMember(
  base: Ast.Expression,
  part: Part,
  others: readonly Part[],
  valueFor: NewValue,
  column: Ast.Identifier,
): Ast.Expression {
  if (part.kind !== 'subscript') {
    throw userError('42804', 'jsonb has no fields that could be assigned to', {
      position: column.position,
      hint: "Write j['key'] = value.",
    });
  }
  const { position } = column;
  const json: SqlType = { kind: 'jsonb' };
  const old: Ast.Expression = { ...part, operand: base };
  const member = make.call('coalesce', [
    others.length === 0 ? valueFor(json, part) : changed(old, json, others, valueFor, column),
    make.castTo(make.text('null'), 'jsonb'),
  ]);
  const whole = make.call('coalesce', [base, make.castTo(make.text('{}'), 'jsonb')]);
  const path: Ast.Expression = { kind: 'array', elements: [make.castToText(part.index)], position };
  return make.call('jsonb_set', [whole, path, member]);
}
