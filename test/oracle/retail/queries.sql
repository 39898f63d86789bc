-- customers whose returns in a store exceed those of the store's average
with returned as (
  select r.customer_key, r.store_key, sum(r.amount) as total
  from store_returns as r join dates as d on r.date_key = d.date_key
  where d.year = 2023 group by r.customer_key, r.store_key)
select c.customer_id from returned as one, stores as s, customers as c
where one.total > (select avg(total) * 1.2 from returned as other where one.store_key = other.store_key)
  and s.store_key = one.store_key and s.state <> 'OH' and one.customer_key = c.customer_key
order by c.customer_id limit 100;

-- revenue by day of the week, one year beside the next
with both_channels as (
  select date_key, sales_price from web_sales union all select date_key, sales_price from catalog_sales),
weekly as (
  select d.week,
    sum(case when d.weekday = 'Sunday' then sales_price end) as sunday,
    sum(case when d.weekday = 'Wednesday' then sales_price end) as wednesday,
    sum(case when d.weekday = 'Saturday' then sales_price end) as saturday
  from both_channels as b join dates as d on b.date_key = d.date_key group by d.week)
select one.week, round(one.sunday / next.sunday, 2) as sunday, round(one.wednesday / next.wednesday, 2) as wednesday,
  round(one.saturday / next.saturday, 2) as saturday
from weekly as one join weekly as next on one.week = next.week - 52
where one.week between 10 and 40 order by 1;

-- customers whose spending grew more by web than in stores, self-joins of a union
with year_total as (
  select c.customer_id, c.first_name, d.year, sum((s.list_price - s.wholesale_cost) * s.quantity) as total, 's' as channel
  from customers as c join store_sales as s on c.customer_key = s.customer_key join dates as d on s.date_key = d.date_key
  group by c.customer_id, c.first_name, d.year
  union all
  select c.customer_id, c.first_name, d.year, sum(w.list_price * w.quantity), 'w'
  from customers as c join web_sales as w on c.customer_key = w.customer_key join dates as d on w.date_key = d.date_key
  group by c.customer_id, c.first_name, d.year)
select s2.customer_id, s2.first_name
from year_total as s1, year_total as s2, year_total as w1, year_total as w2
where s2.customer_id = s1.customer_id and s1.customer_id = w2.customer_id and s1.customer_id = w1.customer_id
  and s1.channel = 's' and w1.channel = 'w' and s2.channel = 's' and w2.channel = 'w'
  and s1.year = 2022 and s2.year = 2023 and w1.year = 2022 and w2.year = 2023 and s1.total > 0 and w1.total > 0
  and case when w1.total > 0 then w2.total / w1.total else 0 end > case when s1.total > 0 then s2.total / s1.total else 0 end
order by 1, 2 limit 100;

-- profit of three channels with their returns, rolled up
with store_part as (
  select s.store_key as id, sum(sales_price) as sales, sum(net_profit) as profit
  from store_sales as s join dates as d on s.date_key = d.date_key where d.year = 2022 and d.month = 8 group by s.store_key),
web_part as (
  select site as id, sum(sales_price) as sales, sum(net_profit) as profit
  from web_sales as w join dates as d on w.date_key = d.date_key where d.year = 2022 and d.month = 8 group by site),
catalog_part as (
  select warehouse_key as id, sum(sales_price) as sales, sum(net_profit) as profit
  from catalog_sales as c join dates as d on c.date_key = d.date_key where d.year = 2022 and d.month = 8 group by warehouse_key)
select channel, id, sum(sales) as sales, sum(profit) as profit
from (select 'store' as channel, * from store_part union all select 'web', * from web_part union all select 'catalog', * from catalog_part) as x
group by rollup (channel, id) order by channel, id, sales;

-- states whose customers buy items dearer than their category's average
select a.state, count(*) as customers
from addresses as a, customers as c, store_sales as s, dates as d, items as i
where a.address_key = c.address_key and c.customer_key = s.customer_key and s.date_key = d.date_key and s.item_key = i.item_key
  and d.year = 2023 and d.month = 3
  and i.current_price > 1.2 * (select avg(j.current_price) from items as j where j.category = i.category)
