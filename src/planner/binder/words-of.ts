import type * as Ast from '../../parser/ast/index.js';

/** Equal for expressions that are written in the same words, wherever they stand. */
export function wordsOf(ast: Ast.Expression): string {
  return JSON.stringify(ast, (name, value) => (/^end$|position$/i.test(name) ? undefined : value));
}
