import { bugError } from '../../../common/errors.js';
import type { Expression } from '../../expression.js';
import { refer, substituteColumns } from '../../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalColumn,
  LogicalExpand,
  LogicalJoin,
  LogicalNode,
  LogicalProject,
  LogicalScan,
  LogicalUnionAll,
  LogicalWindow,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { mapCall, outputOf } from '../../logical/plan-tree.js';
import { mapWindowCall } from '../../window-call.js';
import { joinSides, type PlanForms } from './plan-forms.js';

/** Plans of the same rows (see PlanForm) as one that has the columns of all; those of later plans under other ids. */
export class PlanMerger {
  private readonly forms: PlanForms;
  /** From columns of the plans that were merged in to those that stand for them. */
  private readonly twins = new Map<number, LogicalColumn>();

  constructor(forms: PlanForms) {
    this.forms = forms;
  }

  /** The column of the merged plan that has a column's values. */
  twinOf(column: LogicalColumn): LogicalColumn {
    return this.twins.get(column.id) ?? column;
  }

  merge(one: LogicalNode, other: LogicalNode): LogicalNode {
    const own = peel(one);
    const added = peel(other);
    let plan = this.mergeCores(own.core, added.core);
    for (const project of own.projects) plan = extended(plan, project.items);
    for (const project of added.projects) plan = this.withItems(plan, project, one, other);
    return plan;
  }

  /** Adds what a projection of the other plan computes, where the merged plan does not have it yet. */
  private withItems(plan: LogicalNode, project: LogicalProject, one: LogicalNode, other: LogicalNode): LogicalNode {
    const [own, added] = [this.forms.formOf(one)!.columns, this.forms.formOf(other)!.columns];
    const present = outputOf(plan);
    const fresh: ProjectItem[] = [];
    for (const { column, expression } of project.items) {
      const value = this.translated(expression);
      const twin = present.find(({ id }) =>
        value.kind === 'column' ? id === value.column : own.get(id) === added.get(column.id),
      );
      if (twin) this.twins.set(column.id, twin);
      else fresh.push({ column, expression: value });
    }
    return fresh.length === 0 ? plan : extended(plan, fresh);
  }

  /** In terms of the merged plan's columns. */
  translated(expression: Expression): Expression {
    return substituteColumns(
      expression,
      new Map([...this.twins].map(([id, column]): [number, Expression] => [id, refer(column)])),
    );
  }

  private mergeCores(one: LogicalNode, other: LogicalNode): LogicalNode {
    switch (one.kind) {
      case 'scan':
        return this.mergeScans(one, other as LogicalScan);
      case 'values':
      case 'generateSeries':
      case 'recursive':
        outputOf(other).forEach((column, i) => {
          this.twins.set(column.id, outputOf(one)[i]!);
        });
        return one;
      case 'filter':
      case 'sort':
      case 'limit':
        return { ...one, input: this.merge(one.input, (other as typeof one).input) };
      case 'join':
        return this.mergeJoins(one, other as LogicalJoin);
      case 'aggregate':
        return this.mergeAggregates(one, other as LogicalAggregate);
      case 'expand':
        return this.mergeExpands(one, other as LogicalExpand);
      case 'window':
        return this.mergeWindows(one, other as LogicalWindow);
      case 'unionAll':
        return this.mergeUnions(one, other as LogicalUnionAll);
      default:
        throw bugError(`${one.kind} nodes cannot be merged`);
    }
  }

  private mergeScans(one: LogicalScan, other: LogicalScan): LogicalScan {
    const columns = [...one.columns];
    for (const column of other.columns) {
      const twin = one.columns.find(({ name }) => name === column.name);
      if (twin) this.twins.set(column.id, twin);
      else columns.push(column);
    }
    return { ...one, columns };
  }

  private mergeJoins(one: LogicalJoin, other: LogicalJoin): LogicalJoin {
    const sidesOf = (join: LogicalJoin): readonly [number, number] =>
      joinSides(join, [this.forms.formOf(join.left)!, this.forms.formOf(join.right)!]);
    const isTurned = sidesOf(one)[0] !== sidesOf(other)[0];
    const [left, right] = isTurned ? [other.right, other.left] : [other.left, other.right];
    if (one.markColumn) this.twins.set(other.markColumn!.id, one.markColumn);
    return { ...one, left: this.merge(one.left, left), right: this.merge(one.right, right) };
  }

