import { aggregateOverload } from '../../../functions/registry.js';
import type { AggregateCall } from '../../expression.js';
import type { LogicalNode } from '../../logical/logical-plan.js';
import { inputsOf, mapInputs } from '../../logical/plan-tree.js';
import { isDefaultFrame, type WindowCall } from '../../window-call.js';
import type { PlanRule } from '../rule.js';

/**
 * An order that is lost above need not be made: below joins, unions, aggregates and other sorts. It is kept where LIMIT
 * or the reader of the result sees it, and below aggregates whose result shows the order of their input.
 *
 *     aggregate count(*) over (sort a over t)   →   aggregate count(*) over t
 */
export const redundantSort: PlanRule = {
  name: 'redundant-sort',
  description: 'Drops sorts whose order is lost above.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan, true),
};

function visit(node: LogicalNode, orderMatters: boolean): LogicalNode {
  if (node.kind === 'sort' && !orderMatters && node.limit === undefined && node.offset === undefined) {
    return visit(node.input, false);
  }
  const inputs = inputsOf(node);
  return mapInputs(node, (input) => visit(input, orderMattersIn(node, inputs.indexOf(input), orderMatters)));
}

function orderMattersIn(node: LogicalNode, index: number, matters: boolean): boolean {
  switch (node.kind) {
    case 'filter':
    case 'project':
      return matters;
    case 'limit':
      return true;
    case 'aggregate':
      return node.aggregates.some(({ call }) => isList(call));
    // Rows that a window does not order are numbered as they come.
    case 'window':
      return node.functions.some(({ call }) => call.orderCount === 0 && !isOfAllRows(call));
    // The left rows come out in their order where each is looked at once; nobody was promised more.
    case 'apply':
    case 'join':
      return index === 0 && matters && KEEPS_ORDER.has(node.joinKind);
    default:
      return false;
  }
}

const isList = ({ overload, order }: AggregateCall): boolean =>
  aggregateOverload(overload).ordered === 'list' && order === undefined;

/** An aggregate of a whole partition, whatever the order of its rows. */
const isOfAllRows = ({ aggregate, frame }: WindowCall): boolean =>
  aggregate !== undefined && isDefaultFrame(frame) && !isList(aggregate);

const KEEPS_ORDER: ReadonlySet<string> = new Set(['semi', 'anti', 'nullAwareAnti', 'mark', 'single']);
