import type { ComparisonQuery } from './comparison-query.js';

/** Texts, patterns, JSON, dates, casts and conditions: expressions over all rows of a table. */
export const textQueries: readonly ComparisonQuery[] = [
  // In DuckDB ~ must match the whole text, so patterns here do.
  {
    name: 'pattern, literals',
    sql: `select count(*) as n from lineitem where l_comment ~ '^.*special.*requests.*$'`,
  },
  {
    name: 'pattern, classes',
    sql: `select count(*) as n from lineitem where l_comment ~ '^.*[aeiou]{3}.*$'`,
  },
  {
    name: 'pattern, words',
    sql: `select count(*) as n from lineitem where l_comment ~ '^.*(fluff|quick|bold) (pack|dep).*$'`,
  },
  {
    name: 'pattern, replace all',
    sql: `select sum(length(regexp_replace(o_comment, '[aeiou]+', '-', 'g'))) as n from orders`,
  },
  {
    name: 'pattern, captures',
    sql: `select max(regexp_replace(o_comment, '^([a-z]+) ([a-z]+).*$', '\\2 \\1')) as m,
      sum(length(regexp_replace(o_comment, '([a-z]+)ly', '<\\1>', 'g'))) as n from orders`,
  },
  {
    name: 'pattern, by row',
    sql: `select count(*) as n from customer where c_comment ~ case c_nationkey % 3
      when 0 then '^.*[aeiou]{3}.*$' when 1 then '^.*ly .*$' else '^.*(pack|dep).*$' end`,
  },
  {
    name: 'like, contains',
    sql: `select count(*) as n from lineitem where l_comment like '%furiously%'`,
  },
  {
    name: 'like, parts',
    sql: `select count(*) as n from orders where o_comment like '%special%requests%' or o_comment ilike 'FURIOUS%'`,
  },
  {
    name: 'like, not',
    sql: `select count(*) as n from lineitem where l_comment not like '%a_e%' and l_shipinstruct like 'D%N%'`,
  },
  {
    name: 'text, edited',
    sql: `select sum(length(upper(l_comment))) as u, sum(length(replace(l_comment, 'the', ''))) as r,
      max(substring(l_comment from 3 for 5)) as s from lineitem`,
  },
  {
    name: 'text, split',
    sql: `select split_part(l_comment, ' ', 2) as w, count(*) as n from lineitem group by 1 order by 2 desc, 1 limit 10`,
  },
  {
    name: 'text, joined',
    sql: `select max(l_shipmode || '-' || l_returnflag || lpad(l_linenumber::text, 4, '0')) as m,
      sum(length(concat_ws('/', l_shipmode, l_shipinstruct, l_comment))) as n from lineitem`,
  },
  {
    name: 'text, md5',
    sql: 'select max(md5(o_clerk)) as m, min(md5(o_comment)) as n from orders',
  },
  {
    name: 'json, members',
    sql: `select sum((j ->> 'k')::bigint) as s, max(j ->> 'c') as m from
      (select ('{"k": ' || o_orderkey || ', "c": "' || o_clerk || '", "x": [1, 2]}')::json as j from orders) as t`,
  },
  {
    name: 'json, groups',
    sql: `select j ->> 'p' as p, count(*) as n from
      (select ('{"k": ' || o_orderkey || ', "p": "' || o_orderpriority || '"}')::json as j from orders) as t
      group by 1 order by 1`,
  },
  {
    name: 'json, nested',
    sql: `select sum((j #>> '{a,1,k}')::bigint) as s, max(j -> 'a' ->> 0) as m from
      (select ('{"x": {"y": [1, {"z": "' || o_comment || '"}]}, "a": ["' || o_clerk || '", {"k": ' || o_orderkey || '}]}')::json
        as j from orders) as t`,
    duckdb: `select sum((j ->> '$.a[1].k')::bigint) as s, max(j -> 'a' ->> 0) as m from
      (select ('{"x": {"y": [1, {"z": "' || o_comment || '"}]}, "a": ["' || o_clerk || '", {"k": ' || o_orderkey || '}]}')::json
        as j from orders) as t`,
  },
  {
    name: 'dates, parts',
    sql: `select extract(year from l_shipdate) as y, extract(month from l_commitdate) as m, count(*) as n
      from lineitem group by 1, 2 order by 1, 2`,
  },
  {
    name: 'dates, truncated',
    sql: `select date_trunc('month', l_shipdate)::date as m, sum(l_quantity) as q, avg(l_receiptdate - l_shipdate) as d
      from lineitem group by 1 order by 1`,
  },
  {
    name: 'dates, intervals',
    sql: `select count(*) as n from lineitem
      where l_shipdate + interval '1 month' < l_receiptdate + interval '5 days'`,
  },
  {
    name: 'dates, printed',
    sql: `select to_char(l_shipdate, 'YYYY-MM') as m, count(*) as n from lineitem group by 1 order by 1`,
    duckdb: `select strftime(l_shipdate, '%Y-%m') as m, count(*) as n from lineitem group by 1 order by 1`,
  },
  {
    name: 'cast, texts to numbers',
    sql: `select sum(substring(o_clerk from 7)::bigint) as s, sum((o_orderkey::text || '.25')::double precision) as d
      from orders`,
  },
  {
    name: 'cast, texts to decimals',
    sql: `select sum(t::decimal(15,2)) as s from (select l_extendedprice::text as t from lineitem) as c`,
  },
  {
    name: 'cast, texts to dates',
    sql: `select min(d) as a, count(distinct d) as n from (select (l_shipdate::text)::date as d from lineitem) as c`,
  },
  {
    name: 'cast, dirty numbers',
    sql: `select sum(try_cast(t as bigint)) as b, count(try_cast(t || '.5' as double precision)) as d,
      count(try_cast(t as decimal(6,2))) as n from
      (select case when l_linenumber < 3 then l_shipmode else l_orderkey::text end as t from lineitem) as c`,
  },
  {
    name: 'cast, dirty dates',
    sql: `select count(distinct try_cast(t as date)) as d, count(try_cast(t || ' 10:00' as timestamp)) as n from
      (select case when l_linenumber < 3 then l_comment else l_shipdate::text end as t from lineitem) as c`,
  },
  {
    name: 'cast, long fractions',
    sql: `select sum((o_orderkey::text || '.12345678901234567')::double precision) as s,
      max(('0.' || o_orderkey::text || '8901234567890123456')::double precision) as m from orders`,
  },
  {
    name: 'cast, nested texts',
    sql: `select sum(cardinality(x[1])) as n, max(x[1][1]) as m from
      (select ('{{' || o_orderkey::text || ',2},{3,4}}')::integer[][] as x from orders) as c`,
    duckdb: `select sum(len(x[1])) as n, max(x[1][1]) as m from
      (select ('[[' || o_orderkey::text || ',2],[3,4]]')::integer[][] as x from orders) as c`,
  },
  {
    name: 'case, sums',
    sql: `select sum(case when l_quantity < 10 then 1 when l_quantity < 30 then 2 else 3 end) as s,
      sum(case l_shipmode when 'AIR' then l_extendedprice when 'RAIL' then -l_extendedprice else 0 end) as p
      from lineitem`,
  },
  {
    name: 'case, groups',
    sql: `select case when l_discount > 0.05 then 'high' when l_tax > 0.04 then 'taxed' else 'low' end as k,
      count(*) as n, avg(coalesce(nullif(l_quantity, 1), 0)) as q from lineitem group by 1 order by 1`,
  },
  {
    name: 'mathematics',
    sql: `select sum(sqrt(l_extendedprice::double precision) * ln(l_quantity::double precision + 1)) as s,
      sum(round(l_extendedprice * (1 - l_discount), 1)) as r, sum(power(l_tax::double precision, 2)) as p from lineitem`,
  },
];