group by a.state having count(*) >= 5 order by customers, a.state;

-- averages for some items under promotion
select i.item_id, avg(s.quantity) as quantity, avg(s.list_price) as list, avg(s.sales_price) as sales, count(distinct s.customer_key) as buyers
from store_sales as s, households as h, dates as d, items as i, promotions as p
where s.date_key = d.date_key and s.item_key = i.item_key and s.household_key = h.household_key and s.promotion_key = p.promotion_key
  and h.buy_potential = 'Unknown' and (p.by_email = false or p.by_tv = false) and d.year = 2022
group by i.item_id order by i.item_id limit 100;

-- zip codes that two lists have in common
select s.name, sum(ss.net_profit) as profit
from store_sales as ss, dates as d, stores as s, (
  select distinct zip from (
    select substring(zip from 1 for 5) as zip from addresses where zip like '1%' or zip like '2%'
    intersect
    select zip from (select substring(a.zip from 1 for 5) as zip, count(*) as n from addresses as a, customers as c
      where a.address_key = c.address_key and c.gender = 'F' group by a.zip having count(*) > 1) as popular) as both_lists) as v
where ss.store_key = s.store_key and ss.date_key = d.date_key and d.quarter = 2 and d.year = 2022
  and substring(v.zip from 1 for 1) = case when s.market < 4 then '1' else '2' end
group by s.name order by s.name;

-- buckets of quantities, scalar subqueries in CASE
select case when (select count(*) from store_sales where quantity between 1 and 20) > 7000
    then (select avg(list_price) from store_sales where quantity between 1 and 20)
    else (select avg(net_profit) from store_sales where quantity between 1 and 20) end as bucket1,
  case when (select count(*) from store_sales where quantity between 21 and 40) > 70000
    then (select avg(list_price) from store_sales where quantity between 21 and 40)
    else (select avg(net_profit) from store_sales where quantity between 21 and 40) end as bucket2
from promotions where promotion_key = 1;

-- customers who bought in a store and by web or catalog, by household
select h.income_band, h.dependents, count(*) as n
from customers as c, households as h, addresses as a
where c.household_key = h.household_key and c.address_key = a.address_key and a.state in ('TN', 'GA', 'OH')
  and exists (select * from store_sales as s, dates as d where c.customer_key = s.customer_key and s.date_key = d.date_key and d.year = 2023 and d.month between 1 and 6)
  and (exists (select * from web_sales as w, dates as d where c.customer_key = w.customer_key and w.date_key = d.date_key and d.year = 2023 and d.month between 1 and 6)
    or exists (select * from catalog_sales as k, dates as d where c.customer_key = k.customer_key and k.date_key = d.date_key and d.year = 2023 and d.month between 1 and 6))
group by h.income_band, h.dependents order by 1, 2 limit 100;

-- customers of stores who bought neither by web nor catalog
select c.gender, h.income_band, count(*) as n, min(c.birth_year) as oldest, avg(h.vehicles) as vehicles
from customers as c join households as h on c.household_key = h.household_key
where exists (select 1 from store_sales as s join dates as d on s.date_key = d.date_key where s.customer_key = c.customer_key and d.year = 2022)
  and not exists (select 1 from web_sales as w join dates as d on w.date_key = d.date_key where w.customer_key = c.customer_key and d.year = 2022)
  and not exists (select 1 from catalog_sales as k join dates as d on k.date_key = d.date_key where k.customer_key = c.customer_key and d.year = 2022)
group by c.gender, h.income_band order by 1, 2;

-- share of an item's revenue in its class
with revenue as (
  select i.item_id, i.category, i.class, sum(w.sales_price) as total
  from web_sales as w join items as i on w.item_key = i.item_key join dates as d on w.date_key = d.date_key
  where i.category in ('Sports', 'Books', 'Home') and d.day between date '2022-02-22' and date '2022-02-22' + 60
  group by i.item_id, i.category, i.class),