  private mergeAggregates(one: LogicalAggregate, other: LogicalAggregate): LogicalAggregate {
    const [own, added] = [this.forms.formOf(one)!.columns, this.forms.formOf(other)!.columns];
    const input = this.merge(one.input, other.input);
    const twinAmong = (columns: readonly LogicalColumn[], id: number): LogicalColumn | undefined =>
      columns.find((column) => own.get(column.id) === added.get(id));
    for (const { column } of other.groupKeys) {
      this.twins.set(
        column.id,
        twinAmong(
          one.groupKeys.map((key) => key.column),
          column.id,
        )!,
      );
    }
    const aggregates = [...one.aggregates];
    for (const item of other.aggregates) {
      const twin = twinAmong(
        one.aggregates.map((aggregate) => aggregate.column),
        item.column.id,
      );
      if (twin) this.twins.set(item.column.id, twin);
      else aggregates.push({ ...item, call: mapCall(item.call, (expression) => this.translated(expression)) });
    }
    return { ...one, input, aggregates };
  }

  private mergeExpands(one: LogicalExpand, other: LogicalExpand): LogicalExpand {
    other.keys.forEach(({ column }, i) => {
      this.twins.set(column.id, one.keys[i]!.column);
    });
    this.twins.set(other.setColumn.id, one.setColumn);
    return { ...one, input: this.merge(one.input, other.input) };
  }

  private mergeWindows(one: LogicalWindow, other: LogicalWindow): LogicalWindow {
    const [own, added] = [this.forms.formOf(one)!.columns, this.forms.formOf(other)!.columns];
    const input = this.merge(one.input, other.input);
    const functions = [...one.functions];
    for (const item of other.functions) {
      const twin = one.functions.find(({ column }) => own.get(column.id) === added.get(item.column.id));
      const translate = (expression: Expression): Expression => this.translated(expression);
      if (twin) this.twins.set(item.column.id, twin.column);
      else {
        const call = mapWindowCall(item.call, translate, (aggregate) => mapCall(aggregate, translate));
        functions.push({ ...item, call });
      }
    }
    return { ...one, input, functions };
  }

  private mergeUnions(one: LogicalUnionAll, other: LogicalUnionAll): LogicalUnionAll {
    const [own, added] = [this.forms.formOf(one)!.columns, this.forms.formOf(other)!.columns];
    const inputs = one.inputs.map((input, i) => this.merge(input, other.inputs[i]!));
    const columns = [...one.columns];
    const inputColumns = one.inputColumns.map((ids) => [...ids]);
    other.columns.forEach((column, c) => {
      const twin = one.columns.find(({ id }) => own.get(id) === added.get(column.id));
      if (twin) {
        this.twins.set(column.id, twin);
        return;
      }
      columns.push(column);
      other.inputs.forEach((input, i) => {
        const source = outputOf(input).find(({ id }) => id === other.inputColumns[i]![c])!;
        inputColumns[i]!.push(this.twinOf(source).id);
      });
    });
    return { ...one, inputs, columns, inputColumns };
  }
}

/** A plan below its projections; these, the lowest first. */
function peel(node: LogicalNode): { readonly core: LogicalNode; readonly projects: readonly LogicalProject[] } {
  const projects: LogicalProject[] = [];
  let core = node;
  while (core.kind === 'project') {
    projects.unshift(core);
    core = core.input;
  }
  return { core, projects };
}

/** A projection that also hands on all that its input has. */
function extended(input: LogicalNode, items: LogicalProject['items']): LogicalProject {
  const made = new Set(items.map(({ column }) => column.id));
  const handedOn = outputOf(input).filter(({ id }) => !made.has(id));
  return {
    kind: 'project',
    input,
    items: [...items, ...handedOn.map((column) => ({ column, expression: refer(column) }))],
  };
}
