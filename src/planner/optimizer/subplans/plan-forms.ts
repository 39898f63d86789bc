import { formatType } from '../../../types/sql-type.js';
import type { AggregateCall, Expression } from '../../expression.js';
import { expressionKey, substituteColumns, visitExpression } from '../../logical/expression-tree.js';
import type {
  ColumnIds,
  LogicalAggregate,
  LogicalExpand,
  LogicalJoin,
  LogicalNode,
  LogicalScan,
  LogicalUnionAll,
  LogicalWindow,
} from '../../logical/logical-plan.js';
import { expressionsOf, inputsOf } from '../../logical/plan-tree.js';
import { expressionsOfWindowCall, formOfFrame } from '../../window-call.js';
import { isVolatile } from '../volatility.js';

/**
 * What a plan computes, apart from the ids of its columns and from which of them it hands on. Plans with the same
 * `rows` have the same rows; columns with the same number in `columns` have the same values in them. Projections leave
 * `rows` as it is.
 */
export interface PlanForm {
  readonly rows: number;
  /** By column id; some that the plan does not hand on may be there, too. */
  readonly columns: ReadonlyMap<number, number>;
}

const known = new WeakMap<ColumnIds, PlanForms>();

/** The forms of all plans that are made with the same ids. */
export class PlanForms {
  private readonly numbers = new Map<string, number>();
  private readonly forms = new WeakMap<LogicalNode, PlanForm | 'none'>();

  static of(ids: ColumnIds): PlanForms {
    let forms = known.get(ids);
    if (!forms) {
      forms = new PlanForms();
      known.set(ids, forms);
    }
    return forms;
  }

  /** Undefined for plans that give other rows each time, or depend on plans around them. */
  formOf(node: LogicalNode): PlanForm | undefined {
    let form = this.forms.get(node);
    if (form === undefined) {
      form = this.derive(node) ?? 'none';
      this.forms.set(node, form);
    }
    return form === 'none' ? undefined : form;
  }