class_total as (select class, sum(total) as total from revenue group by class)
select r.item_id, r.category, r.class, r.total, round(r.total * 100 / c.total, 6) as share
from revenue as r join class_total as c on r.class = c.class order by r.category, r.class, r.item_id, share;

-- conditions of several dimensions joined by OR
select avg(s.quantity) as quantity, avg(s.sales_price) as price, sum(s.wholesale_cost) as cost
from store_sales as s, stores as t, households as h, customers as c, addresses as a, dates as d
where t.store_key = s.store_key and s.date_key = d.date_key and d.year = 2023 and s.customer_key = c.customer_key and c.address_key = a.address_key
  and ((s.household_key = h.household_key and h.dependents = 3 and s.sales_price between 10.00 and 60.00)
    or (s.household_key = h.household_key and h.dependents = 1 and s.sales_price between 50.00 and 90.00))
  and ((a.state in ('TX', 'OH') and s.net_profit between 100 and 2000) or (a.state in ('TN', 'GA', 'VA') and s.net_profit between 150 and 3000));

-- brands, classes and categories sold in all channels
with cross_items as (
  select i.item_key from items as i, (
    select j.brand, j.class, j.category from store_sales as s, items as j, dates as d where s.item_key = j.item_key and s.date_key = d.date_key and d.year = 2022 and d.month < 3
    intersect
    select j.brand, j.class, j.category from catalog_sales as s, items as j, dates as d where s.item_key = j.item_key and s.date_key = d.date_key and d.year = 2022 and d.month < 3
    intersect
    select j.brand, j.class, j.category from web_sales as s, items as j, dates as d where s.item_key = j.item_key and s.date_key = d.date_key and d.year = 2022 and d.month < 3) as x
  where i.brand = x.brand and i.class = x.class and i.category = x.category),
average as (
  select avg(quantity * list_price) as sales from (
    select quantity, list_price from store_sales union all select quantity, list_price from catalog_sales union all select quantity, list_price from web_sales) as all_sales)
select i.brand, i.class, sum(s.quantity * s.list_price) as sales, count(*) as n
from store_sales as s join items as i on s.item_key = i.item_key join dates as d on s.date_key = d.date_key
where s.item_key in (select item_key from cross_items) and d.year = 2023 and d.month = 11
group by i.brand, i.class having sum(s.quantity * s.list_price) > (select sales from average) order by 1, 2;

-- revenue by zip code for large sales or some states
select a.zip, sum(k.sales_price) as revenue
from catalog_sales as k, customers as c, addresses as a, dates as d
where k.customer_key = c.customer_key and c.address_key = a.address_key
  and (substring(a.zip from 1 for 2) in ('12', '15', '20') or a.state in ('CA', 'GA') or k.sales_price > 200)
  and k.date_key = d.date_key and d.quarter = 1 and d.year = 2023
group by a.zip order by a.zip limit 100;

-- orders shipped from several warehouses and never returned
select count(distinct k.order_number) as orders, sum(k.sales_price) as shipped, sum(k.net_profit) as profit
from catalog_sales as k join dates as d on k.ship_date_key = d.date_key join customers as c on k.customer_key = c.customer_key join addresses as a on c.address_key = a.address_key
where d.day between date '2022-03-01' and date '2022-12-30' and a.state in ('GA', 'TX', 'OH')
  and exists (select 1 from catalog_sales as other where k.order_number = other.order_number and k.warehouse_key <> other.warehouse_key)
  and not exists (select 1 from catalog_returns as r where k.order_number = r.order_number);

-- three facts chained by customer and item
select i.item_id, s.state, count(ss.quantity) as sold, avg(ss.quantity) as average, count(sr.quantity) as returned, sum(k.quantity) as reordered
from store_sales as ss, store_returns as sr, catalog_sales as k, items as i, stores as s
where i.item_key = ss.item_key and s.store_key = ss.store_key and ss.customer_key = sr.customer_key and ss.item_key = sr.item_key and ss.ticket = sr.ticket
  and sr.customer_key = k.customer_key
group by i.item_id, s.state order by 1, 2 limit 100;

