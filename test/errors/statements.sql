-- names
select nope from t;
select t.nope from t;
select nope.a from t;
select * from nope;
select * from nope.t;
select x.* from t;
select a from t, u;
select a from t join u on t.a = u.a;
select t.a from t as y;
select T.aa from t;
select nope(1);
select lenght('a');
select length(1);
-- differs: PostgreSQL has length(bytea, encoding)
select length('a', 'b');
select round();
select upper(1.5, 2);
select count(a, b) from t;
select sum(b) from t;
select avg(d) from t;
select nope.f(1);
select a::nope from t;
select cast(a as strin) from t;
select 1 as x, * from t order by y;
select a from t order by t.y;
select a as z from t where z = 1;
select a as z from t group by a having z > 1;
select count(*) as n from t where n > 1;
select * from t as x, u as x;
select 1 from t, t;
with w as (select 1 as a), w as (select 2 as b) select * from w;
with w(a, b) as (select 1) select * from w;
select * from (select 1) as q(a, b);
select * from (values (1, 2)) as v(a, b, c);
select a from t union select z from u;
select 1 from t where exists (select 1 from u where u.nope = t.a);
select u.a from t left join u using (nope);
select * from t join u using (b);
select * from t join u on t.a = v.a;
select * from t join u on t.nope = u.a;
select * from t, lateral (select nope) as q;
select * from t, (select t.a) as q;
-- aggregates and grouping
select a, count(*) from t;
select a, b from t group by a;
select a + 1 from t group by b;
select * from t group by a;
select a from t where count(*) > 1;
select count(*) from t group by count(*);
select sum(count(*)) from t;
select a from t group by a order by b;
select a from t having b > 1;
select a from t group by 2;
select a from t group by 0;
select a from t order by 2;
select a from t order by 0;
select a, count(*) from t group by 1, 2;
select t.a from t join u on count(*) = 1;
select a from t limit a;
select a from t limit count(*);
select distinct a from t order by b;
select count(distinct *) from t;
select count(*) filter (where count(*) > 1) from t;
select length(distinct b) from t;
select length(b) filter (where true) from t;
-- not yet: windows
select sum(a) over (order by a) from t where sum(a) over () > 1;
-- not yet: windows
select rank() from t;
-- not yet: windows
select row_number() from t;
-- not yet: windows
select a from t where row_number() over () = 1;
-- not yet: windows
select sum(rank() over ()) over () from t;
select a from t union select b from u order by a + 1;
select a from t union select a from u order by t.a;
select grouping(a) from t;
select (select a, b from t);
select a in (select a, x from u) from t;
select (a, b) in (select a from u) from t;
select (select a from t union select 1, 2);
-- types
select 'a' + 1;
select b + 1 from t;
select a || 1 from t;
select d + d from t;
select d - b from t;
select not a from t;
select a and true from t;
select a from t where a;
select a from t where b;
select a from t where 1;
select a from t where 'x';
select a from t having a;
select case when a then 1 end from t;
select case when true then 1 else 'x' end;
select case when true then a else b end from t;
select case a when 'x' then 1 end from t;
select coalesce(a, b) from t;
select coalesce(1, 'x');
select nullif(a, b) from t;
select greatest(a, d) from t;
select a from t union select b from t;
select 1 union select 'x';
select 1, 2 union select 1;
select 1 intersect select 1, 2;
select a = b from t;
select a = 'x' from t;
select a < d from t;
select d = 'nope' from t;
select a in (1, 'x') from t;
select a in ('1', 'x') from t;
select b in (1, 2) from t;
select a between 1 and 'x' from t;
select a like 'x' from t;
select b like 1 from t;
select - b from t;
select -'x';
select a from t where a is true;
-- not yet: arrays
select a[1] from t;
-- not yet: rows
select (a).x from t;
-- differs: PostgreSQL names its own function
select extract(year from a) from t;
select date_trunc('nope', now());
select a::date from t;
select true::date;
select d::boolean from t;
-- differs: PostgreSQL 18 casts integers to bytea
select 1::bytea;
values (1, 2), (3);
values (1), ('x');
-- differs: rows are compared element by element
select * from t where (a, b) = (1);
select row(1, 2) = row(1, 2, 3);
select (1, 2) < (1, 'x', 3);
select 1 limit 'x';
select 1 limit -1;
select 1 offset -1;
select 1 limit 1.5;
-- values
select 1 / 0;
select 1 % 0;
select 1.5 / 0;
select 1::double precision / 0;
select 2147483647 + 1;
select 9223372036854775807 + 1;
select 32767::smallint + 1::smallint;
select 1000000 * 1000000;
select -(-2147483648)::integer;
select 99999999999;
select 99999999999::integer;
select 70000::smallint;
select 'x'::integer;
select ''::integer;
select '1.5'::integer;
select '99999999999'::integer;
select ' 12 '::integer;
select 'x'::numeric;
select 123.45::numeric(4, 2);
select '1e400'::double precision;
select 'x'::double precision;
select 'x'::boolean;
-- differs: dates are read in ISO form only, so that DateStyle is no help
select '2024-13-01'::date;
select '2024-02-30'::date;
select 'nope'::date;
-- differs: dates are read in ISO form only, so that DateStyle is no help
select date '2024-99-01';
select '25:00'::time;
select '2024-01-01 25:00'::timestamp;
select 'x'::interval;
select 'zz'::uuid;
select '\xzz'::bytea;
select sqrt(-1::double precision);
select ln(0::double precision);
select ln(-1.0);
-- not yet: mathematics
select power(0::double precision, -1);
-- not yet: strings
select chr(-1);
select substring('abc' from 1 for -1);
select repeat('x', 2000000000);
-- not yet: strings
select lpad('x', 2000000000);
select make_date(2024, 13, 1);
select 'a' like 'a\';
-- not yet: regular expressions
select 'a' ~ '(';
-- not yet: regular expressions
select regexp_replace('a', '[', 'x');
select split_part('a,b', ',', 0);
select (select a from (values (1), (2)) as v(a));
select 1 = (select a from (values (1), (2)) as v(a));
-- differs: set-returning functions stand in FROM
select generate_series(1, 3, 0);
select * from generate_series(1, 3, 0);
-- syntax
selec 1;
select;
select 1,;
select , 1;
select from;
select 1 from;
select * from t where;
select * t;
select * from t wher a = 1;
select * from t where a = = 1;
select * from t where a = 1 and;
select (1;
select 1);
select (1 + 2 from t;
select f(1, 2 from t;
select 'abc;
select "abc;
select /* abc;
select $$abc;
select e'\u12';
select 1 as select;
select 1 as from;
select 1 user;
select a from t order;
select a from t group a;
select a from t order by;
select a from t group by;
select a from t limit;
select a from t limit 1 limit 2;
select a from t where a = 1 where b = 2;
select a from t order by a where a = 1;
select a from t having count(*) > 1 group by a;
select a from t limit 1 order by a;
select a from t join u;
select a from t left u on true;
select a from t inner outer join u on true;
select a from t cross join u on true;
select a from t natural join u on true;
select case a when 1 then 2 from t;
select case end;
select case when a then end from t;
select cast(a) from t;
select cast(a as) from t;
select cast(a integer) from t;
select a between 1 from t;
select a in () from t;
select a not from t;
select not from t;
-- differs: EXISTS is a word of the language here
select exists from t;
-- differs: the error stands at the parenthesis
select exists (1);
select a from (select 1);
select a from (select 1 as;
select 1 union;
select 1 union all select;
select 1 except distinct all select 2;
with w as select 1 select * from w;
with w (select 1) select * from w;
with w as (select 1);
select 1 2;
select 1.2.3;
select 1a;
-- differs: wording
select 0x;
select 1__0;
-- differs: wording
select a.b.c.d.e from t;
select * as x from t;
select @ from t;
select a ? b from t;
select a === b from t;
select # 1;
select 1 from t as;
-- differs: an empty select list is allowed with DISTINCT too
select distinct from t;
select distinct on a from t;
select all distinct a from t;
select interval;
select interval 'x' yeer;
select date;
select extract(year d) from t;
select position('a', 'b');
select trim(both from);
select substring('a' from);
select overlay('a' placing);
select a::;
select ::a from t;
select array[1, 2;
-- not yet: arrays
select array[];
-- not yet: arrays
select array[1, 'x'];
insert into t values (1;
insert into t (a, nope) values (1, 2);
insert into t (a, a) values (1, 2);
insert into t (a, b) values (1);
insert into t (a) values (1, 2);
insert into nope values (1);
insert into t select 1, 2, 3, 4, 5;
insert into t (a) values ('x');
insert into t (a) select b from t;
insert t values (1);
insert into t;
create table t (a integer);
create table v (a integer, a text);
create table v (a nope);
-- differs: (a) could be the names of CREATE TABLE … AS
create table v (a);
create table v;
create table (a integer);
create view t as select 1;
create view v as select 1 as a, 2 as a;
create view v as;
create view v as select nope from t;
drop table nope;
drop table nope, t;
drop view t;
drop;
drop nope x;
truncate nope;
-- differs: ALTER TABLE has RENAME only
alter table t add nope;
set nope = 1;
set statement_timeout = 'x';
show nope;
explain;
explain nope;
begin nope;
commit work now;
frobnicate the table;
select a from t for nope;
select a from t fetch first row;
