-- rows of advertisements
select count(*) from hits where adv_engine_id <> 0;
-- sums of the whole table
select sum(adv_engine_id), count(*), avg(resolution_width), sum(load_ms) from hits;
-- distinct visitors
select count(distinct user_id) from hits;
-- distinct search phrases
select count(distinct search_phrase) from hits;
-- advertisements by engine
select adv_engine_id, count(*) as n from hits where adv_engine_id <> 0 group by adv_engine_id order by n desc, adv_engine_id;
-- four aggregates by region
select region_id, sum(adv_engine_id), count(*) as c, avg(resolution_width), count(distinct user_id) from hits group by region_id order by c desc, region_id limit 10;
-- phone models by visitors
select mobile_phone, mobile_model, count(distinct user_id) as u from hits where mobile_model <> '' group by mobile_phone, mobile_model order by u desc, mobile_phone, mobile_model limit 10;
-- top phrases
select search_phrase, count(*) as c from hits where search_phrase <> '' group by search_phrase order by c desc, search_phrase limit 10;
-- phrases by visitors
select search_phrase, count(distinct user_id) as u from hits where search_phrase <> '' group by search_phrase order by u desc, search_phrase limit 10;
-- top visitors
select user_id, count(*) as c from hits group by user_id order by c desc, user_id limit 10;
-- visitors, minutes and phrases
select user_id, extract(minute from event_time) as m, search_phrase, count(*) as c from hits group by user_id, m, search_phrase order by c desc, user_id, m, search_phrase limit 10;
-- rows of one visitor
select count(*) from hits where user_id = 435090932899640449;
-- addresses that contain a word
select count(*) from hits where url like '%google%';
-- titles with a word, addresses without it
select search_phrase, min(url), min(title), count(*) as c, count(distinct user_id) from hits where title like '%Google%' and url not like '%.google%' and search_phrase <> '' group by search_phrase order by c desc, search_phrase limit 10;
-- wide rows in the order of time
select * from hits where url like '%google%' order by event_time, watch_id limit 10;
-- phrases in the order of time
select search_phrase from hits where search_phrase <> '' order by event_time, search_phrase limit 10;
-- length of addresses by counter
select counter_id, avg(length(url)) as l, count(*) as c from hits where url <> '' group by counter_id having count(*) > 10000 order by l desc, counter_id limit 25;
-- hosts by regular expression
select regexp_replace(referer, '^https?://(?:www\.)?([^/]+)/.*$', '\1') as k, avg(length(referer)) as l, count(*) as c, min(referer) from hits where referer <> '' group by k having count(*) > 10000 order by l desc, k limit 25;
-- many sums of one column
select sum(resolution_width), sum(resolution_width + 1), sum(resolution_width + 2), sum(resolution_width + 3), sum(resolution_width + 4), sum(resolution_width + 5), sum(resolution_width + 6), sum(resolution_width + 7), sum(resolution_width + 8), sum(resolution_width + 9), sum(resolution_width + 10), sum(resolution_width + 11), sum(resolution_width + 12), sum(resolution_width + 13), sum(resolution_width + 14), sum(resolution_width + 15), sum(resolution_width + 16), sum(resolution_width + 17), sum(resolution_width + 18), sum(resolution_width + 19) from hits;
-- as many groups as rows
select watch_id, client_ip, count(*) as c, sum(is_refresh), avg(resolution_width) from hits group by watch_id, client_ip order by c desc, watch_id, client_ip limit 10;
-- top addresses
select url, count(*) as c from hits group by url order by c desc, url limit 10;
-- expressions of one column as keys
select client_ip, client_ip - 1 as a, client_ip - 2 as b, client_ip - 3 as c, count(*) as n from hits group by client_ip, a, b, c order by n desc, client_ip limit 10;
-- pages of a counter in some days
select title, count(*) as views from hits where counter_id = 2 and event_date between date '2013-07-05' and date '2013-07-20' and is_refresh = 0 and title <> '' group by title order by views desc, title limit 10;
-- sources and destinations, with a case
select traffic_source, search_engine_id, adv_engine_id, case when search_engine_id = 0 and adv_engine_id = 0 then referer else '' end as source, url as destination, count(*) as views from hits where counter_id = 0 and event_date >= date '2013-07-02' and is_refresh = 0 group by traffic_source, search_engine_id, adv_engine_id, source, destination order by views desc, traffic_source, search_engine_id, adv_engine_id, source, destination limit 10 offset 1000;
-- views by the minute
select date_trunc('minute', event_time) as m, count(*) as views from hits where counter_id = 0 and event_date between date '2013-07-14' and date '2013-07-15' and is_refresh = 0 group by m order by m limit 10 offset 1000;