-- averages on several levels
select i.item_id, a.state, a.county, avg(k.quantity) as quantity, avg(k.list_price) as list, avg(c.birth_year) as birth
from catalog_sales as k, customers as c, addresses as a, dates as d, items as i
where k.date_key = d.date_key and k.item_key = i.item_key and k.customer_key = c.customer_key and c.address_key = a.address_key
  and d.year = 2023 and c.birth_country = 'PERU' and i.category = 'Books'
group by rollup (i.item_id, a.state, a.county) order by a.state, a.county, i.item_id limit 200;

-- inventory before and after a date
select w.name, i.item_id,
  sum(case when d.day < date '2022-03-11' then v.quantity else 0 end) as before,
  sum(case when d.day >= date '2022-03-11' then v.quantity else 0 end) as after
from inventory as v join warehouses as w on v.warehouse_key = w.warehouse_key join items as i on v.item_key = i.item_key join dates as d on v.date_key = d.date_key
where i.current_price between 20.00 and 60.00 and d.day between date '2022-02-09' and date '2022-04-10'
group by w.name, i.item_id
having sum(case when d.day < date '2022-03-11' then v.quantity else 0 end) > 0
  and sum(case when d.day >= date '2022-03-11' then v.quantity else 0 end) * 3 >= 2 * sum(case when d.day < date '2022-03-11' then v.quantity else 0 end)
order by w.name, i.item_id limit 100;

-- inventory rolled up with empty levels
select i.category, i.brand, i.class, avg(v.quantity) as on_hand
from inventory as v join dates as d on v.date_key = d.date_key join items as i on v.item_key = i.item_key
where d.year = 2022 group by rollup (i.category, i.brand, i.class) order by on_hand, i.category, i.brand, i.class limit 100;

-- frequent items bought by the best customers
with frequent as (
  select i.item_key, count(*) as n from store_sales as s join dates as d on s.date_key = d.date_key join items as i on s.item_key = i.item_key
  where d.year in (2022, 2023) group by i.item_key, d.quarter having count(*) > 14),
spending as (select c.customer_key, sum(s.quantity * s.sales_price) as total from store_sales as s join customers as c on s.customer_key = c.customer_key group by c.customer_key),
best as (select customer_key from spending where total > 0.5 * (select max(total) from spending))
select sum(sales) as sales from (
  select k.quantity * k.list_price as sales from catalog_sales as k join dates as d on k.date_key = d.date_key
  where d.year = 2022 and d.month = 2 and k.item_key in (select item_key from frequent) and k.customer_key in (select customer_key from best)
  union all
  select w.quantity * w.list_price from web_sales as w join dates as d on w.date_key = d.date_key
  where d.year = 2022 and d.month = 2 and w.item_key in (select item_key from frequent) and w.customer_key in (select customer_key from best)) as x;

-- names of customers and stores where addresses meet
with paid as (
  select c.last_name, c.first_name, s.name, a.state, i.color, sum(ss.net_profit) as profit
  from store_sales as ss join stores as s on ss.store_key = s.store_key join items as i on ss.item_key = i.item_key
    join customers as c on ss.customer_key = c.customer_key join addresses as a on c.address_key = a.address_key
  where s.state = a.state group by c.last_name, c.first_name, s.name, a.state, i.color)
select last_name, first_name, name, sum(profit) as total from paid where color = 'peach'
group by last_name, first_name, name having sum(profit) > (select 0.05 * avg(profit) from paid) order by 1, 2, 3;

-- monthly deviation of an item's manufacturer
select manufacturer, month, sales, round(average, 4) as average from (
  select i.manufacturer, d.month, sum(s.sales_price) as sales, avg(sum(s.sales_price)) over (partition by i.manufacturer) as average
  from items as i join store_sales as s on i.item_key = s.item_key join dates as d on s.date_key = d.date_key
  where d.year = 2023 and i.category in ('Books', 'Home', 'Music') group by i.manufacturer, d.month) as x
where case when average > 0 then abs(sales - average) / average else null end > 0.4
order by average, sales, manufacturer, month limit 100;

