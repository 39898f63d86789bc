import { formatValue } from '../functions/format-value.js';
import { formatType, TIMESTAMP } from '../types/sql-type.js';
import type { ConstantExpression, Expression, LambdaExpression } from './expression.js';
import { parametersOf } from './logical/expression-tree.js';

/** How a column reference is shown: by name in EXPLAIN, by name and id in logical plans. */
export type NameColumn = (column: number) => string;

/** SQL-like text of a bound expression, for EXPLAIN and plan tests. */
export function formatExpression(expression: Expression, nameOf: NameColumn): string {
  const inner = (operand: Expression): string => {
    const text = formatExpression(operand, nameOf);
    return needsParentheses(operand) ? `(${text})` : text;
  };
  switch (expression.kind) {
    case 'column':
      return nameOf(expression.column);
    case 'constant':
      return formatConstant(expression);
    case 'parameter':
      return `$${expression.index + 1}`;
    case 'variable':
      return expression.name;
    case 'lambda':
      return formatLambda(expression, nameOf);
    case 'comparison':
      return `${inner(expression.left)} ${expression.operator.toUpperCase()} ${inner(expression.right)}`;
    case 'and':
    case 'or':
      return formatLogical(expression.operands, expression.kind, nameOf);
    case 'not':
      return `NOT ${inner(expression.input)}`;
    case 'isNull':
      return `${inner(expression.input)} IS ${expression.negated ? 'NOT ' : ''}NULL`;
    case 'booleanTest':
      return `${inner(expression.input)} IS ${expression.negated ? 'NOT ' : ''}${String(expression.value).toUpperCase()}`;
    case 'case': {
      const branches = expression.branches.map(
        ({ when, then }) => `WHEN ${formatExpression(when, nameOf)} THEN ${formatExpression(then, nameOf)}`,
      );
      const otherwise = expression.otherwise ? ` ELSE ${formatExpression(expression.otherwise, nameOf)}` : '';
      return `CASE ${branches.join(' ')}${otherwise} END`;
    }
    case 'coalesce':
      return `COALESCE(${expression.operands.map((operand) => formatExpression(operand, nameOf)).join(', ')})`;
    case 'inList':
      return `${inner(expression.input)} ${expression.negated ? 'NOT ' : ''}IN (${formatItems(expression.items)})`;
    case 'cast':
      return `${inner(expression.input)}::${formatType(expression.type)}`;
    case 'call':
      return formatCall(expression.overload, expression.args, nameOf, inner);
  }
}

/** Operands joined by AND or OR, with parentheses around those that are joined by the other. */
export function formatLogical(operands: readonly Expression[], kind: 'and' | 'or', nameOf: NameColumn): string {
  const other = kind === 'and' ? 'or' : 'and';
  return operands
    .map((operand) => {
      const text = formatExpression(operand, nameOf);
      return operand.kind === other && operands.length > 1 ? `(${text})` : text;
    })
    .join(` ${kind.toUpperCase()} `);
}

const MAX_ITEMS = 10;

function formatItems(items: readonly ConstantExpression[]): string {
  const shown = items.slice(0, MAX_ITEMS).map(formatConstant);
  if (items.length > MAX_ITEMS) shown.push(`… ${items.length - MAX_ITEMS} more`);
  return shown.join(', ');
}

function formatCall(
  overload: string,
  args: readonly Expression[],
  nameOf: NameColumn,
  inner: (operand: Expression) => string,
): string {
  const name = functionOf(overload);
  const isOperator = !/^\w/.test(name);
  if (isOperator && args.length === 2) return `${inner(args[0]!)} ${name} ${inner(args[1]!)}`;
  if (isOperator && args.length === 1) return `${name}${inner(args[0]!)}`;
  return `${name}(${args.map((arg) => formatExpression(arg, nameOf)).join(', ')})`;
}

/** `transform(a, (x, i) -> x + i)`. */
function formatLambda(lambda: LambdaExpression, nameOf: NameColumn): string {
  const names = parametersOf(lambda).map(({ name }) => name);
  const parameters = names.length === 1 ? names[0]! : `(${names.join(', ')})`;
  const values = [lambda.array, ...(lambda.start ? [lambda.start] : [])].map((value) =>
    formatExpression(value, nameOf),
  );
  return `${lambda.form}(${values.join(', ')}, ${parameters} -> ${formatExpression(lambda.body, nameOf)})`;
}

/** The name of a function or operator, from the id of an overload. */
export function functionOf(overload: string): string {
  const end = overload.indexOf('(');
  return end < 0 ? overload : overload.slice(0, end);
}

function needsParentheses(expression: Expression): boolean {
  switch (expression.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
    case 'variable':
    case 'lambda':
    case 'coalesce':
    case 'case':
    case 'cast':
      return false;
    case 'call':
      return !/^\w/.test(functionOf(expression.overload));
    default:
      return true;
  }
}

/** A constant as a SQL literal. */
export function formatConstant({ type, value }: ConstantExpression): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return String(value).toUpperCase();
  switch (type.kind) {
    case 'decimal':
      return scaled(value as bigint, type.scale);
    case 'date':
      return `'${formatValue(value as number, type)}'::date`;
    case 'timestamp':
    case 'timestamptz':
      return `'${formatValue(value as bigint, TIMESTAMP)}'::${type.kind}`;
    case 'interval': {
      if (typeof value !== 'object' || value instanceof Uint8Array) break;
      return `interval '${value.months} mons ${value.days} days ${Number(value.microseconds) / 1e6} secs'`;
    }
    case 'array':
    case 'struct':
    case 'map':
      return `'${formatValue(value as Uint8Array, type).replaceAll("'", "''")}'::${formatType(type)}`;
    case 'bytea':
      if (value instanceof Uint8Array)
        return `'\\x${Array.from(value, (b) => b.toString(16).padStart(2, '0')).join('')}'`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

function scaled(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
