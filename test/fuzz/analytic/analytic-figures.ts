import { group } from '../sql-tree.js';
import { type AnalyticOperand, itemList, nullOf } from './analytic-expression.js';
import type { AnalyticQuery, MadeAnalytic } from './analytic-query.js';

/** Figures of one table, each under conditions of its own: `select (select sum(a) from t where …), (select count(*) …)`. */
export function figuresQuery(maker: AnalyticQuery): MadeAnalytic {
  const { random, aggregates, relations } = maker;
  const table = random.pick(maker.tables);
  const columns = random.times(random.between(2, 4), (): AnalyticOperand => {
    const from = relations.table(table);
    const value = aggregates.make(from);
    const parts = ['(select ', value.node, ' from ', from.node, maker.where(from), ')'];
    return { ...value, node: group(value.type, parts, [nullOf(value.type)]) };
  });
  return { node: group('query', ['select ', itemList(columns)]), columns, rows: 1, unique: [] };
}
