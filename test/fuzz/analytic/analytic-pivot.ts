import { group, list } from '../sql-tree.js';
import type { AnalyticType } from './analytic-columns.js';
import { type AnalyticOperand, COMPARED, itemList } from './analytic-expression.js';
import type { AnalyticQuery, MadeAnalytic } from './analytic-query.js';
import type { AnalyticRelation } from './analytic-relation.js';

const KEYS: Partial<Record<AnalyticType, readonly string[]>> = {
  integer: ['0', '1', '2', '7'],
  text: ["'a0'", "'b1'", "'c2'"],
  boolean: ['true', 'false'],
};

/** Rows become columns: `from (select k, c, v) pivot (sum(v) for c in (1, 2))`. */
export function pivotQuery(maker: AnalyticQuery, from: AnalyticRelation): MadeAnalytic | undefined {
  const { random, expressions, relations } = maker;
  const grouped = from.columns.filter(({ type, exact }) => exact && COMPARED.includes(type));
  const turned = grouped.filter(({ type }) => KEYS[type] !== undefined);
  if (turned.length === 0) return undefined;
  const [key, column] = [random.pick(grouped), random.pick(turned)];
  const value = expressions.make('integer', from.columns, 1);
  if (value.limit > 1e9) return undefined;
  const inner = group('query', ['select ', itemList([key, column, value]), ' from ', from.node, maker.where(from)]);
  const aggregate = random.pick(['sum', 'max', 'count']);
  const values = KEYS[column.type]!;
  const names = values.map((_, index) => `v${index}`);
  const items = values.map((text, index) => `${text} as ${names[index]!}`);
  const alias = relations.alias();
  const shown = ['c0', ...names].map((name, index) => `${name} as c${index}`).join(', ');
  const parts = [
    `select ${shown} from (`,
    inner,
    `) as ${alias} pivot (${aggregate}(c2) for c1 in (`,
    items.join(', '),
    '))',
  ];
  const columns: AnalyticOperand[] = [
    key,
    ...names.map(
      (name): AnalyticOperand => ({
        node: group('bigint', [name]),
        ...{ type: 'bigint', limit: 1e15, scale: 0, distinct: Number.POSITIVE_INFINITY, share: 1, exact: true },
      }),
    ),
  ];
  return { node: group('query', parts), columns, rows: Math.min(from.rows, key.distinct + 1), unique: [0] };
}

/** Columns become rows: `from t unpivot (value for name in (a, b))`. */
export function unpivotQuery(maker: AnalyticQuery, from: AnalyticRelation): MadeAnalytic | undefined {
  const { random, expressions, relations } = maker;
  const keys = from.columns.filter(({ type, exact }) => exact && COMPARED.includes(type));
  if (keys.length === 0) return undefined;
  const key = random.pick(keys);
  const values = random.times(2, () => expressions.make('integer', from.columns, 1));
  const inner = group('query', ['select ', itemList([key, ...values]), ' from ', from.node, maker.where(from)]);
  const names = list('', ', ', ['c1', 'c2'], 1);
  const alias = relations.alias();
  const parts = ['select c0 as c0, n as c1, v as c2 from (', inner, `) as ${alias} unpivot (v for n in (`, names, '))'];
  const columns: AnalyticOperand[] = [
    key,
    { node: group('text', ['n']), type: 'text', limit: 2, scale: 0, distinct: 2, share: 1, exact: true },
    {
      ...values[0]!,
      limit: Math.max(...values.map(({ limit }) => limit)),
      distinct: Number.POSITIVE_INFINITY,
      share: 1,
    },
  ];
  return { node: group('query', parts), columns, rows: from.rows * 2, unique: [] };
}
