import { hasNode } from '../../parser/index.js';

/** Does a query stand anywhere in a piece of syntax? */
export function hasSubquery(ast: unknown): boolean {
  return hasNode(ast, ({ kind }) => kind === 'query');
}
