import { group, list, renderSql, type SqlNode } from '../sql-tree.js';
import type { AnalyticOperand } from './analytic-expression.js';
import type { MadeAnalytic } from './analytic-query.js';

/** One row that says of many what they are: counts, sums and bounds of every column. */
export function summarized({ node, columns }: MadeAnalytic): SqlNode {
  const items = columns.flatMap((column, index) =>
    summaries(column, `c${index}`).map((item) => group(undefined, [item])),
  );
  return group(undefined, [
    'select ',
    list('', ', ', ['count(*)', ...items], 1),
    ' from (',
    group('query', [node]),
    ') as summed',
  ]);
}

function summaries({ type, limit, scale, exact, node }: AnalyticOperand, name: string): string[] {
  const counted = `count(${name})`;
  if (!exact || renderSql(node) === '') return [counted];
  switch (type) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return [counted, `sum(cast(${name} as numeric(38,0)))`, `count(distinct ${name})`];
    case 'numeric':
      return limit * 10 ** scale < 1e30
        ? [counted, `sum(${name})`, `count(distinct ${name})`]
        : [counted, `max(${name})`];
    case 'double precision':
      return limit < 1e9 ? [`sum(${name})`, `max(${name})`] : [counted, `min(${name})`, `count(distinct ${name})`];
    case 'text':
      return [`sum(length(${name}))`, `min(${name})`, `max(${name})`, `count(distinct ${name})`];
    case 'date':
    case 'timestamp':
      return [counted, `min(${name})`, `max(${name})`, `count(distinct ${name})`];
    case 'boolean':
      return [`count(*) filter (where ${name})`, counted];
    case 'integer[]':
    case 'text[]':
      return [counted, `sum(len(${name}))`];
    case 'struct':
      return [`sum((${name}).a)`, `max((${name}).b)`];
  }
}
