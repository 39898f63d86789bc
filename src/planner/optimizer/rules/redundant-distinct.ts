import { BIGINT, sameType } from '../../../types/sql-type.js';
import type { Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { caseBranch, isNullOf } from '../../logical/expression-tree.js';
import type { LogicalAggregate, LogicalAggregateItem, LogicalNode, ProjectItem } from '../../logical/logical-plan.js';
import { inputsOf, mapInputs } from '../../logical/plan-tree.js';
import { duplicatesMatterIn } from '../duplicates.js';
import type { PlanRule } from '../rule.js';
import { isUniqueOn } from '../unique-keys.js';

/**
 * Rows that are distinct already need not be made distinct: below a DISTINCT, on keys of which the input has each only
 * once, and where repetitions do not matter above. Aggregates of groups of one row are computed from that row.
 *
 *     aggregate by k, n over (aggregate count(*) as n by k over t)   →   project k, n over (…)
 */
export const redundantDistinct: PlanRule = {
  name: 'redundant-distinct',
  description: 'Drops DISTINCT and GROUP BY over rows that are distinct already.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan, true),
};

function visit(node: LogicalNode, duplicatesMatter: boolean): LogicalNode {
  const rows = node.kind === 'aggregate' ? withoutGrouping(node, duplicatesMatter) : undefined;
  if (rows) return visit(rows, duplicatesMatter);
  const inputs = inputsOf(node);
  return mapInputs(node, (input) => {
    // A join pays for each repetition: a DISTINCT below it stays.
    const isJoined = node.kind === 'join' || node.kind === 'apply';
    return visit(input, isJoined || duplicatesMatterIn(node, inputs.indexOf(input), duplicatesMatter));
  });
}

function withoutGrouping(node: LogicalAggregate, duplicatesMatter: boolean): LogicalNode | undefined {
  if (node.groupKeys.length === 0) return undefined;
  if (node.aggregates.length === 0 && !duplicatesMatter)
    return { kind: 'project', input: node.input, items: node.groupKeys };
  const columns = node.groupKeys.flatMap(({ expression }) => (expression.kind === 'column' ? [expression.column] : []));
  if (!isUniqueOn(node.input, new Set(columns))) return undefined;
  const items: ProjectItem[] = [...node.groupKeys];
  for (const item of node.aggregates) {
    const expression = ofOneRow(item);
    if (!expression) return undefined;
    items.push({ column: item.column, expression });
  }
  return { kind: 'project', input: node.input, items };
}

/** An aggregate over a group of one row. */
function ofOneRow({ call, column: { type } }: LogicalAggregateItem): Expression | undefined {
  const [argument] = call.args;
  const { filter } = call;
  const name = functionOf(call.overload);
  if (name === 'count') {
    const conditions = [...call.args.map((arg) => isNullOf(arg, true)), ...(filter ? [filter] : [])];
    return conditions.reduceRight<Expression>(
      (counted, when) => ({ kind: 'case', type, branches: [caseBranch(when, counted)], otherwise: count(0n) }),
      count(1n),
    );
  }
  if (!argument || !HANDS_ON.has(name)) return undefined;
  const value: Expression = sameType(argument.type, type) ? argument : { kind: 'cast', type, input: argument };
  return filter ? { kind: 'case', type, branches: [caseBranch(filter, value)] } : value;
}

/** Aggregates of one value that are this value. */
const HANDS_ON: ReadonlySet<string> = new Set(['sum', 'min', 'max', 'any_value', 'bool_and', 'bool_or']);

const count = (value: bigint): Expression => ({ kind: 'constant', type: BIGINT, value });
