import type { ComparisonQuery } from './comparison-query.js';

/** Forms of queries: sorts, sets, recursion, rows made of arrays and series, subqueries, and joins of other kinds. */
export const shapeQueries: readonly ComparisonQuery[] = [
  {
    name: 'recursion, counting',
    sql: `with recursive t(n) as (select 1 union all select n + 1 from t where n < 300000)
      select count(*) as n, sum(n) as s from t`,
  },
  {
    name: 'recursion, reachable',
    sql: `with recursive r(x) as (select 1::bigint union
        select (x * 31 + g) % 1000003 from r, generate_series(1, 3) as s(g))
      select count(*) as n, max(x) as m from r`,
  },
  {
    name: 'recursion, joined',
    sql: `with recursive r(k, d) as (
        select o_custkey, 0 from orders where o_orderkey < 100
        union all
        select c_custkey, d + 1 from r join customer on c_custkey = (k * 7) % 150000 + 1 where d < 2000)
      select count(*) as n, sum(k) as s from r`,
  },
  {
    name: 'recursion, many roots',
    sql: `with recursive t(n, k) as (
        select o_orderkey, 0 from orders
        union all
        select n / 2, k + 1 from t where n > 1000000 and k < 20)
      select count(*) as n, sum(n) as s, max(k) as k from t`,
    duckdb: `with recursive t(n, k) as (
        select o_orderkey, 0 from orders
        union all
        select n // 2, k + 1 from t where n > 1000000 and k < 20)
      select count(*) as n, sum(n) as s, max(k) as k from t`,
  },
  {
    name: 'recursion, ranked in each round',
    sql: `with recursive t(n, k) as (
        select o_orderkey, 0 from orders where o_orderkey <= 400000
        union all
        select n, k + 1 from (select n, k, rank() over (partition by n % 1000 order by n) as r from t) as q where r <= 90 and k < 9)
      select count(*) as n, sum(n) as s, max(k) as k from t`,
  },
  {
    name: 'recursion, grouped in each round',
    sql: `with recursive t(n, k) as (
        select o_custkey, 0 from orders
        union all
        select c, k + 1 from (select n / 2 as c, k, count(*) as m from (select * from t) as r group by n / 2, k) as q where m > 1)
      select k, count(*) as n, sum(n) as s from t group by k order by k`,
    duckdb: `with recursive t(n, k) as (
        select o_custkey, 0 from orders
        union all
        select c, k + 1 from (select n // 2 as c, k, count(*) as m from (select * from t) as r group by n // 2, k) as q where m > 1)
      select k, count(*) as n, sum(n) as s from t group by k order by k`,
  },
  {
    name: 'recursion, many small rounds',
    sql: `with recursive t(n) as (
        select 1 union all select n + c::integer from (select n, count(*) over () as c from t) as q where n < 1000)
      select count(*) as n, sum(n) as s from t`,
  },
  {
    name: 'joins, nine small tables',
    sql: `select r1.r_name as a, r2.r_name as b, count(*) as n, min(c_acctbal) as least
      from supplier as s1 join nation as n1 on s1.s_nationkey = n1.n_nationkey join region as r1 on n1.n_regionkey = r1.r_regionkey
        join supplier as s2 on s2.s_suppkey = s1.s_suppkey + 1
        join nation as n2 on s2.s_nationkey = n2.n_nationkey join region as r2 on n2.n_regionkey = r2.r_regionkey
        join customer on c_custkey = s1.s_suppkey
        join nation as n3 on c_nationkey = n3.n_nationkey join region as r3 on n3.n_regionkey = r3.r_regionkey
      where s1.s_acctbal > 5000 and r3.r_name <> 'ASIA' group by a, b order by a, b`,
  },
  {
    name: 'unnest, arrays',
    sql: `select count(*) as n, sum(u) as s from
      (select unnest(array[l_partkey, l_suppkey, l_linenumber]) as u from lineitem) as t`,
  },
  {
    name: 'unnest, split texts',
    sql: `select w, count(*) as n from (select unnest(string_to_array(o_comment, ' ')) as w from orders) as t
      group by 1 order by 2 desc, 1 limit 10`,
  },
  {
    name: 'unnest, series',
    sql: `select count(*) as n, sum(g) as s from orders, generate_series(1, o_orderkey % 7) as t(g)`,
    duckdb: `select count(*) as n, sum(g) as s from
      (select unnest(generate_series(1, o_orderkey % 7)) as g from orders) as t`,
  },
  {
    name: 'unnest, days of spans',
    sql: `select count(*) as n, count(distinct d) as days, min(d) as first, max(d) as last from orders,
      generate_series(o_orderdate::timestamp, o_orderdate::timestamp + interval '4 days', interval '1 day') as t(d)`,
    duckdb: `select count(*) as n, count(distinct d) as days, min(d) as first, max(d) as last from
      (select unnest(generate_series(o_orderdate::timestamp, o_orderdate::timestamp + interval 4 day, interval 1 day)) as d
        from orders) as t`,
  },
  {
    name: 'unnest, months of spans',
    sql: `select count(*) as n, count(distinct d) as days, min(d) as first, max(d) as last from orders,
      generate_series(o_orderdate::timestamp, o_orderdate::timestamp + interval '4 months', interval '1 month') as t(d)`,
    duckdb: `select count(*) as n, count(distinct d) as days, min(d) as first, max(d) as last from
      (select unnest(generate_series(o_orderdate::timestamp, o_orderdate::timestamp + interval 4 month, interval 1 month))
        as d from orders) as t`,
  },
  {
    name: 'unnest, nested again',
    sql: `select count(*) as n, sum(u) as s from (select unnest(a) as u from
      (select l_suppkey, array_agg(l_partkey) as a from lineitem group by 1) as g) as t`,
  },
  {
    name: 'sort, wide rows',
    sql: `select sum(length(l_comment)) as n, max(r) as r from (select *, 1 as r from lineitem
      order by l_shipdate, l_extendedprice, l_comment offset 3000000) as t`,
  },
  {
    name: 'sort, texts',
    sql: `select max(c) as m, count(*) as n from
      (select l_comment as c from lineitem order by l_comment offset 4000000) as t`,
  },
  {
    name: 'sort, numbers',
    sql: `select sum(k) as s from (select l_orderkey as k from lineitem
      order by l_extendedprice desc, l_orderkey, l_linenumber offset 5000000) as t`,
  },
  {
    name: 'top-n, wide rows',
    sql: 'select * from lineitem order by l_extendedprice desc, l_orderkey, l_linenumber limit 100',
  },
  {
    name: 'top-n, with offset',
    sql: `select l_orderkey, l_comment from lineitem order by l_comment, l_orderkey, l_linenumber limit 10 offset 100000`,
  },
  {
    name: 'distinct, pairs',
    sql: `select count(*) as n from (select distinct l_partkey, l_suppkey from lineitem) as d`,
  },
  {
    name: 'distinct, texts',
    sql: `select count(*) as n from (select distinct o_clerk, o_orderpriority from orders) as d`,
  },
  {
    name: 'set, intersect',
    sql: `select count(*) as n from (select l_partkey, l_suppkey from lineitem where l_shipmode = 'AIR'
      intersect select ps_partkey, ps_suppkey from partsupp where ps_availqty > 5000) as t`,
  },
  {
    name: 'set, except',
    sql: `select count(*) as n from (select o_custkey from orders except
      select c_custkey from customer where c_acctbal < 0) as t`,
  },
  {
    name: 'set, except all',
    sql: `select count(*) as n from (select l_suppkey from lineitem except all
      select l_suppkey from lineitem where l_quantity < 25) as t`,
  },
  {
    name: 'set, union',
    sql: `select count(*) as n from (select l_shipdate as d from lineitem union
      select l_commitdate from lineitem union select l_receiptdate from lineitem) as t`,
  },
  {
    name: 'subquery, correlated average',
    sql: `select count(*) as n, sum(l_extendedprice) as s from lineitem as o where l_quantity <
      (select 0.5 * avg(l_quantity) from lineitem as i where i.l_partkey = o.l_partkey)`,
  },
  {
    name: 'subquery, exists and not',
    sql: `select count(*) as n from orders where exists (select 1 from lineitem where l_orderkey = o_orderkey
        and l_commitdate < l_receiptdate)
      and not exists (select 1 from lineitem where l_orderkey = o_orderkey and l_shipmode = 'MAIL')`,
  },
  {
    name: 'subquery, in by keys that repeat',
    sql: `select p_partkey, p_name from part where (p_brand, p_container) in (select p_brand, p_container from lineitem
      join part on l_partkey = p_partkey where l_quantity < 10) order by p_name, p_partkey limit 100`,
  },
  {
    name: 'subquery, in the list',
    sql: `select sum(m) as s, count(m) as n from (select (select max(o_totalprice) from orders
      where o_custkey = c_custkey) as m from customer) as t`,
  },
  {
    name: 'join, as of',
    sql: `select count(*) as n, sum(o_totalprice) as s from lineitem asof join
        (select o_custkey % 10000 + 1 as k, o_orderdate, max(o_totalprice) as o_totalprice from orders group by 1, 2) as o
      on l_suppkey = k and l_shipdate >= o_orderdate`,
  },
  {
    name: 'join, ranges',
    sql: `select count(*) as n from supplier as a join supplier as b
      on a.s_acctbal < b.s_acctbal and a.s_nationkey = b.s_nationkey`,
  },
  {
    name: 'join, either key',
    sql: `select count(*) as n from partsupp join part
      on ps_partkey = p_partkey and (ps_supplycost < p_retailprice / 2 or ps_availqty > 5000)`,
  },
  {
    name: 'join, full',
    sql: `select count(*) as n, count(c_custkey) as c, count(o_orderkey) as o from
      (select * from customer where c_acctbal > 0) as c full join
      (select * from orders where o_totalprice > 100000) as o on c_custkey = o_custkey`,
  },
  {
    name: 'join, grouped by a name',
    sql: `select s_name, sum(l_extendedprice) as s, count(*) as n from lineitem join supplier on l_suppkey = s_suppkey
      group by s_name`,
  },
  {
    name: 'join, grouped by brand',
    sql: 'select p_brand, avg(l_quantity) as a from lineitem join part on l_partkey = p_partkey group by p_brand',
  },
  {
    name: 'join, names of nations',
    sql: `select n_name, l_shipmode, sum(l_quantity * s_suppkey) as s from lineitem
      join supplier on l_suppkey = s_suppkey join nation on s_nationkey = n_nationkey group by n_name, l_shipmode`,
  },
  {
    name: 'join, names and numbers',
    sql: `select n_name, l_linenumber, sum(l_quantity * s_suppkey) as s from lineitem
      join supplier on l_suppkey = s_suppkey join nation on s_nationkey = n_nationkey group by n_name, l_linenumber`,
  },
  {
    name: 'cte, two conditions',
    sql: `with w as (select l_suppkey as k, l_shipmode as m, sum(l_extendedprice) as s from lineitem group by 1, 2)
      select count(*) as n, sum(b.s - a.s) as d from w as a join w as b on a.k = b.k where a.m = 'AIR' and b.m = 'RAIL'`,
  },
  {
    name: 'cte, read twice',
    sql: `with y as (select l_suppkey as k, extract(year from l_shipdate) as y, sum(l_extendedprice) as s
        from lineitem group by 1, 2)
      select count(*) as n, sum(b.s - a.s) as d from y as a join y as b on a.k = b.k and b.y = a.y + 1`,
  },
  {
    name: 'pivot',
    sql: `select * from (select l_shipmode, l_returnflag, l_quantity from lineitem) as t
      pivot (sum(l_quantity) for l_returnflag in ('A', 'N', 'R')) order by l_shipmode`,
  },
];
