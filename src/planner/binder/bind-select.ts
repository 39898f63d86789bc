import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import type { SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { conjunctsOf, expressionKey, refer } from '../logical/expression-tree.js';
import { type LogicalColumn, type LogicalNode, type ProjectItem, SINGLE_ROW } from '../logical/logical-plan.js';
import { mayBeNull, nullableIn } from '../logical/nullability.js';
import { freeColumnsOf, outputOf } from '../logical/plan-tree.js';
import type { SortKey } from '../physical/physical-plan.js';
import { AggregateCollector, GroupedRewriter } from './aggregate-collector.js';
import {
  type BindContext,
  type BoundQuery,
  type ExpressionContext,
  type PendingApply,
  withSubqueries,
} from './bind-context.js';
import { bindCondition, bindExpression } from './bind-expression.js';
import { bindFromClause } from './bind-from.js';
import { bindGroupBy, type GroupKeys, keysByAst } from './bind-group-by.js';
import { bindSortTargets, type SortTarget } from './bind-order-by.js';
import { expandSelectList, type SelectEntry } from './bind-select-list.js';
import { resolveUnknown } from './coerce.js';
import { DependentColumns } from './dependent-columns.js';
import { checkDistinctOnOrder, firstOfEach } from './distinct-on.js';
import { groupRows } from './group-rows.js';
import { EMPTY_NAMESPACE, type Scope } from './scope.js';
import { SelectAliases } from './select-aliases.js';
import { SetCollector } from './set-functions.js';
import { WindowCollector } from './window-collector.js';

interface BoundEntry {
  readonly entry: SelectEntry;
  expression: Expression;
}

/** A SELECT with the ORDER BY that follows it, which may use columns that the SELECT does not return. */
export function bindSelect(
  select: Ast.Select,
  orderBy: readonly Ast.OrderByItem[],
  outer: Scope,
  context: BindContext,
  keepUnknown: boolean,
): BoundQuery {
  const from =
    select.from.length > 0
      ? bindFromClause(select.from, fromScope(outer), context)
      : { plan: SINGLE_ROW, namespace: EMPTY_NAMESPACE };
  const scope: Scope = { namespace: from.namespace, parent: outer, commonTables: outer.commonTables };
  return new SelectBinder(select, scope, context, from.plan).bind(orderBy, keepUnknown);
}

/** Entries of FROM see the queries around theirs, not each other. */
function fromScope(outer: Scope): Scope {
  return { namespace: EMPTY_NAMESPACE, parent: outer, commonTables: outer.commonTables };
}

function bindWhere(
  where: Ast.Expression | undefined,
  plan: LogicalNode,
  scope: Scope,
  context: BindContext,
): LogicalNode {
  if (!where) return plan;
  const subqueries: PendingApply[] = [];
  const condition = bindCondition(where, { context, scope, clause: 'WHERE', subqueries });
  return filtered(withSubqueries(plan, subqueries), condition);
}

function filtered(input: LogicalNode, condition: Expression): LogicalNode {
  const conjuncts = conjunctsOf(condition);
  return conjuncts.length === 0 ? input : { kind: 'filter', input, conjuncts };
}

class SelectBinder {
  /** Subqueries computed over the rows before grouping, and over those after it. */
  private readonly inputSubqueries: PendingApply[] = [];
  private readonly outputSubqueries: PendingApply[] = [];
  /** Set functions of the rows before grouping (in GROUP BY), and of those after it. */
  private readonly inputSets: SetCollector;
  private readonly outputSets: SetCollector;
  private readonly aggregates: AggregateCollector;
  private readonly windows: WindowCollector;
  private readonly aliases: SelectAliases;
  private readonly entries: readonly SelectEntry[];
  private readonly select: Ast.Select;
  private readonly scope: Scope;
  private readonly context: BindContext;
  private readonly input: LogicalNode;
  private keyOf: ExpressionContext['keyOf'];

  /** `from`: its rows. */
  constructor(select: Ast.Select, scope: Scope, context: BindContext, from: LogicalNode) {
    this.select = select;
    this.scope = scope;
    this.context = context;
    this.aggregates = new AggregateCollector({ context, scope, subqueries: this.inputSubqueries });
    this.windows = new WindowCollector(select.windows);
    this.inputSets = new SetCollector(context);
    this.outputSets = new SetCollector(context);
    const entries = expandSelectList(select.items, scope, (ast) => this.typeOf(ast));
    this.aliases = new SelectAliases(entries, scope);
    this.entries = this.aliases.entries;
    this.input = bindWhere(select.where && this.aliases.in(select.where), from, scope, context);
  }

  private get isRecursiveTerm(): boolean {
    return this.scope.namespace.tables.some((table) => table.isWorkingTable);
  }

  /** Binds an expression of the select list for its type alone. */
  private typeOf(ast: Ast.Expression): SqlType {
    const { context, scope, select } = this;
    const subqueries: PendingApply[] = [];
    const aggregates = new AggregateCollector({ context, scope, subqueries });
    const windows = new WindowCollector(select.windows);
    const sets = new SetCollector(context);
    return bindExpression(ast, { context, scope, clause: 'SELECT', subqueries, aggregates, windows, sets }).type;
  }

  bind(orderBy: readonly Ast.OrderByItem[], keepUnknown: boolean): BoundQuery {
    const { select } = this;
    const groupKeys = select.groupBy && bindGroupBy(select.groupBy, this.entries, this.at('GROUP BY', false));
    this.aggregates.groupKeys = groupKeys;
    this.keyOf = groupKeys && keysByAst(groupKeys, this.context);
    const bound = this.entries.map((entry): BoundEntry => {
      const expression = this.bindEntry(entry, groupKeys);
      return { entry, expression: keepUnknown ? expression : resolveUnknown(this.context, expression, entry.position) };
    });
    let having = select.having && this.bindHaving(select.having);
    const qualify = select.qualify && this.bindQualify(select.qualify);
    for (const { entry, expression } of bound) this.aliases.assertRepeatable(entry, expression);
    const targets = bindSortTargets(orderBy, this.entries, (ast) => bindExpression(ast, this.at('ORDER BY')));

    const on = this.bindDistinctOn(targets);
    const setsAreLast = on.length > 0 && targets.length > 0 && this.areSetsLast([...on, ...targets], bound);
    let qualified = qualify;
    let plan = this.input;
    let outputs: readonly PendingApply[] = this.outputSubqueries;
    if (groupKeys || having || this.aggregates.items.length > 0) {
      const input = this.inputSets.over(withSubqueries(plan, this.inputSubqueries));
      if (this.aggregates.items.length > 0 && this.isRecursiveTerm) throw recursiveAggregateError(select.position);
      const dependents = new DependentColumns(groupKeys, this.scope.namespace, this.context.ids);
      const rewriter = new GroupedRewriter(groupKeys, dependents, input);
      for (const item of bound) item.expression = rewriter.rewrite(item.expression);
      for (const target of [...targets, ...on]) {
        if (target.expression) target.expression = rewriter.rewrite(target.expression);
      }
      having = having && rewriter.rewrite(having);
      qualified = qualified && rewriter.rewrite(qualified);
      this.windows.rewrite((expression) => rewriter.rewrite(expression));
      this.outputSets.rewrite(rewriter);
      outputs = this.outputSubqueries.map((apply) => rewriter.rewriteApply(apply));
      plan = groupRows(input, groupKeys && dependents.with(groupKeys), this.aggregates, this.context);
      plan = this.withOutputs(plan, outputs, having);
    } else {
      plan = this.withOutputs(plan, outputs, undefined);
    }
    if (qualified) plan = filtered(plan, qualified);
    const overSets = (rows: LogicalNode): LogicalNode =>
      withSubqueries(
        this.outputSets.over(rows),
        outputs.filter((apply) => this.outputSets.isUsedIn(apply)),
      );
    if (setsAreLast) return this.finish(plan, bound, targets, on, overSets);
    return this.finish(overSets(plan), bound, targets, on, undefined);
  }

  /**
   * What is computed over the rows after grouping: subqueries, windows, and subqueries that look at windows; those that
   * look at set functions come after them.
   */
  private withOutputs(
    grouped: LogicalNode,
    outputs: readonly PendingApply[],
    having: Expression | undefined,
  ): LogicalNode {
    const subqueries = outputs.filter((apply) => !this.outputSets.isUsedIn(apply));
    const looksAtWindows = ({ conditions }: PendingApply): boolean => this.windows.isUsedBy(conditions);
    let plan = withSubqueries(
      grouped,
      subqueries.filter((apply) => !looksAtWindows(apply)),
    );
    if (having) plan = filtered(plan, having);
    return withSubqueries(this.windows.plan(plan), subqueries.filter(looksAtWindows));
  }

  private at(clause: string, withAggregates: boolean = true, withWindows: boolean = withAggregates): ExpressionContext {
    const { context, scope } = this;
    const windows = withWindows ? this.windows : undefined;
    return withAggregates
      ? {
          context,
          scope,
          clause,
          subqueries: this.outputSubqueries,
          aggregates: this.aggregates,
          windows,
          sets: this.setsOf(clause),
          keyOf: this.keyOf,
        }
      : { context, scope, clause, subqueries: this.inputSubqueries, sets: this.inputSets };
  }

  private setsOf(clause: string): SetCollector | undefined {
    return clause === 'SELECT' || clause === 'ORDER BY' || clause === 'DISTINCT ON' ? this.outputSets : undefined;
  }

  private bindHaving(ast: Ast.Expression): Expression {
    return bindCondition(this.aliases.in(ast), this.at('HAVING', true, false), 'HAVING');
  }

  private bindQualify(ast: Ast.Expression): Expression {
    const condition = bindCondition(this.aliases.in(ast), this.at('QUALIFY'), 'QUALIFY');
    if (!this.windows.isEmpty) return condition;
    throw userError('42P20', 'QUALIFY needs a window function, in it or in the select list', {
      position: ast.position,
      hint: 'Use WHERE, or HAVING for conditions on groups.',
    });
  }

  /** DISTINCT ON takes what ORDER BY takes; the first expressions of ORDER BY must be those of DISTINCT ON. */
  private bindDistinctOn(targets: readonly SortTarget[]): readonly SortTarget[] {
    const written = this.select.distinct?.on ?? [];
    if (written.length === 0) return [];
    const items = written.map((expression): Ast.OrderByItem => {
      return { kind: 'orderByItem', expression, direction: 'asc', nulls: undefined, position: expression.position };
    });
    const at = this.at('DISTINCT ON');
    const on = bindSortTargets(items, this.entries, (ast) => bindExpression(ast, at), 'DISTINCT ON');
    checkDistinctOnOrder(on, targets);
    return on;
  }

  /** PostgreSQL calls set functions for the rows that DISTINCT ON has chosen in an order that is not by what they give. */
  private areSetsLast(chosenBy: readonly SortTarget[], bound: readonly BoundEntry[]): boolean {
    const isUsed = (expression: Expression): boolean => this.outputSets.isUsedBy(expression);
    const decides = chosenBy.some(({ output, expression }) => isUsed(expression ?? bound[output!]!.expression));
    return !decides && bound.some(({ expression }) => isUsed(expression));
  }

  private bindEntry(entry: SelectEntry, groupKeys: GroupKeys | undefined): Expression {
    const key = groupKeys?.byEntry.get(entry);
    if (key) return refer(key.column);
    return entry.ast ? bindExpression(entry.ast, this.at('SELECT')) : entry.column;
  }

  /**
   * Projection, DISTINCT, ORDER BY; columns that only ORDER BY needs are dropped at the end. With `overSets`, set functions
   * come last, for the rows that are left.
   */
  private finish(
    input: LogicalNode,
    bound: readonly BoundEntry[],
    targets: readonly SortTarget[],
    on: readonly SortTarget[],
    overSets: ((rows: LogicalNode) => LogicalNode) | undefined,
  ): BoundQuery {
    const items = this.projectItems(overSets?.(input) ?? input, bound);
    const late = items.filter(({ expression }) => overSets && this.outputSets.isUsedBy(expression));
    const early = items.filter((item) => !late.includes(item));
    const columns = items.map((item, i) => ({ name: bound[i]!.entry.name, column: item.column }));
    const hidden = overSets ? carriedItems(input, overSets, early, late) : [];
    const keys = targets.map((target): SortKey => {
      const column = this.sortColumn(target, input, items, hidden);
      return { expression: refer(column), descending: target.descending, nullsFirst: target.nullsFirst };
    });
    const onColumns = on.map((target) => this.sortColumn(target, input, items, hidden));
    let plan: LogicalNode = { kind: 'project', input, items: [...early, ...hidden] };
    if (on.length > 0) plan = firstOfEach(plan, onColumns, keys, this.context.ids);
    else if (this.select.distinct) plan = distinct(plan, items);
    if (overSets) plan = overSets(plan);
    if (keys.length > 0) plan = { kind: 'sort', input: plan, keys };
    if (hidden.length > 0 || overSets) {
      plan = {
        kind: 'project',
        input: plan,
        items: items.map((item) => (late.includes(item) ? item : { ...item, expression: refer(item.column) })),
      };
    }
    return { plan, columns };
  }

  private projectItems(input: LogicalNode, bound: readonly BoundEntry[]): ProjectItem[] {
    const inputColumns = new Map(outputOf(input).map((column) => [column.id, column]));
    const used = new Set<number>();
    const isNullable = nullableIn(input);
    return bound.map(({ entry, expression }): ProjectItem => {
      const same = expression.kind === 'column' ? inputColumns.get(expression.column) : undefined;
      if (same && !used.has(same.id)) {
        used.add(same.id);
        return { column: { ...same, name: entry.name }, expression };
      }
      const nullable = mayBeNull(expression, isNullable);
      return { column: this.context.ids.column(entry.name, expression.type, nullable), expression };
    });
  }

  private sortColumn(
    target: SortTarget,
    input: LogicalNode,
    items: readonly ProjectItem[],
    hidden: ProjectItem[],
  ): LogicalColumn {
    if (target.output !== undefined) return items[target.output]!.column;
    const expression = resolveUnknown(this.context, target.expression!, target.position);
    const key = expressionKey(expression);
    const existing = [...items, ...hidden].find((item) => expressionKey(item.expression) === key);
    if (existing) return existing.column;
    if (this.select.distinct && this.select.distinct.on.length === 0) {
      throw userError('42P10', 'for SELECT DISTINCT, ORDER BY expressions must appear in select list', {
        position: target.position,
        hint: 'Add the expression to the SELECT list, or leave DISTINCT out.',
      });
    }
    const [same] = expression.kind === 'column' ? outputOf(input).filter(({ id }) => id === expression.column) : [];
    const column = same ?? this.context.ids.column('order', expression.type, true);
    hidden.push({ column, expression });
    return column;
  }
}

/** The columns that are needed when set functions come last, beside those that are handed on anyway. */
function carriedItems(
  input: LogicalNode,
  overSets: (rows: LogicalNode) => LogicalNode,
  early: readonly ProjectItem[],
  late: readonly ProjectItem[],
): ProjectItem[] {
  const nothing: LogicalNode = { kind: 'values', columns: [], rows: [] };
  const needed = freeColumnsOf({ kind: 'project', input: overSets(nothing), items: late });
  const known = new Set(early.map(({ column }) => column.id));
  const carried = outputOf(input).filter(({ id }) => needed.has(id) && !known.has(id));
  return carried.map((column) => ({ column, expression: refer(column) }));
}

function recursiveAggregateError(position: number): Error {
  return userError('42P19', "aggregate functions are not allowed in a recursive query's recursive term", {
    position,
    hint: 'Aggregate in the query that reads the recursive one.',
  });
}

/** DISTINCT groups by every column; of rows without columns, which are all the same, it leaves one if there are any. */
export function distinct(input: LogicalNode, items: readonly { readonly column: LogicalColumn }[]): LogicalNode {
  if (items.length === 0) return { kind: 'limit', input, limit: 1, offset: 0 };
  const groupKeys = items.map(({ column }) => ({ column, expression: refer(column) }));
  return { kind: 'aggregate', input, groupKeys, aggregates: [] };
}
