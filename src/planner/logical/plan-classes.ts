import { formatType } from '../../types/sql-type.js';
import type { AggregateCall, Expression } from '../expression.js';
import { isVolatile } from '../optimizer/volatility.js';
import { expressionKey, substituteColumns } from './expression-tree.js';
import type { ColumnIds, LogicalNode, LogicalScan, ProjectItem } from './logical-plan.js';
import { expressionsOf, inputsOf, outputOf } from './plan-tree.js';

const known = new WeakMap<ColumnIds, PlanClasses>();

/** More inputs than a node can have columns. */
const INPUT_STEP = 1_000_000;

/**
 * Numbers plans so that those that compute the same get the same number, whatever ids their columns have: the columns
 * of one then correspond to the other's by position. A plan that gives other rows each time has no number.
 */
export class PlanClasses {
  private readonly numbers = new Map<string, number>();
  private readonly classes = new WeakMap<LogicalNode, number | 'none'>();

  /** One numbering for all that is planned with these ids. */
  static of(ids: ColumnIds): PlanClasses {
    let classes = known.get(ids);
    if (!classes) {
      classes = new PlanClasses();
      known.set(ids, classes);
    }
    return classes;
  }

  classOf(node: LogicalNode): number | undefined {
    let found = this.classes.get(node);
    if (found === undefined) {
      const text = this.describe(node);
      found = text === undefined ? 'none' : this.intern(text);
      this.classes.set(node, found);
    }
    return found === 'none' ? undefined : found;
  }

  private intern(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The node over the numbers of its inputs, its columns by their positions in them. */
  private describe(node: LogicalNode): string | undefined {
    if (expressionsOf(node).some(isVolatile)) return undefined;
    const inputs: number[] = [];
    for (const input of inputsOf(node)) {
      const number = this.classOf(input);
      if (number === undefined) return undefined;
      inputs.push(number);
    }
    const details = detailsOf(node, keysOver(node), (text) => this.intern(text));
    return details === undefined ? undefined : `${node.kind}(${inputs.join(',')}) ${details}`;
  }
}

type KeyOf = (expression: Expression) => string;

function keysOver(node: LogicalNode): KeyOf {
  const positions = new Map<number, Expression>();
  const sources = node.kind === 'scan' ? [node] : inputsOf(node);
  sources.forEach((source, i) => {
    outputOf(source).forEach(({ id, type }, position) => {
      positions.set(id, { kind: 'column', type, column: -1 - i * INPUT_STEP - position });
    });
  });
  return (expression) => expressionKey(substituteColumns(expression, positions));
}

function detailsOf(node: LogicalNode, keyOf: KeyOf, intern: (text: string) => number): string | undefined {
  const all = (expressions: readonly Expression[]): string => expressions.map(keyOf).join(' ');
  const anyOrder = (conditions: readonly Expression[]): string => conditions.map(keyOf).sort().join(' and ');
  const items = (list: readonly ProjectItem[]): string => all(list.map(({ expression }) => expression));
  switch (node.kind) {
    case 'scan':
      return `${describeScan(node, intern)} ${anyOrder(node.filters)} ${node.limit}`;
    case 'values':
      return `${node.columns.map(({ type }) => formatType(type))} ${node.rows.map((row) => `(${all(row)})`)}`;
    case 'generateSeries':
      return `${formatType(node.column.type)} ${all([node.start, node.stop, node.step])}`;
    case 'filter':
      return anyOrder(node.conjuncts);
    case 'project':
      return items(node.items);
    case 'join':
      return `${node.joinKind} ${node.nullAware === true} ${anyOrder(node.conditions)}`;
    case 'aggregate': {
      const calls = node.aggregates.map(({ call, distinct }) => `${distinct} ${describeCall(call, all)}`);
      return `${items(node.groupKeys)} | ${calls.join(' | ')}`;
    }
    case 'sort': {
      const keys = node.keys.map(
        ({ expression, descending, nullsFirst }) => `${keyOf(expression)} ${descending} ${nullsFirst}`,
      );
      return `${keys.join(' ')} ${node.limit} ${node.offset}`;
    }
    case 'limit':
      return `${node.limit} ${node.offset}`;
    case 'unionAll': {
      const positions = node.inputs.map((input, i) => {
        const ids = outputOf(input).map(({ id }) => id);
        return node.inputColumns[i]!.map((id) => ids.indexOf(id)).join(',');
      });
      return positions.join(' ');
    }
    case 'apply':
      return undefined;
  }
}

function describeCall(
  { overload, args, filter, order }: AggregateCall,
  all: (list: readonly Expression[]) => string,
): string {
  const by = order ? `${order.by} ${order.descending} ${order.nullsFirst}` : '';
  return `${overload} ${all(args)} / ${filter ? all([filter]) : ''} / ${by}`;
}

/** Two scans of a table are equal when they read the same columns of the same files. */
function describeScan({ table, columns, files }: LogicalScan, intern: (text: string) => number): string {
  const listed = files && intern(files.files.map(({ path, version }) => `${path}\n${version}`).join('\n'));
  return `${JSON.stringify(table.name)} ${listed} ${JSON.stringify(columns.map(({ name }) => name))}`;
}
