import { resolveAggregateFunction, resolveOperator } from '../../../functions/registry.js';
import type { SqlType } from '../../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { expressionKey, refer } from '../../logical/expression-tree.js';
import type { LogicalAggregate, LogicalAggregateItem, LogicalNode, ProjectItem } from '../../logical/logical-plan.js';
import type { NodeRule, RuleContext } from '../rule.js';

/**
 * Several sums of one value, each with another constant added, are computed from one sum and one count of it:
 *
 *     sum(x), sum(x + 1), sum(x - 2)   →   s, s + 1 * n, s + -2 * n   over   sum(x) as s, count(x) as n
 *
 * Integers only, and only where no addition can overflow by its type (x is a smallint, the sum is of integers, say): the
 * error would be lost. Two results are computed instead of what there was, so there must be three at least.
 */
export const shiftedSums: NodeRule = {
  name: 'shifted-sums',
  description: 'Computes sums of one value with constants added from one sum and one count.',
  traversal: 'down',
  rewrite(node, context) {
    if (node.kind !== 'aggregate') return undefined;
    const families = new Map<string, ShiftedSum[]>();
    for (const item of node.aggregates) {
      const sum = shiftedSumOf(item);
      if (sum === undefined) continue;
      const { filter } = item.call;
      const key = `${expressionKey(sum.value)} ${filter ? expressionKey(filter) : ''}`;
      families.set(key, [...(families.get(key) ?? []), sum]);
    }
    const worthwhile = [...families.values()].filter((sums) => sums.length > 2);
    return worthwhile.length === 0 ? undefined : computedOnce(node, worthwhile, context);
  },
};

/** The sum of `value + shift`. */
interface ShiftedSum {
  readonly item: LogicalAggregateItem;
  readonly value: Expression;
  readonly shift: bigint;
}

function shiftedSumOf(item: LogicalAggregateItem): ShiftedSum | undefined {
  const { call, distinct } = item;
  const [argument] = call.args;
  if (distinct || functionOf(call.overload) !== 'sum' || argument === undefined) return undefined;
  if (argument.type.kind !== 'smallint' && argument.type.kind !== 'integer') return undefined;
  const shifted = argument.kind === 'call' ? shiftedValue(functionOf(argument.overload), argument.args) : undefined;
  const { value, shift } = shifted ?? { value: argument, shift: 0n };
  const narrow = value.kind === 'cast' && value.input.type.kind === 'smallint' ? value.input : value;
  return shift !== 0n && canOverflow(narrow.type, shift, argument.type) ? undefined : { item, value: narrow, shift };
}

function shiftedValue(
  operator: string,
  [left, right]: readonly Expression[],
): { readonly value: Expression; readonly shift: bigint } | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '+' && left.kind === 'constant') return shiftedBy(right, left, 1n);
  if ((operator === '+' || operator === '-') && right.kind === 'constant') {
    return shiftedBy(left, right, operator === '+' ? 1n : -1n);
  }
  return undefined;
}

function shiftedBy(value: Expression, { value: constant }: ConstantExpression, sign: bigint) {
  return typeof constant === 'number' ? { value, shift: sign * BigInt(constant) } : undefined;
}

const BITS: Partial<Record<SqlType['kind'], bigint>> = { smallint: 15n, integer: 31n };

/** Can a value of one type, with `shift` added, leave the other? */
function canOverflow(valueType: SqlType, shift: bigint, type: SqlType): boolean {
  const [valueBits, bits] = [BITS[valueType.kind], BITS[type.kind]];
  if (valueBits === undefined || bits === undefined) return true;
  const [least, greatest] = [-(2n ** valueBits), 2n ** valueBits - 1n];
  return least + shift < -(2n ** bits) || greatest + shift >= 2n ** bits;
}

function computedOnce(
  node: LogicalAggregate,
  families: readonly (readonly ShiftedSum[])[],
  { ids }: RuleContext,
): LogicalNode {
  const computed = new Map<number, Expression>();
  const added: LogicalAggregateItem[] = [];
  const add = (name: string, { item, value }: ShiftedSum): LogicalAggregateItem => {
    const { overload, returns } = resolveAggregateFunction(name, [value.type]);
    const call = { overload, type: returns, args: [value], filter: item.call.filter };
    const made: LogicalAggregateItem = { column: ids.column(name, returns, true), call, distinct: false };
    added.push(made);
    return made;
  };
  for (const sums of families) {
    const sum = refer(add('sum', sums[0]!).column);
    const count = refer(add('count', sums[0]!).column);
    for (const { item, shift } of sums) computed.set(item.column.id, shiftedResult(sum, count, shift));
  }
  const kept = node.aggregates.filter(({ column }) => !computed.has(column.id));
  const items = [...node.groupKeys, ...node.aggregates].map(
    ({ column }): ProjectItem => ({ column, expression: computed.get(column.id) ?? refer(column) }),
  );
  return { kind: 'project', input: { ...node, aggregates: [...kept, ...added] }, items };
}

/** Of no values the sum is NULL, and so is this. */
function shiftedResult(sum: Expression, count: Expression, shift: bigint): Expression {
  if (shift === 0n) return sum;
  const factor: Expression = { kind: 'constant', type: { kind: 'bigint' }, value: shift };
  return operation('+', sum, operation('*', factor, count));
}

function operation(symbol: string, left: Expression, right: Expression): Expression {
  const { overload, returns } = resolveOperator(symbol, left.type, right.type);
  return { kind: 'call', type: returns, overload, args: [left, right] };
}
