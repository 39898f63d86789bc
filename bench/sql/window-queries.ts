import type { ComparisonQuery } from './comparison-query.js';

/** Window functions over all of `lineitem`, each summed up in a row, so that no result has to be handed over. */
export const windowQueries: readonly ComparisonQuery[] = [
  {
    name: 'window, numbers',
    sql: `select count(*) as n, sum(r) as s from
      (select row_number() over (partition by l_orderkey order by l_linenumber) as r from lineitem) as w`,
  },
  {
    name: 'window, frames',
    sql: `select count(*) as n, max(s) as s from
      (select sum(l_quantity) over (partition by l_suppkey order by l_shipdate, l_orderkey, l_linenumber
        rows between 10 preceding and current row) as s from lineitem) as w`,
  },
  {
    name: 'window, long frames',
    sql: `select count(*) as n, sum(s) as s from
      (select max(l_extendedprice) over (partition by l_suppkey order by l_shipdate, l_orderkey, l_linenumber
        rows between 200 preceding and 100 following) as s from lineitem) as w`,
  },
  {
    name: 'window, range of days',
    sql: `select count(*) as n, sum(s) as s from
      (select sum(l_quantity) over (partition by l_suppkey order by l_shipdate
        range between interval '30 days' preceding and current row) as s from lineitem) as w`,
  },
  {
    name: 'window, one partition',
    sql: `select count(*) as n, sum(r) as s from
      (select rank() over (order by l_extendedprice) as r from lineitem) as w`,
  },
  {
    name: 'window, running',
    sql: `select count(*) as n, sum(s) as s from
      (select sum(l_quantity) over (partition by l_suppkey order by l_shipdate) as s from lineitem) as w`,
  },
  {
    name: 'window, shares',
    sql: `select count(*) as n, max(s) as s from
      (select l_extendedprice / sum(l_extendedprice) over (partition by l_partkey) as s from lineitem) as w`,
  },
  {
    name: 'window, neighbours',
    sql: `select count(*) as n, sum(s) as s from
      (select l_quantity - lag(l_quantity)
          over (partition by l_partkey order by l_shipdate, l_orderkey, l_linenumber) as s from lineitem) as w`,
  },
  {
    name: 'window, quarters',
    sql: `select t, count(*) as n from (select ntile(4) over (partition by l_suppkey order by l_shipdate) as t
      from lineitem) as w group by t order by t`,
  },
  {
    name: 'top of partition, first three',
    sql: `select count(*) as n, sum(l_extendedprice) as s from
      (select l_extendedprice, row_number() over (partition by l_suppkey order by l_extendedprice desc) as r
        from lineitem) as w where r <= 3`,
  },
  {
    name: 'top of partition, ranks',
    sql: `select count(*) as n, sum(l_orderkey) as s from (select l_orderkey from lineitem
      qualify rank() over (partition by l_partkey order by l_shipdate desc) <= 2) as w`,
  },
  {
    name: 'top of partition, few',
    sql: `select l_shipmode, l_extendedprice from (select l_shipmode, l_extendedprice,
        row_number() over (partition by l_shipmode order by l_extendedprice desc, l_orderkey) as r
      from lineitem) as w where r <= 5 order by 1, 2 desc`,
  },
  {
    name: 'top of partition, many',
    sql: `select count(*) as n, sum(l_extendedprice) as s from (select l_extendedprice,
        row_number() over (partition by l_orderkey order by l_extendedprice desc) as r from lineitem) as w where r = 1`,
  },
  {
    name: 'top of partition, lateral',
    sql: `select count(*) as n, sum(p) as s from supplier, lateral
      (select l_extendedprice as p from lineitem where l_suppkey = s_suppkey order by l_extendedprice desc limit 3) as t`,
  },
  {
    name: 'distinct on, suppliers',
    sql: `select count(*) as n, sum(p) as s from (select distinct on (l_suppkey) l_extendedprice as p from lineitem
      order by l_suppkey, l_shipdate desc, l_orderkey, l_linenumber) as d`,
  },
  {
    name: 'distinct on, customers',
    sql: `select count(*) as n, sum(length(c)) as s from (select distinct on (o_custkey) o_comment as c from orders
      order by o_custkey, o_orderdate, o_orderkey) as d`,
  },
];