-- best and worst items side by side
select up.rank, best.name as best, worst.name as worst
from (select item_key, rank() over (order by profit desc, item_key) as rank from (
    select item_key, avg(net_profit) as profit from store_sales where store_key = 4 group by item_key) as v) as up
  join (select item_key, rank() over (order by profit, item_key) as rank from (
    select item_key, avg(net_profit) as profit from store_sales where store_key = 4 group by item_key) as v) as down on up.rank = down.rank
  join items as best on best.item_key = up.item_key join items as worst on worst.item_key = down.item_key
where up.rank < 11 order by up.rank;

-- cumulative sales of two channels, joined in full
with web as (
  select item_key, d.day, sum(sum(sales_price)) over (partition by item_key order by d.day rows between unbounded preceding and current row) as cume
  from web_sales as w join dates as d on w.date_key = d.date_key where d.year = 2022 and d.month < 4 group by item_key, d.day),
store as (
  select item_key, d.day, sum(sum(sales_price)) over (partition by item_key order by d.day rows between unbounded preceding and current row) as cume
  from store_sales as s join dates as d on s.date_key = d.date_key where d.year = 2022 and d.month < 4 group by item_key, d.day)
select * from (
  select item_key, day, web_sales, store_sales, max(web_sales) over (partition by item_key order by day rows between unbounded preceding and current row) as web_so_far,
    max(store_sales) over (partition by item_key order by day rows between unbounded preceding and current row) as store_so_far
  from (select coalesce(web.item_key, store.item_key) as item_key, coalesce(web.day, store.day) as day, web.cume as web_sales, store.cume as store_sales
    from web full join store on web.item_key = store.item_key and web.day = store.day) as x) as y
where web_so_far > store_so_far order by item_key, day limit 100;

-- rank within a rollup
select sum(s.net_profit) as profit, t.state, t.name, grouping(t.state) + grouping(t.name) as level,
  rank() over (partition by grouping(t.state) + grouping(t.name), case when grouping(t.name) = 0 then t.state end order by sum(s.net_profit) desc) as place
from store_sales as s join dates as d on s.date_key = d.date_key join stores as t on s.store_key = t.store_key
where d.year = 2022 group by rollup (t.state, t.name)
order by level desc, case when grouping(t.state) + grouping(t.name) = 0 then t.state end, place, t.name;

-- customers of one channel but not of another
select count(*) from (
  select distinct c.last_name, c.first_name, d.day from store_sales as s join dates as d on s.date_key = d.date_key join customers as c on s.customer_key = c.customer_key where d.year = 2022
  except
  select distinct c.last_name, c.first_name, d.day from catalog_sales as s join dates as d on s.date_key = d.date_key join customers as c on s.customer_key = c.customer_key where d.year = 2022
  except
  select distinct c.last_name, c.first_name, d.day from web_sales as s join dates as d on s.date_key = d.date_key join customers as c on s.customer_key = c.customer_key where d.year = 2022) as cool;

-- in all three channels
select count(*) from (
  select c.customer_key, d.month from store_sales as s join dates as d on s.date_key = d.date_key join customers as c on s.customer_key = c.customer_key where d.year = 2023
  intersect
  select c.customer_key, d.month from catalog_sales as s join dates as d on s.date_key = d.date_key join customers as c on s.customer_key = c.customer_key where d.year = 2023
  intersect
  select c.customer_key, d.month from web_sales as s join dates as d on s.date_key = d.date_key join customers as c on s.customer_key = c.customer_key where d.year = 2023) as hot;

-- eight counts side by side
select * from (select count(*) as h8 from store_sales as s join households as h on s.household_key = h.household_key where h.dependents = 2 and s.quantity < 20) as s1,
  (select count(*) as h9 from store_sales as s join households as h on s.household_key = h.household_key where h.dependents = 4 and s.quantity between 20 and 40) as s2,
  (select count(*) as h10 from store_sales as s join households as h on s.household_key = h.household_key where h.vehicles <= 2 and s.quantity > 80) as s3;

