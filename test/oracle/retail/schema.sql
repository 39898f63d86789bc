-- Three channels of sales and their returns over shared dimensions, in the shape of TPC-DS. Written by DuckDB; every value
-- is a function of the row's number, with NULLs among foreign keys and measures, as there are in real warehouses.
create macro pick(i, salt, n) as (hash(i * 1000003 + salt) % n)::integer;
create macro unless(i, salt, n, value) as case when hash(i * 998244353 + salt) % n = 0 then null else value end;
create macro cents(i, salt, low, high) as (low + hash(i * 7919 + salt) % (high - low))::decimal(9, 2) / 100;

create table dates as
select i::integer as date_key, (date '2022-01-01' + i::integer) as day, year(date '2022-01-01' + i::integer)::integer as year,
  month(date '2022-01-01' + i::integer)::integer as month, quarter(date '2022-01-01' + i::integer)::integer as quarter,
  dayname(date '2022-01-01' + i::integer) as weekday, (i // 7)::integer as week, (i % 7 in (0, 1)) as is_weekend
from range(1096) as r(i);

create table items as
select i::integer as item_key, 'ITEM' || lpad(i::varchar, 6, '0') as item_id,
  ['amber', 'birch', 'cobalt', 'dusk', 'ember', 'flint'][1 + pick(i, 1, 6)] || ' ' || ['lamp', 'chair', 'shirt', 'drill', 'novel', 'ring', 'radio'][1 + pick(i, 2, 7)] as name,
  unless(i, 3, 40, 'brand #' || pick(i, 4, 25)) as brand,
  unless(i, 5, 50, ['Home', 'Books', 'Music', 'Sports', 'Shoes', 'Jewelry', 'Electronics', 'Women', 'Men', 'Children'][1 + pick(i, 6, 10)]) as category,
  'class ' || pick(i, 7, 16) as class, pick(i, 8, 40) as manufacturer,
  ['red', 'olive', 'navy', 'peach', 'slate', 'plum', 'white'][1 + pick(i, 9, 7)] as color,
  ['small', 'medium', 'large', 'N/A'][1 + pick(i, 10, 4)] as size, cents(i, 11, 99, 19999)::decimal(7, 2) as current_price,
  cents(i, 12, 50, 9999)::decimal(7, 2) as wholesale_cost
from range(600) as r(i);

create table addresses as
select i::integer as address_key, ['Fairview', 'Midway', 'Oak Grove', 'Pleasant Hill', 'Centerville', 'Riverside'][1 + pick(i, 1, 6)] as city,
  unless(i, 2, 30, ['Ziebach', 'Walker', 'Williamson', 'Barrow', 'Daviess'][1 + pick(i, 3, 5)] || ' County') as county,
  ['TN', 'TX', 'OH', 'GA', 'CA', 'KS', 'MO', 'IL', 'VA'][1 + pick(i, 4, 9)] as state,
  lpad((10000 + pick(i, 5, 400) * 173)::varchar, 5, '0') as zip, (-5 - pick(i, 6, 4))::decimal(5, 2) as gmt_offset
from range(900) as r(i);

create table households as
select i::integer as household_key, pick(i, 1, 20) as income_band, ['0-500', '501-1000', '1001-5000', '>10000', 'Unknown'][1 + pick(i, 2, 5)] as buy_potential,
  pick(i, 3, 10) as dependents, pick(i, 4, 6) - 1 as vehicles
from range(200) as r(i);

create table customers as
select i::integer as customer_key, 'CUST' || lpad(i::varchar, 8, '0') as customer_id,
  unless(i, 1, 30, ['Ada', 'Ben', 'Chloé', 'Dmitri', 'Eve', 'Zoë', 'Noor', 'Lin'][1 + pick(i, 2, 8)]) as first_name,
  unless(i, 3, 30, ['Smith', 'Jones', 'Nguyễn', 'García', 'Müller', 'Brown', 'O''Neil', 'Li'][1 + pick(i, 4, 8)]) as last_name,
  1930 + pick(i, 5, 75) as birth_year, ['PERU', 'JAPAN', 'ITALY', 'GHANA', 'CHILE'][1 + pick(i, 6, 5)] as birth_country,
  unless(i, 7, 60, pick(i, 8, 900)) as address_key, unless(i, 9, 60, pick(i, 10, 200)) as household_key,
  case when pick(i, 11, 2) = 0 then 'M' else 'F' end as gender
from range(1500) as r(i);

create table stores as
select i::integer as store_key, ['ought', 'able', 'pri', 'ese', 'anti', 'cally', 'ation', 'eing'][1 + i % 8] as name,
  ['Fairview', 'Midway', 'Oak Grove'][1 + pick(i, 1, 3)] as city, ['TN', 'TX', 'OH', 'GA'][1 + pick(i, 2, 4)] as state,
  200 + pick(i, 3, 100) as employees, 1 + pick(i, 4, 6) as market
from range(12) as r(i);

create table warehouses as
select i::integer as warehouse_key, 'Warehouse ' || i as name, 50000 + pick(i, 1, 900000) as square_feet, ['TN', 'GA', 'CA'][1 + i % 3] as state
from range(5) as r(i);

create table promotions as
select i::integer as promotion_key, 'promo ' || i as name, pick(i, 1, 2) = 0 as by_email, pick(i, 2, 3) = 0 as by_tv
from range(30) as r(i);

create table store_sales as
select (i // 4)::bigint as ticket, unless(i, 1, 50, pick(i // 4, 2, 1096)) as date_key, pick(i, 3, 600) as item_key,
  unless(i // 4, 4, 40, pick(i // 4, 5, 1500)) as customer_key, unless(i // 4, 6, 60, pick(i // 4, 7, 12)) as store_key,
  unless(i, 8, 3, pick(i, 9, 30)) as promotion_key, unless(i // 4, 18, 40, pick(i // 4, 19, 200)) as household_key, unless(i, 10, 40, 1 + pick(i, 11, 100)) as quantity,
  unless(i, 12, 40, cents(i, 13, 100, 20000)::decimal(7, 2)) as list_price, unless(i, 14, 40, cents(i, 15, 50, 15000)::decimal(7, 2)) as sales_price,
  cents(i, 16, 30, 9000)::decimal(7, 2) as wholesale_cost, unless(i, 17, 40, (cents(i, 18, 100, 900000) - 4000)::decimal(9, 2)) as net_profit
from range(40000) as r(i);

create table store_returns as
select ticket, item_key, (date_key + 1 + pick(ticket, 20, 90)) as date_key, customer_key, store_key, 1 + pick(ticket, 21, 20) as quantity,
  unless(ticket, 22, 30, cents(ticket * 3 + item_key, 23, 100, 30000)::decimal(9, 2)) as amount, pick(ticket, 24, 35) as reason
from store_sales where hash(ticket * 31 + item_key) % 9 = 0;

create table catalog_sales as
select (i // 3)::bigint as order_number, unless(i, 31, 50, pick(i // 3, 32, 1096)) as date_key, pick(i // 3, 32, 1096) + 2 + pick(i, 33, 120) as ship_date_key,
  pick(i, 34, 600) as item_key, unless(i // 3, 35, 40, pick(i // 3, 36, 1500)) as customer_key, unless(i, 37, 40, pick(i, 38, 5)) as warehouse_key,
  unless(i, 39, 3, pick(i, 40, 30)) as promotion_key, 1 + pick(i, 41, 100) as quantity, cents(i, 42, 100, 29000)::decimal(7, 2) as list_price,
  unless(i, 43, 40, cents(i, 44, 50, 25000)::decimal(7, 2)) as sales_price, (cents(i, 45, 100, 900000) - 4000)::decimal(9, 2) as net_profit
from range(24000) as r(i);

create table catalog_returns as
select order_number, item_key, (date_key + 3 + pick(order_number, 50, 60)) as date_key, customer_key, 1 + pick(order_number, 51, 20) as quantity,
  cents(order_number * 5 + item_key, 52, 100, 30000)::decimal(9, 2) as amount
from catalog_sales where hash(order_number * 37 + item_key) % 10 = 0;

create table web_sales as
select (i // 3)::bigint as order_number, unless(i, 61, 60, pick(i // 3, 62, 1096)) as date_key, pick(i // 3, 62, 1096) + 1 + pick(i, 63, 120) as ship_date_key,
  pick(i, 64, 600) as item_key, unless(i // 3, 65, 40, pick(i // 3, 66, 1500)) as customer_key, unless(i, 67, 40, pick(i, 68, 5)) as warehouse_key,
  pick(i // 3, 69, 8) as site, 1 + pick(i, 70, 100) as quantity, cents(i, 71, 100, 29000)::decimal(7, 2) as list_price,
  unless(i, 72, 40, cents(i, 73, 50, 25000)::decimal(7, 2)) as sales_price, (cents(i, 74, 100, 900000) - 4000)::decimal(9, 2) as net_profit
from range(12000) as r(i);

create table web_returns as
select order_number, item_key, (date_key + 3 + pick(order_number, 80, 60)) as date_key, customer_key, 1 + pick(order_number, 81, 20) as quantity,
  cents(order_number * 7 + item_key, 82, 100, 30000)::decimal(9, 2) as amount
from web_sales where hash(order_number * 41 + item_key) % 8 = 0;

create table inventory as
select (i // 3000 * 7)::integer as date_key, (i % 600)::integer as item_key, (i // 600 % 5)::integer as warehouse_key, unless(i, 90, 20, pick(i, 91, 1000)) as quantity
from range(60000) as r(i);
