import { bugError } from '../../common/errors.js';
import { formatType, sameType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { operandsOf } from '../logical/expression-tree.js';
import { formatLogicalPlan } from '../logical/format-logical-plan.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { expressionsOf, freeColumnsOf, inputsOf, outputIdsOf, outputOf } from '../logical/plan-tree.js';

/** Throws when a rule left a plan that refers to columns nobody makes, mixes types, or lost a column of the result. */
export function verifyPlan(plan: LogicalNode, before: LogicalNode, rule: string): void {
  const fail = (problem: string): never => {
    throw bugError(`rule ${rule}: ${problem}\n${formatLogicalPlan(plan)}\nbefore:\n${formatLogicalPlan(before)}`);
  };
  const free = [...freeColumnsOf(plan)];
  if (free.length > 0) fail(`nobody makes column ${free.join(', ')}`);
  const types = new Map(outputOf(plan).map((column) => [column.id, column]));
  for (const column of outputOf(before)) {
    const kept = types.get(column.id);
    if (!kept) fail(`column ${column.id} (${column.name}) is lost`);
    else if (!sameType(kept.type, column.type)) fail(`column ${column.id} changed its type`);
  }
  verifyNode(plan, new Map(), fail);
}

function verifyNode(
  node: LogicalNode,
  outer: ReadonlyMap<number, LogicalColumn>,
  fail: (problem: string) => never,
): void {
  const visible = new Map(outer);
  for (const input of inputsOf(node)) for (const column of outputOf(input)) visible.set(column.id, column);
  if (node.kind === 'scan') for (const column of node.columns) visible.set(column.id, column);
  for (const expression of expressionsOf(node)) verifyExpression(expression, visible, fail);
  if (node.kind === 'join' || node.kind === 'apply') {
    for (const id of outputIdsOf(node.left)) {
      if (outputIdsOf(node.right).has(id)) fail(`column ${id} comes from both sides of a join`);
    }
  }
  if (node.kind === 'unionAll') {
    node.inputs.forEach((input, i) => {
      for (const id of node.inputColumns[i]!) if (!outputIdsOf(input).has(id)) fail(`union input lacks column ${id}`);
    });
  }
  if (node.kind === 'recursive') {
    for (const id of node.anchorColumns) if (!outputIdsOf(node.anchor).has(id)) fail(`recursion lacks column ${id}`);
    for (const id of node.stepColumns) if (!outputIdsOf(node.step).has(id)) fail(`recursion lacks column ${id}`);
  }
  for (const input of inputsOf(node)) {
    verifyNode(input, node.kind === 'apply' && input === node.right ? visible : outer, fail);
  }
}

function verifyExpression(
  expression: Expression,
  visible: ReadonlyMap<number, LogicalColumn>,
  fail: (problem: string) => never,
): void {
  if (expression.kind === 'column') {
    const column = visible.get(expression.column);
    if (column && !sameType(column.type, expression.type)) {
      fail(`column ${column.id} is ${formatType(column.type)} but read as ${formatType(expression.type)}`);
    }
  }
  if (expression.kind === 'comparison' && !sameType(expression.left.type, expression.right.type)) {
    fail(`${formatType(expression.left.type)} ${expression.operator} ${formatType(expression.right.type)}`);
  }
  for (const operand of operandsOf(expression)) verifyExpression(operand, visible, fail);
}