  /** The same number for the same text. */
  private intern(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The expression in terms of column numbers. */
  keyOf(expression: Expression, columns: ReadonlyMap<number, number>): string {
    const key = (part: Expression): string => expressionKey(substituteColumns(part, numbered(part, columns)));
    if (expression.kind !== 'comparison' || !SYMMETRIC.has(expression.operator)) return key(expression);
    return `${[key(expression.left), key(expression.right)].sort().join(` ${expression.operator} `)}`;
  }

  callKey({ overload, args, filter, order, parameter }: AggregateCall, columns: ReadonlyMap<number, number>): string {
    const by = order ? `${order.by} ${order.descending} ${order.nullsFirst}` : '';
    const [keys, condition] = [args, filter ? [filter] : []].map((list) => list.map((e) => this.keyOf(e, columns)));
    return `${overload} ${keys!.join(' ')} / ${condition!.join()} / ${by} / ${parameter ?? ''}`;
  }

  private derive(node: LogicalNode): PlanForm | undefined {
    if (expressionsOf(node).some(isVolatile)) return undefined;
    // The copies of a recursion are equal, and are shared whole.
    if (node.kind === 'recursive') {
      return this.leafForm(
        `recursive ${node.number}`,
        node.columns.map(({ id }) => id),
      );
    }
    const inputs: PlanForm[] = [];
    for (const input of inputsOf(node)) {
      const form = this.formOf(input);
      if (!form) return undefined;
      inputs.push(form);
    }
    const [input] = inputs;
    const all = (conditions: readonly Expression[]): string =>
      conditions.map((condition) => this.keyOf(condition, input!.columns)).join(' and ');
    const anyOrder = (conditions: readonly Expression[]): string =>
      conditions
        .map((condition) => this.keyOf(condition, input!.columns))
        .sort()
        .join(' and ');
    switch (node.kind) {
      case 'scan':
        return this.scanForm(node);
      case 'values': {
        const rows = node.rows.map((row) => row.map(expressionKey).join()).join(';');
        const types = node.columns.map(({ type }) => formatType(type)).join();
        return this.leafForm(
          `values ${types} ${rows}`,
          node.columns.map(({ id }) => id),
        );
      }
      case 'generateSeries': {
        const bounds = [node.start, node.stop, node.step].map(expressionKey).join();
        return this.leafForm(`series ${formatType(node.column.type)} ${bounds}`, [node.column.id]);
      }
      case 'project': {
        const columns = new Map(input!.columns);
        for (const { column, expression } of node.items)
          columns.set(column.id, this.valueOf(expression, input!.columns));
        return { rows: input!.rows, columns };
      }
      case 'filter':
        return this.above(input!, `filter ${anyOrder(node.conjuncts)}`);
      case 'sort': {
        const keys = node.keys.map(
          ({ expression, descending, nullsFirst }) => `${all([expression])} ${descending} ${nullsFirst}`,
        );
        return this.above(input!, `sort ${keys.join()} ${node.limit} ${node.offset}`);
      }
      case 'limit':
        return this.above(input!, `limit ${node.limit} ${node.offset}`);
      case 'aggregate':
        return this.aggregateForm(node, input!);
      case 'window':
        return this.windowForm(node, input!);
      case 'join':
        return this.joinForm(node, inputs);
      case 'expand':
        return this.expandForm(node, input!);
      case 'unionAll':
        return this.unionForm(node, inputs);
      case 'unnest':
      case 'workingTable':
      case 'shared':
      case 'apply':
        return undefined;
    }
  }

  private above(input: PlanForm, text: string): PlanForm {
    return { rows: this.intern(`${input.rows} ${text}`), columns: input.columns };
  }

  private leafForm(text: string, ids: readonly number[]): PlanForm {
    return { rows: this.intern(text), columns: new Map(ids.map((id, i) => [id, this.intern(`column ${i}`)])) };
  }

  /** Two scans of a table read the same rows when they read the same files under the same conditions. */
  private scanForm({ table, columns, filters, files, limit }: LogicalScan): PlanForm {
    const byId = new Map(columns.map(({ id, name }) => [id, this.intern(`column ${JSON.stringify(name)}`)]));
    const listed = files && this.intern(files.files.map(({ path, version }) => `${path}\n${version}`).join('\n'));
    const conditions = filters.map((filter) => this.keyOf(filter, byId)).sort();
    const text = `scan ${JSON.stringify(table.name)} ${listed} ${conditions.join(' and ')} ${limit}`;
    return { rows: this.intern(text), columns: byId };
  }

  private valueOf(expression: Expression, columns: ReadonlyMap<number, number>): number {
    const own = expression.kind === 'column' ? columns.get(expression.column) : undefined;
    return own ?? this.intern(`value ${this.keyOf(expression, columns)}`);
  }

  private aggregateForm(node: LogicalAggregate, input: PlanForm): PlanForm {
    const columns = new Map<number, number>();
    const keys: string[] = [];
    for (const { column, expression } of node.groupKeys) {
      const key = `${this.valueOf(expression, input.columns)}`;
      keys.push(key);
      columns.set(column.id, this.intern(`key ${key}`));
    }
    for (const { column, call, distinct } of node.aggregates) {
      columns.set(column.id, this.intern(`call ${distinct} ${this.callKey(call, input.columns)}`));
    }
    return { rows: this.intern(`${input.rows} aggregate ${[...new Set(keys)].sort().join()}`), columns };
  }

  private expandForm(node: LogicalExpand, input: PlanForm): PlanForm {
    const columns = new Map(input.columns);
    const keys = node.keys.map(({ column, expression }, key) => {
      const value = this.valueOf(expression, input.columns);
      const sets = node.sets.flatMap((set, i) => (set.includes(key) ? [i] : []));
      columns.set(column.id, this.intern(`expanded ${value} in ${sets.join()}`));
      return value;
    });
    columns.set(node.setColumn.id, this.intern('grouping set'));
    return { rows: this.intern(`${input.rows} expand ${keys.join()} ${JSON.stringify(node.sets)}`), columns };
  }

  /** Windows of one kind can be computed together, whatever their functions. */
  private windowForm(node: LogicalWindow, input: PlanForm): PlanForm {
    const key = (expression: Expression): string => this.keyOf(expression, input.columns);
    const order = node.orderBy.map((by) => `${key(by.expression)} ${by.descending} ${by.nullsFirst}`).join();
    const columns = new Map(input.columns);
    for (const { column, call } of node.functions) {
      const form = `${call.name} ${call.ignoreNulls ?? false} ${call.orderCount} ${expressionsOfWindowCall(call).map(key).join()}`;
      const frame = formOfFrame(call.frame);
      const aggregate = call.aggregate ? this.callKey(call.aggregate, input.columns) : '';
      columns.set(column.id, this.intern(`window ${form} ${frame} ${aggregate}`));
    }
    const limit = node.limit ? `${columns.get(node.limit.column)} ${node.limit.count}` : '';
    const text = `${input.rows} window by ${node.partitionBy.map(key).join()} order by ${order} limit ${limit}`;
    return { rows: this.intern(text), columns };
  }

  private joinForm(node: LogicalJoin, inputs: readonly PlanForm[]): PlanForm {
    const columns = new Map<number, number>();
    joinSides(node, inputs).forEach((index, position) => {
      for (const [id, number] of inputs[index]!.columns) columns.set(id, this.intern(`side ${position} ${number}`));
    });
    const conditions = node.conditions.map((condition) => this.keyOf(condition, columns)).sort();
    const sides = joinSides(node, inputs).map((index) => inputs[index]!.rows);
    const text = `join ${node.joinKind} ${node.nullAware === true} ${sides.join()} ${conditions.join(' and ')}`;
    if (node.markColumn) columns.set(node.markColumn.id, this.intern('mark'));
    return { rows: this.intern(text), columns };
  }

  private unionForm(node: LogicalUnionAll, inputs: readonly PlanForm[]): PlanForm {
    const columns = new Map<number, number>();
    node.columns.forEach((column, c) => {
      const sources = inputs.map((input, i) => input.columns.get(node.inputColumns[i]![c]!));
      columns.set(column.id, this.intern(`united ${sources.join()}`));
    });
    return { rows: this.intern(`union ${inputs.map(({ rows }) => rows).join()}`), columns };
  }
}

const SYMMETRIC: ReadonlySet<string> = new Set(['=', '<>', 'is distinct from', 'is not distinct from']);

/** The inputs of a join in an order that does not depend on how it was written: inner joins may be turned. */
export function joinSides(node: LogicalJoin, forms: readonly PlanForm[]): readonly [number, number] {
  return node.joinKind === 'inner' && forms[0]!.rows > forms[1]!.rows ? [1, 0] : [0, 1];
}

function numbered(expression: Expression, columns: ReadonlyMap<number, number>): ReadonlyMap<number, Expression> {
  const references = new Map<number, Expression>();
  const collect = (part: Expression): void => {
    if (part.kind !== 'column') return;
    const number = columns.get(part.column);
    if (number !== undefined) references.set(part.column, { ...part, column: -number });
  };
  visitExpression(expression, collect);
  return references;
}
