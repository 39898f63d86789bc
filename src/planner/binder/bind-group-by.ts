import { userError } from '../../common/errors.js';
import { isAggregate } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { findNode, type SyntaxNode } from '../../parser/index.js';
import type { Expression } from '../expression.js';
import { expressionKey, refer } from '../logical/expression-tree.js';
import type { ProjectItem } from '../logical/logical-plan.js';
import { isVolatile } from '../optimizer/volatility.js';
import type { BindContext, BindSettings, ExpressionContext } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName, isGrouping } from './bind-function-call.js';
import { placeAmong } from './bind-order-by.js';
import { outputName, type SelectEntry } from './bind-select-list.js';
import { resolveUnknown } from './coerce.js';
import { type GroupingSet, groupingSets } from './grouping-sets.js';
import { findsRepeated, isBoundAnew } from './repeated-expressions.js';
import { findColumn } from './scope.js';

export interface GroupKeys {
  readonly items: readonly ProjectItem[];
  /** Where there are several grouping sets: the keys of each, as indexes into `items`. */
  readonly sets?: readonly GroupingSet[] | undefined;
  /** What GROUP BY names, by its syntax node. */
  readonly byAst: ReadonlyMap<Ast.Expression, ProjectItem>;
  /** Entries of the select list that GROUP BY names. */
  readonly byEntry: ReadonlyMap<SelectEntry, ProjectItem>;
  /** What an expression anywhere else means, by `expressionKey`: of equal keys the one that comes first in the select list. */
  readonly byExpression: ReadonlyMap<string, ProjectItem>;
}

interface Key {
  readonly item: ProjectItem;
  readonly index: number;
  readonly expressionKey: string;
  /** Where in the select list it stands; behind it if it does not. */
  readonly place: number;
}

/**
 * GROUP BY: expressions, names of input or (where there is none) output columns, and positions. As in PostgreSQL a key is
 * an entry of the select list, and what is written as an expression the first that equals it. Two entries that are equal
 * are two keys: one set may have the one, another set the other.
 */
export function bindGroupBy(
  groupBy: Ast.GroupByClause,
  entries: readonly SelectEntry[],
  at: ExpressionContext,
): GroupKeys {
  const keys = new Map<string, Key>();
  const byAst = new Map<Ast.Expression, ProjectItem>();
  const byEntry = new Map<SelectEntry, ProjectItem>();
  const hasSets = groupBy.elements.some(({ kind }) => kind === 'groupingSetList');
  const add = (expression: Expression, name: string, entry: number): Key => {
    const key = expressionKey(expression);
    const isOfEntry = hasSets || isVolatile(expression);
    const identity = isOfEntry ? `${entry} ${key}` : key;
    const known = keys.get(identity);
    if (known) return known;
    const item = { column: at.context.ids.column(name, expression.type, true), expression };
    const added: Key = { item, index: keys.size, expressionKey: key, place: entry < 0 ? entries.length : entry };
    keys.set(identity, added);
    return added;
  };
  const addEntry = (entry: SelectEntry): number => {
    const key = add(entry.ast ? bindKey(entry.ast, at) : entry.column, entry.name, entries.indexOf(entry));
    if (entry.ast) byAst.set(entry.ast, key.item);
    byEntry.set(entry, key.item);
    return key.index;
  };
  const expressionKeys = hasSets ? entries.map((entry) => comparableKey(entry, at)) : [];
  const addWritten = (ast: Ast.Expression): number => {
    const expression = bindKey(ast, at);
    const key = add(expression, outputName(ast), expressionKeys.indexOf(expressionKey(expression)));
    byAst.set(ast, key.item);
    return key.index;
  };
  const done = (sets: readonly GroupingSet[]): GroupKeys => {
    const all = [...keys.values()];
    const ranked = all.toSorted((left, right) => right.place - left.place);
    return {
      items: all.map(({ item }) => item),
      sets: sets.length > 1 ? sets : undefined,
      byAst,
      byEntry,
      byExpression: new Map(ranked.map(({ expressionKey, item }) => [expressionKey, item])),
    };
  };
  if (groupBy.all) {
    for (const entry of entries)
      if (!entry.ast || !containsAggregate(entry.ast, at.context.userFunctions)) addEntry(entry);
    return done([]);
  }
  return done(
    groupingSets(groupBy, (element) =>
      element.expressions.map((expression) => {
        const entry = namedEntry(expression, entries, at);
        return entry ? addEntry(entry) : addWritten(expression);
      }),
    ),
  );
}

/** What an expression of GROUP BY would have to equal to be the entry; undefined where none can. */
function comparableKey(entry: SelectEntry, at: ExpressionContext): string | undefined {
  const { ast } = entry;
  if (!ast) return expressionKey(entry.column);
  if (isBoundAnew(ast, at.context) || containsAggregate(ast, at.context.userFunctions)) return undefined;
  return expressionKey(bindKey(ast, { ...at, subqueries: [], sets: undefined }));
}

/** What GROUP BY names is the key itself, also a subquery or set function that is repeated after grouping. */
export function keysByAst({ byAst }: GroupKeys, context: BindContext): ExpressionContext['keyOf'] {
  if (byAst.size === 0) return undefined;
  const repeated = findsRepeated(
    [...byAst].map(([ast, item]) => [ast, refer(item.column)]),
    context,
  );
  return (ast) => {
    const item = byAst.get(ast);
    return item === undefined ? repeated(ast) : refer(item.column);
  };
}

function bindKey(ast: Ast.Expression, at: ExpressionContext): Expression {
  return resolveUnknown(at.context, bindExpression(ast, at), ast.position);
}

/** The select item that a position or an output name in GROUP BY means. */
function namedEntry(
  ast: Ast.Expression,
  entries: readonly SelectEntry[],
  at: ExpressionContext,
): SelectEntry | undefined {
  const place = placeAmong(ast, entries, 'GROUP BY');
  if (place !== undefined) return entries[place];
  if (ast.kind !== 'columnReference' || ast.parts.length > 1) return undefined;
  const { name } = ast.parts[0]!;
  if (findColumn(at.scope.namespace.visible, name, ast.position)) return undefined;
  const [entry, other] = entries.filter((candidate) => candidate.name === name);
  if (other) throw userError('42702', `GROUP BY "${name}" is ambiguous`, { position: ast.position });
  return entry;
}

/** Does an aggregate, GROUPING or a window function occur in the expression, not counting subqueries? */
function containsAggregate(ast: Ast.Expression, userFunctions: BindSettings['userFunctions']): boolean {
  const isOne = (node: SyntaxNode): boolean => {
    if (node.kind !== 'functionCall') return false;
    const name = functionName(node);
    const isCounted = node.over !== undefined || node.withinGroup !== undefined;
    return isCounted || isAggregate(name, userFunctions) || isGrouping(name);
  };
  return findNode(ast, isOne, ({ kind }) => kind === 'query') !== undefined;
}
