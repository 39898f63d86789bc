/** Does a query stand anywhere in a piece of syntax? */
export function hasSubquery(ast: unknown): boolean {
  if (Array.isArray(ast)) return ast.some(hasSubquery);
  if (typeof ast !== 'object' || ast === null) return false;
  return (ast as { kind?: unknown }).kind === 'query' || Object.values(ast).some(hasSubquery);
}
