import { userError } from '../../common/errors.js';
import { isAggregate } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { expressionKey } from '../logical/expression-tree.js';
import type { ProjectItem } from '../logical/logical-plan.js';
import type { BindSettings, ExpressionContext } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { outputName, type SelectEntry } from './bind-select-list.js';
import { resolveUnknown } from './coerce.js';
import { type GroupingSet, groupingSets } from './grouping-sets.js';
import { hasSubquery } from './has-subquery.js';
import { findColumn } from './scope.js';
import { isSetFunction } from './set-functions.js';

export interface GroupKeys {
  readonly items: readonly ProjectItem[];
  /** Where there are several grouping sets: the keys of each, as indexes into `items`. */
  readonly sets?: readonly GroupingSet[] | undefined;
  /** Select items that became keys, by their syntax node. */
  readonly byAst: ReadonlyMap<Ast.Expression, ProjectItem>;
}

/** GROUP BY: expressions, names of input or (where there is none) output columns, and positions. */
export function bindGroupBy(
  groupBy: Ast.GroupByClause,
  entries: readonly SelectEntry[],
  at: ExpressionContext,
): GroupKeys {
  const items: ProjectItem[] = [];
  const byKey = new Map<string, ProjectItem>();
  const byAst = new Map<Ast.Expression, ProjectItem>();
  const add = (expression: Expression, ast: Ast.Expression | undefined, name: string): number => {
    const key = expressionKey(expression);
    let item = byKey.get(key);
    if (!item) {
      item = { column: at.context.ids.column(name, expression.type, true), expression };
      byKey.set(key, item);
      items.push(item);
    }
    if (ast) byAst.set(ast, item);
    return items.indexOf(item);
  };
  const addEntry = (entry: SelectEntry): number =>
    entry.ast ? add(bindKey(entry.ast, at), entry.ast, entry.name) : add(entry.column, undefined, entry.name);
  if (groupBy.all) {
    for (const entry of entries)
      if (!entry.ast || !containsAggregate(entry.ast, at.context.userFunctions)) addEntry(entry);
    return { items, byAst };
  }
  const sets = groupingSets(groupBy, (element) =>
    element.expressions.map((expression) => {
      const entry = namedEntry(expression, entries, at);
      return entry ? addEntry(entry) : add(bindKey(expression, at), expression, outputName(expression));
    }),
  );
  return { items, byAst, sets: sets.length === 1 ? undefined : sets };
}

/**
 * Each subquery or set function that is bound makes columns of its own. So that one which is repeated after grouping is the key, and not
 * another subquery over columns that are not grouped by, it is found by its words.
 */
export function keysInSameWords({ byAst }: GroupKeys): ExpressionContext['keyOf'] {
  const byWords = new Map<string, Expression>();
  const isBoundAnew = (ast: Ast.Expression): boolean => hasSubquery(ast) || hasSetCall(ast);
  for (const [ast, { expression }] of byAst) if (isBoundAnew(ast)) byWords.set(wordsOf(ast), expression);
  if (byWords.size === 0) return undefined;
  return (ast) => (isBoundAnew(ast) ? byWords.get(wordsOf(ast)) : undefined);
}

function hasSetCall(ast: unknown): boolean {
  if (Array.isArray(ast)) return ast.some(hasSetCall);
  if (typeof ast !== 'object' || ast === null) return false;
  const node = ast as Ast.Expression;
  return (node.kind === 'functionCall' && isSetFunction(functionName(node))) || Object.values(ast).some(hasSetCall);
}

function wordsOf(ast: Ast.Expression): string {
  return JSON.stringify(ast, (name, value) => (/^end$|position$/i.test(name) ? undefined : value));
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
  if (ast.kind === 'numericLiteral' && /^\d+$/.test(ast.text)) {
    const entry = entries[Number(ast.text) - 1];
    if (entry) return entry;
    throw userError('42P10', `GROUP BY position ${ast.text} is not in select list`, {
      position: ast.position,
      hint: `Positions go from 1 to ${entries.length}.`,
    });
  }
  if (ast.kind !== 'columnReference' || ast.parts.length > 1) return undefined;
  const { name } = ast.parts[0]!;
  if (findColumn(at.scope.namespace.visible, name, ast.position)) return undefined;
  const [entry, other] = entries.filter((candidate) => candidate.name === name);
  if (other) throw userError('42702', `GROUP BY "${name}" is ambiguous`, { position: ast.position });
  return entry;
}

/** Does an aggregate, or a window function, occur in the expression, not counting subqueries? */
function containsAggregate(ast: Ast.Expression, userFunctions: BindSettings['userFunctions']): boolean {
  const visit = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(visit);
    if (typeof value !== 'object' || value === null) return false;
    const { kind } = value as { kind?: unknown };
    if (kind === 'query') return false;
    if (kind === 'functionCall' && (value as Ast.FunctionCall).over) return true;
    if (kind === 'functionCall' && isAggregate(functionName(value as Ast.FunctionCall), userFunctions)) return true;
    return Object.values(value).some(visit);
  };
  return visit(ast);
}