-- a manufacturer's items sold at a discount beyond the usual
select sum(k.sales_price) as excess
from catalog_sales as k, items as i, dates as d
where i.manufacturer = 7 and i.item_key = k.item_key and d.day between date '2022-01-27' and date '2022-01-27' + 120 and d.date_key = k.date_key
  and k.sales_price > (select 1.3 * avg(o.sales_price) from catalog_sales as o, dates as e
    where o.item_key = i.item_key and e.day between date '2022-01-27' and date '2022-01-27' + 120 and e.date_key = o.date_key);

-- previous and next month, through ranks
with monthly as (
  select i.category, t.name, d.year, d.month, sum(s.sales_price) as sales,
    avg(sum(s.sales_price)) over (partition by i.category, t.name, d.year) as average,
    rank() over (partition by i.category, t.name order by d.year, d.month) as rn
  from items as i join store_sales as s on i.item_key = s.item_key join dates as d on s.date_key = d.date_key join stores as t on s.store_key = t.store_key
  where i.category is not null group by i.category, t.name, d.year, d.month)
select m.category, m.name, m.year, m.month, m.sales, before.sales as before, after.sales as after
from monthly as m join monthly as before on m.category = before.category and m.name = before.name and m.rn = before.rn + 1
  join monthly as after on m.category = after.category and m.name = after.name and m.rn = after.rn - 1
where m.year = 2023 and m.average > 0 and abs(m.sales - m.average) / m.average > 0.5
order by m.category, m.name, m.year, m.month;

-- returned more than sold, in three channels
with sold as (
  select item_key, sum(quantity) as n from store_sales group by item_key),
returned as (
  select item_key, sum(quantity) as n from (
    select item_key, quantity from store_returns union all select item_key, quantity from catalog_returns union all select item_key, quantity from web_returns) as r group by item_key)
select i.item_id, s.n as sold, coalesce(r.n, 0) as returned, round(coalesce(r.n, 0) * 100.0 / s.n, 3) as share
from items as i join sold as s on i.item_key = s.item_key left join returned as r on i.item_key = r.item_key
where coalesce(r.n, 0) * 20 > s.n order by share desc, i.item_id limit 50;

-- promotions by channel, left joins and a full join of returns
select coalesce(a.item_key, b.item_key) as item_key, a.amount as store, b.amount as web
from (select item_key, sum(amount) as amount from store_returns where date_key < 400 group by item_key) as a
  full join (select item_key, sum(amount) as amount from web_returns where date_key < 400 group by item_key) as b on a.item_key = b.item_key
where a.amount is null or b.amount is null or a.amount < b.amount order by 1;

-- tickets by size, counted by customer
select c.last_name, c.first_name, t.ticket, t.n
from (select s.ticket, s.customer_key, count(*) as n from store_sales as s join dates as d on s.date_key = d.date_key join stores as st on s.store_key = st.store_key join households as h on s.household_key = h.household_key
  where d.is_weekend and (h.buy_potential = '>10000' or h.buy_potential = 'Unknown') and h.vehicles > 0 and st.market in (1, 2, 3) and d.year in (2022, 2023)
  group by s.ticket, s.customer_key) as t join customers as c on t.customer_key = c.customer_key
where t.n between 3 and 4 order by c.last_name, c.first_name, t.ticket desc, t.n limit 200;

-- deviations of inventory, month over month
with v as (
  select warehouse_key, item_key, month, deviation, mean, case mean when 0 then null else deviation / mean end as cov from (
    select w.warehouse_key, i.item_key, d.month, stddev_samp(v.quantity::double precision) as deviation, avg(v.quantity::double precision) as mean
    from inventory as v join items as i on v.item_key = i.item_key join warehouses as w on v.warehouse_key = w.warehouse_key join dates as d on v.date_key = d.date_key
    group by w.warehouse_key, i.item_key, d.month) as x
  where case mean when 0 then 0 else deviation / mean end > 0.8)
select one.warehouse_key, one.item_key, one.month, one.mean, one.cov, two.month as next_month, two.mean as next_mean, two.cov as next_cov
from v as one join v as two on one.item_key = two.item_key and one.warehouse_key = two.warehouse_key and two.month = one.month + 1
where one.month = 1 order by 1, 2;
