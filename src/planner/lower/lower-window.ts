import { findWindowFunction } from '../../functions/window/window-functions.js';
import type { Expression } from '../expression.js';
import { columnsOf, expressionKey } from '../logical/expression-tree.js';
import type { LogicalWindow } from '../logical/logical-plan.js';
import type { PhysicalNode } from '../physical/physical-plan.js';
import { expressionsOfWindowCall, mapWindowCall, type WindowCall } from '../window-call.js';
import { hashable, sortable } from './comparable-keys.js';
import type { Lowered, NodeLowering, Required } from './lowered.js';
import { Ordinals } from './ordinals.js';

/** What a window compares and looks up must be columns: other expressions are computed before it. */
export function lowerWindow(node: LogicalWindow, required: Required, lowering: NodeLowering): Lowered {
  const limited = node.limit?.column;
  const functions = node.functions.filter(({ column }) => required.has(column.id) || column.id === limited);
  const uses = new Set(required);
  const expressions = [
    ...node.partitionBy,
    ...node.orderBy.map((key) => key.expression),
    ...functions.flatMap(({ call }) => expressionsOfWindowCall(call)),
  ];
  for (const expression of expressions) for (const id of columnsOf(expression)) uses.add(id);
  const input = lowering.lower(node.input, uses);
  const computed = new ComputedColumns(input);
  const partitionKeys = node.partitionBy.map((expression) => computed.column(hashable(expression)));
  const orderKeys = node.orderBy.map((key) => ({ ...key, expression: computed.column(sortable(key.expression)) }));
  const calls = functions.map(({ call }) =>
    mapWindowCall(
      call,
      (expression) => (isCount(call, expression) ? expression : computed.column(expression)),
      (aggregate) => computed.ordinals.resolveCall(aggregate),
    ),
  );
  const outputs = input.columns.flatMap(({ id }, ordinal) => (required.has(id) ? [ordinal] : []));
  const columns = [...outputs.map((ordinal) => input.columns[ordinal]!), ...functions.map(({ column }) => column)];
  const below = computed.plan(lowering);
  const limit = node.limit && {
    function: functions.findIndex(({ column }) => column.id === limited),
    count: node.limit.count,
  };
  const base = lowering.base(node, columns);
  return {
    columns,
    node: { ...base, kind: 'window', input: below, partitionKeys, orderKeys, functions: calls, outputs, limit },
  };
}

/** Offsets and numbers of buckets are mostly constants. */
function isCount({ name, args }: WindowCall, expression: Expression): boolean {
  const isInteger = findWindowFunction(name)?.args[args.indexOf(expression)] === 'integer';
  return isInteger && expression.kind === 'constant' && expression.value !== null;
}

/** The columns of an input, and after them what is computed of them. */
class ComputedColumns {
  readonly ordinals: Ordinals;
  private readonly input: Lowered;
  private readonly computed: Expression[] = [];
  private readonly byKey = new Map<string, number>();

  constructor(input: Lowered) {
    this.input = input;
    this.ordinals = new Ordinals(input.columns.map((column) => column.id));
  }

  column(expression: Expression): Expression {
    if (expression.kind === 'column') return this.ordinals.resolve(expression);
    const key = expressionKey(expression);
    let ordinal = this.byKey.get(key);
    if (ordinal === undefined) {
      ordinal = this.input.columns.length + this.computed.length;
      this.computed.push(this.ordinals.resolve(expression));
      this.byKey.set(key, ordinal);
    }
    return { kind: 'column', type: expression.type, column: ordinal };
  }

  plan(lowering: NodeLowering): PhysicalNode {
    const { node } = this.input;
    if (this.computed.length === 0) return node;
    const handedOn = node.columns.map(({ type }, column): Expression => ({ kind: 'column', type, column }));
    return {
      kind: 'project',
      id: lowering.nextId++,
      columns: [...node.columns, ...this.computed.map(({ type }) => ({ name: 'window', type }))],
      estimatedRows: node.estimatedRows,
      input: node,
      expressions: [...handedOn, ...this.computed],
    };
  }
}
