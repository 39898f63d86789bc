import type { ComparisonQuery } from './comparison-query.js';

/** Aggregates that need more than a few numbers a group, and grouping by several sets. */
export const aggregateQueries: readonly ComparisonQuery[] = [
  {
    name: 'rollup, few groups',
    sql: `select l_returnflag, l_linestatus, sum(l_quantity) as q, avg(l_extendedprice) as p, count(*) as n
      from lineitem group by rollup (l_returnflag, l_linestatus) order by 1, 2`,
  },
  {
    name: 'rollup, many groups',
    sql: `select count(*) as groups, sum(n) as n from
      (select l_suppkey, l_partkey, count(*) as n from lineitem group by rollup (l_suppkey, l_partkey)) as c`,
  },
  {
    name: 'rollup, distinct',
    sql: `select l_shipmode, l_returnflag, count(distinct l_suppkey) as n
      from lineitem group by rollup (l_shipmode, l_returnflag) order by 1, 2`,
  },
  {
    name: 'cube of four',
    sql: `select count(*) as groups, sum(n) as n, sum(q) as q from
      (select l_shipmode, l_returnflag, l_linenumber, l_discount, count(*) as n, sum(l_quantity) as q
        from lineitem group by cube (l_shipmode, l_returnflag, l_linenumber, l_discount)) as c`,
  },
  {
    name: 'string_agg, few groups',
    sql: `select l_linenumber, length(string_agg(l_shipmode, ',')) as n from lineitem group by 1 order by 1`,
  },
  {
    name: 'string_agg, many groups',
    sql: `select count(*) as n, sum(length(s)) as l from
      (select o_custkey, string_agg(o_clerk, ', ') as s from orders group by o_custkey) as g`,
  },
  {
    name: 'string_agg, ordered',
    sql: `select count(*) as n, max(s) as m from (select o_custkey,
      string_agg(o_orderstatus, '' order by o_orderdate, o_orderkey) as s from orders group by o_custkey) as g`,
  },
  {
    name: 'array_agg, many groups',
    sql: `select count(*) as n, sum(cardinality(a)) as l from
      (select l_orderkey, array_agg(l_partkey) as a from lineitem group by l_orderkey) as g`,
    duckdb: `select count(*) as n, sum(len(a)) as l from
      (select l_orderkey, array_agg(l_partkey) as a from lineitem group by l_orderkey) as g`,
  },
  {
    name: 'array_agg, ordered',
    sql: `select count(*) as n, sum(a[1]) as s from (select l_suppkey,
      array_agg(l_partkey order by l_shipdate, l_orderkey, l_linenumber) as a from lineitem group by l_suppkey) as g`,
  },
  {
    name: 'percentile, one group',
    sql: `select percentile_cont(0.5) within group (order by l_extendedprice::double precision) as m,
      percentile_cont(0.9) within group (order by l_extendedprice::double precision) as p from lineitem`,
  },
  {
    name: 'percentile, few groups',
    sql: `select l_shipmode, percentile_disc(0.5) within group (order by l_extendedprice) as m
      from lineitem group by 1 order by 1`,
  },
  {
    name: 'percentile, many groups',
    sql: `select count(*) as n, sum(m) as s from (select l_suppkey,
      percentile_cont(0.5) within group (order by l_quantity::double precision) as m from lineitem group by 1) as g`,
  },
  {
    name: 'mode, many groups',
    sql: `select count(*) as n from (select l_suppkey, mode() within group (order by l_shipmode) as m
      from lineitem group by 1) as g where m >= 'A'`,
  },
  {
    name: 'count distinct, numbers',
    sql: 'select count(distinct l_partkey) as p, count(distinct l_orderkey) as o from lineitem',
  },
  {
    name: 'count distinct, texts',
    sql: 'select count(distinct l_comment) as n from lineitem',
  },
  {
    name: 'count distinct, groups',
    sql: `select l_shipmode, count(distinct l_partkey) as p, count(distinct l_suppkey) as s, sum(l_quantity) as q
      from lineitem group by 1 order by 1`,
  },
  {
    name: 'count distinct, pairs',
    sql: 'select count(distinct (l_suppkey, l_shipdate)) as n from lineitem',
  },
  {
    name: 'count distinct, many groups',
    sql: `select count(*) as n, sum(d) as s from
      (select l_suppkey, count(distinct l_shipdate) as d from lineitem group by 1) as g`,
  },
  {
    name: 'statistics',
    sql: `select l_shipmode, corr(l_quantity::double precision, l_extendedprice::double precision) as c,
      regr_slope(l_extendedprice::double precision, l_quantity::double precision) as r,
      stddev_samp(l_discount::double precision) as d from lineitem group by 1 order by 1`,
  },
  {
    name: 'deviation of decimals, many groups',
    sql: `select count(*) as n, sum(d) as d, sum(v) as v from
      (select l_partkey, stddev_samp(l_extendedprice) as d, var_pop(l_quantity) as v from lineitem group by 1) as q`,
  },
  {
    name: 'skewness and kurtosis',
    sql: `select l_shipmode, skewness(l_extendedprice::double precision) as s,
      kurtosis_pop(l_quantity::double precision) as k from lineitem group by 1 order by 1`,
    // DuckDB has the skewness of the sample.
    duckdb: `select l_shipmode, skewness(l_extendedprice::double) * (count(*) - 2) / sqrt(count(*) * (count(*) - 1.0::double)) as s,
      kurtosis_pop(l_quantity::double) as k from lineitem group by 1 order by 1`,
  },
  {
    name: 'distances from the median',
    sql: 'select l_shipmode, mad(l_extendedprice::double precision) as d from lineitem group by 1 order by 1',
  },
  {
    name: 'entropy and histogram',
    sql: `select entropy(l_partkey) as e, cardinality(histogram(l_quantity)) as h from lineitem`,
  },
  {
    name: 'histogram, groups',
    sql: `select l_shipmode, histogram(l_quantity::integer)::text as h from lineitem group by 1 order by 1`,
  },
  {
    name: 'arg_max',
    sql: `select count(*) as n, sum(p) as s from (select l_suppkey,
      arg_max(l_partkey, l_orderkey * 8 + l_linenumber) as p from lineitem group by 1) as g`,
  },
  {
    name: 'filter clauses',
    sql: `select l_suppkey % 100 as k, count(*) filter (where l_shipmode = 'AIR') as a,
      sum(l_quantity) filter (where l_returnflag = 'R') as r, max(l_tax) filter (where l_discount > 0.05) as t
      from lineitem group by 1 order by 1`,
  },
];
