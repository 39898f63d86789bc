/** What queries are made of only once the engine has it, each with a query that tells. */
export const FEATURE_PROBES = {
  window: 'select sum(i) over (order by i) from generate_series(1, 2) as g(i)',
  'grouping sets': 'select i, count(*) from generate_series(1, 2) as g(i) group by rollup (i)',
  'intersect all': 'select i from generate_series(1, 2) as g(i) intersect all select 1',
  lateral: 'select * from generate_series(1, 2) as g(i) join lateral (select i + 1 as c) as q(c) on true',
  unnest: 'select c from (values (array[1])) as v(a), unnest(v.a) as u(c)',
  'json elements': "select c from (values ('[1]'::jsonb)) as v(j), jsonb_array_elements(v.j) as u(c)",
  recursive: 'with recursive r(i) as (select 1 union all select i + 1 from r where i < 3) select * from r',
  'ordered aggregates':
    "select array_agg(i order by i), string_agg('a', ',' order by i) from generate_series(1, 2) as g(i)",
  'within group': 'select percentile_disc(0.5) within group (order by i) from generate_series(1, 2) as g(i)',
} as const;

export type FuzzFeature = keyof typeof FEATURE_PROBES;
