-- all rows
select count(*) from hits;

-- rows of advertisements
select count(*) from hits where adv_engine_id <> 0;

-- sums over the whole table
select sum(adv_engine_id), count(*), avg(resolution_width) from hits;

-- average of large numbers
select avg(user_id) from hits;

-- distinct visitors and phrases
select count(distinct user_id) as visitors, count(distinct search_phrase) as phrases, count(distinct url) as urls from hits;

-- first and last day
select min(event_date), max(event_date), min(event_time), max(event_time) from hits;

-- advertisements by engine
select adv_engine_id, count(*) as n from hits where adv_engine_id <> 0 group by adv_engine_id order by n desc, adv_engine_id;

-- visitors by region
select region_id, count(distinct user_id) as u from hits group by region_id order by u desc, region_id limit 10;

-- four aggregates by region
select region_id, sum(adv_engine_id), count(*) as c, avg(resolution_width), count(distinct user_id) from hits group by region_id order by c desc, region_id limit 10;

-- phones by model and visitors
select mobile_phone, mobile_model, count(distinct user_id) as u from hits where mobile_model <> '' group by mobile_phone, mobile_model order by u desc, mobile_phone, mobile_model limit 10;

-- top phrases
select search_phrase, count(*) as c from hits where search_phrase <> '' group by search_phrase order by c desc, search_phrase limit 10;

-- phrases by visitors
select search_phrase, count(distinct user_id) as u from hits where search_phrase <> '' group by search_phrase order by u desc, search_phrase limit 10;

-- top visitors
select user_id, count(*) as c from hits group by user_id order by c desc, user_id limit 10;

-- top visitors and phrases
select user_id, search_phrase, count(*) as c from hits group by user_id, search_phrase order by c desc, user_id, search_phrase limit 10;

-- by visitor, minute and phrase
select user_id, extract(minute from event_time) as m, search_phrase, count(*) as c from hits group by user_id, m, search_phrase order by c desc, user_id, m, search_phrase limit 10;

-- one visitor
select user_id from hits where user_id = 2654435761;

-- addresses that contain a word
select count(*) from hits where url like '%google%';

-- phrases of such addresses
select search_phrase, min(url), count(*) as c from hits where url like '%google%' and search_phrase <> '' group by search_phrase order by c desc, search_phrase limit 10;

-- titles with a word, addresses without it
select search_phrase, min(url), min(title), count(*) as c, count(distinct user_id) from hits
where title like '%Google%' and url not like '%.google.%' and search_phrase <> '' group by search_phrase order by c desc, search_phrase limit 10;

-- wide rows in the order of time
select * from hits where url like '%google%' order by event_time, watch_id limit 10;

-- phrases in the order of time
select search_phrase from hits where search_phrase <> '' order by event_time, search_phrase limit 10;

-- length of addresses by counter
select counter_id, avg(length(url)) as l, count(*) as c from hits where url <> '' group by counter_id having count(*) > 500 order by l desc, counter_id limit 25;

-- hosts of referers by regular expression
select regexp_replace(referer, '^https?://(?:www\.)?([^/]+)/.*$', '\1') as k, avg(length(referer)) as l, count(*) as c, min(referer)
from hits where referer <> '' group by k having count(*) > 100 order by l desc, k limit 25;

-- many sums of one column
select sum(resolution_width), sum(resolution_width + 1), sum(resolution_width + 2), sum(resolution_width + 3), sum(resolution_width + 7), sum(resolution_width + 19) from hits;

-- groups of many keys by a filter
select client_ip, count(*) as c, sum(case when is_refresh then 1 else 0 end), avg(resolution_width) from hits where search_phrase <> '' group by client_ip order by c desc, client_ip limit 10;

-- as many groups as rows
select watch_id, client_ip, count(*) as c, avg(resolution_width) from hits group by watch_id, client_ip order by c desc, watch_id, client_ip limit 10;

-- addresses and a constant
select 1 as one, url, count(*) as c from hits group by one, url order by c desc, url limit 10;

-- expressions of one column as keys
select client_ip, client_ip - 1 as a, client_ip - 2 as b, client_ip - 3 as c, count(*) as n from hits group by client_ip, a, b, c order by n desc, client_ip limit 10;

-- pages of a counter in a month
select url, count(*) as views from hits where counter_id = 0 and event_date >= date '2013-07-01' and event_date <= date '2013-07-31' and dont_count and not is_refresh and url <> ''
group by url order by views desc, url limit 10;

-- pages with offset
select title, count(*) as views from hits where counter_id between 0 and 20 and is_link group by title order by views desc, title limit 10 offset 5;

-- sources, with a case that depends on them
select traffic_source, adv_engine_id, case when adv_engine_id = 0 and traffic_source = 1 then referer else '' end as source, url as destination, count(*) as views
from hits where counter_id = 1 group by traffic_source, adv_engine_id, source, destination order by views desc, traffic_source, adv_engine_id, source, destination limit 10 offset 100;

-- hashes and days
select url_hash, event_date, count(*) as views from hits where counter_id < 5 and traffic_source in (-1, 2) group by url_hash, event_date order by views desc, url_hash, event_date limit 10 offset 10;

-- sizes of windows
select window_width, resolution_height, count(*) as views from hits where not is_refresh and not dont_count group by window_width, resolution_height order by views desc, window_width, resolution_height limit 10 offset 20;

-- by the minute
select date_trunc('minute', event_time) as m, count(*) as views from hits where counter_id = 0 and event_date between date '2013-07-14' and date '2013-07-15' group by m order by m limit 10 offset 100;

-- addresses by regular expressions
select count(*) filter (where url ~ '^https://.*$') as secure, count(*) filter (where url ~ '^.*[?&]page=1[0-9](&.*)?$') as pages,
  count(*) filter (where lower(url) ~ '^.*example\.(org|net).*$') as sites, count(*) filter (where title ~ '^[а-яА-Я]+.*$') as cyrillic from hits;

-- hosts, and paths by their parts
select split_part(url, '/', 3) as host, split_part(split_part(url, '/', 4), '?', 1) as first, count(*) as c, sum(price) as total from hits group by host, first having count(*) > 300 order by c desc, host, first limit 20;

-- prices by currency and age
select currency, age - age % 10 as decade, count(*), sum(price), min(price), max(price), avg(load_ms) from hits where age >= 10 and age < 60 group by currency, decade order by currency, decade;

-- top page of each region
select region_id, url, c from (
  select region_id, url, count(*) as c, row_number() over (partition by region_id order by count(*) desc, url) as place from hits where region_id < 40 group by region_id, url) as x
where place <= 2 order by region_id, place;

-- time between the views of visitors
select user_id, max(event_time - previous) as pause, count(*) as n from (
  select user_id, event_time, lag(event_time) over (partition by user_id order by event_time) as previous from hits where user_id < 100000000000) as x
where previous is not null group by user_id having count(*) > 100 order by n desc, user_id limit 10;

-- median and quantiles of load times
select traffic_source, percentile_cont(0.5) within group (order by load_ms) as median, percentile_disc(0.95) within group (order by load_ms) as p95, percentile_cont(0.99) within group (order by price::double precision) as p99
from hits group by traffic_source order by traffic_source;
