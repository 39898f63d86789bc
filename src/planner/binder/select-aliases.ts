import type * as Ast from '../../parser/ast/index.js';
import { mapNodes } from '../../parser/index.js';
import type { SelectEntry } from './bind-select-list.js';
import type { Scope } from './scope.js';

/** The expression with those of the select list for their names, unless a column of FROM has the name. */
export function withAliases(ast: Ast.Expression, entries: readonly SelectEntry[], scope: Scope): Ast.Expression {
  return mapNodes(ast, (node) => {
    switch (node.kind) {
      case 'query':
        return node;
      case 'lambda':
        return withinLambda(node, entries, scope);
      case 'columnReference':
        return aliased(node, entries, scope);
      default:
        return undefined;
    }
  });
}

/** The parameters hide what has their names. */
function withinLambda(
  lambda: Ast.LambdaExpression,
  entries: readonly SelectEntry[],
  scope: Scope,
): Ast.LambdaExpression {
  const others = entries.filter(({ name }) => !lambda.parameters.some((parameter) => parameter.name === name));
  return { ...lambda, body: withAliases(lambda.body, others, scope) };
}

function aliased(reference: Ast.ColumnReference, entries: readonly SelectEntry[], scope: Scope): Ast.Expression {
  const [name, ...more] = reference.parts;
  if (more.length > 0) return reference;
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    if (level.namespace.visible.some((column) => column.name === name!.name)) return reference;
  }
  return entries.find((entry) => entry.name === name!.name)?.ast ?? reference;
}

/** The select list, in which an expression may use the names that stand before it. */
export function withAliasesBefore(entries: readonly SelectEntry[], scope: Scope): SelectEntry[] {
  const done: SelectEntry[] = [];
  for (const entry of entries) {
    done.push(entry.ast ? { ...entry, ast: withAliases(entry.ast, done, scope) } : entry);
  }
  return done;
}
