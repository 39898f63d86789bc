import { BOOLEAN } from '../../types/sql-type.js';
import { compareConstants, compareTruth } from '../compare-constants.js';
import type { ComparisonOperator, ConstantExpression, Expression } from '../expression.js';
import { expressionKey, FALSE } from '../logical/expression-tree.js';
import { isVolatile } from './volatility.js';

/** A conjunct that compares an expression with constants. */
interface Constraint {
  readonly input: Expression;
  /** The comparison, or `in` and `not in`. */
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
  readonly items: readonly ConstantExpression[];
  readonly conjunct: Expression;
}

const MIRRORED: Partial<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function constraintOf(conjunct: Expression): Constraint | undefined {
  if (conjunct.kind === 'inList') {
    const { input, items, negated } = conjunct;
    return { input, items, operator: negated ? 'not in' : 'in', conjunct };
  }
  if (conjunct.kind !== 'comparison' || conjunct.operator.startsWith('is')) return undefined;
  const { left, right, operator } = conjunct;
  const isTurned = left.kind === 'constant';
  const [input, constant] = isTurned ? [right, left] : [left, right];
  if (constant.kind !== 'constant' || input.kind === 'constant') return undefined;
  const turned = isTurned ? (MIRRORED[operator] ?? operator) : operator;
  return { input, items: [constant], operator: turned as Constraint['operator'], conjunct };
}

/** The conjuncts, with those on one expression merged; `[FALSE]` where they cannot all be true. */
export function mergedConstraints(conjuncts: readonly Expression[]): readonly Expression[] {
  const groups = new Map<string, Constraint[]>();
  for (const conjunct of conjuncts) {
    const constraint = constraintOf(conjunct);
    if (!constraint || isVolatile(constraint.input)) continue;
    const key = expressionKey(constraint.input);
    groups.set(key, [...(groups.get(key) ?? []), constraint]);
  }
  const replacements = new Map<Expression, readonly Expression[]>();
  for (const constraints of groups.values()) {
    if (constraints.length < 2 && constraints[0]!.operator !== 'in') continue;
    const merged = mergeGroup(constraints);
    if (merged === undefined) continue;
    if (merged === 'never') return [FALSE];
    constraints.forEach(({ conjunct }, i) => {
      replacements.set(conjunct, i === 0 ? merged : []);
    });
  }
  if (replacements.size === 0) return conjuncts;
  return conjuncts.flatMap((conjunct) => replacements.get(conjunct) ?? [conjunct]);
}

/** Undefined where there is nothing to merge, or where it takes the evaluator to know. */
function mergeGroup(constraints: readonly Constraint[]): readonly Expression[] | 'never' | undefined {
  // A NULL in a list makes the condition true for no further row, and NOT IN for none at all.
  const lists = constraints.map((constraint) => ({
    ...constraint,
    items: constraint.items.filter(({ value }) => value !== null),
  }));
  if (lists.some(({ operator, items }, i) => isNever(operator, items, constraints[i]!.items))) return 'never';
  const allItems = lists.flatMap(({ items }) => items);
  if (allItems.some((item) => compareConstants(item, allItems[0]!) === undefined)) return undefined;
  const { input } = lists[0]!;
  const allowed = lists.filter(({ operator }) => operator === '=' || operator === 'in');
  if (allowed.length > 0) return mergeLists(input, lists, allowed);
  const lower = tightest(lists, '>', '>=', (order) => order > 0);
  const upper = tightest(lists, '<', '<=', (order) => order < 0);
  if (lower && upper) {
    const order = compareConstants(lower.items[0]!, upper.items[0]!)!;
    if (order > 0 || (order === 0 && (lower.operator !== '>=' || upper.operator !== '<='))) return 'never';
    if (order === 0) return withExcluded([comparison(input, '=', lower.items[0]!)], lists, [lower.items[0]!]);
  }
  const excluded = lists.filter(({ operator }) => operator === '<>' || operator === 'not in');
  const kept = [lower, upper, ...excluded].filter((constraint) => constraint !== undefined);
  if (kept.length === constraints.length) return undefined;
  return constraints.filter((_, i) => kept.includes(lists[i]!)).map(({ conjunct }) => conjunct);
}

function isNever(
  operator: Constraint['operator'],
  items: readonly ConstantExpression[],
  original: readonly ConstantExpression[],
): boolean {
  return operator === 'not in' ? items.length < original.length : items.length === 0;
}

/** The expression has one of a few values: those that all conditions allow. */
function mergeLists(
  input: Expression,
  lists: readonly Constraint[],
  allowed: readonly Constraint[],
): readonly Expression[] | 'never' | undefined {
  const [first] = allowed;
  const items = first!.items.filter((item) => lists.every((constraint) => allows(constraint, item)));
  if (items.length === 0) return 'never';
  if (lists.length === 1 && items.length === (first!.conjunct as { items?: unknown[] }).items?.length) return undefined;
  if (items.length === 1) return [comparison(input, '=', items[0]!)];
  return [{ kind: 'inList', type: BOOLEAN, input, items, negated: false }];
}

function withExcluded(
  equality: readonly Expression[],
  lists: readonly Constraint[],
  items: readonly ConstantExpression[],
): readonly Expression[] | 'never' {
  return items.every((item) => lists.every((constraint) => allows(constraint, item))) ? equality : 'never';
}

function allows({ operator, items }: Constraint, value: ConstantExpression): boolean {
  switch (operator) {
    case 'in':
      return items.some((item) => compareConstants(value, item) === 0);
    case 'not in':
      return items.every((item) => compareConstants(value, item) !== 0);
    default:
      return compareTruth(operator, compareConstants(value, items[0]!)!);
  }
}

/** The strictest of the bounds on one side; the first of equals. */
function tightest(
  constraints: readonly Constraint[],
  exclusive: '<' | '>',
  inclusive: '<=' | '>=',
  isTighter: (order: number) => boolean,
): Constraint | undefined {
  let best: Constraint | undefined;
  for (const constraint of constraints) {
    if (constraint.operator !== exclusive && constraint.operator !== inclusive) continue;
    const order = best && compareConstants(constraint.items[0]!, best.items[0]!)!;
    const isExclusive = constraint.operator === exclusive && best?.operator === inclusive;
    if (order === undefined || isTighter(order) || (order === 0 && isExclusive)) best = constraint;
  }
  return best;
}

function comparison(input: Expression, operator: '=', constant: ConstantExpression): Expression {
  return { kind: 'comparison', type: BOOLEAN, operator, left: input, right: constant };
}
