/** What queries are made of only once the engine has it, each with a query that tells. */
export const FEATURE_PROBES = {
  window: 'select sum(i) over (order by i) from generate_series(1, 2) as g(i)',
  'grouping sets': 'select i, count(*) from generate_series(1, 2) as g(i) group by rollup (i)',
  'intersect all': 'select i from generate_series(1, 2) as g(i) intersect all select 1',
  lateral: 'select * from generate_series(1, 2) as g(i) join lateral (select i + 1 as c) as q(c) on true',
} as const;

export type FuzzFeature = keyof typeof FEATURE_PROBES;
