import type { Query, QueryBody } from './ast/query.js';
import type { Relation } from './ast/relation.js';
import type { Select, SelectItem } from './ast/select.js';

/** SELECT … FROM …, with no clauses but those given. */
export function plainSelect(
  items: readonly SelectItem[],
  from: readonly Relation[],
  position: number,
  { where, groupBy }: Partial<Pick<Select, 'where' | 'groupBy'>> = {},
): Select {
  const none = { distinct: undefined, having: undefined, windows: [], qualify: undefined };
  return { kind: 'select', items, from, where, groupBy, ...none, position };
}

/** A query that is its body and nothing more. */
export function plainQuery(body: QueryBody, end: number = body.position): Query {
  if (body.kind === 'query') return body;
  const none = { with: undefined, orderBy: [], limit: undefined, offset: undefined };
  return { kind: 'query', body, ...none, position: body.position, end };
}
