-- A web log of one wide table, in the shape of ClickBench: skewed visitors, pages and searches, empty texts in place of
-- NULL, and a few NULLs. Written by DuckDB; every value is a function of the row's number.
create macro pick(i, salt, n) as (hash(i * 1000003 + salt) % n)::bigint;
-- Small numbers are frequent: a square of a fraction.
create macro skewed(i, salt, n) as (floor(pow((hash(i * 7919 + salt) % 1000003) / 1000003.0, 3) * n))::bigint;

create table hits as
select i::bigint as watch_id, (skewed(i, 1, 6000) * 2654435761)::bigint as user_id, (hash(i // 5) % 4294967296)::bigint as client_ip,
  date '2013-07-01' + pick(i, 2, 31)::integer as event_date, timestamp '2013-07-01' + to_seconds(pick(i, 2, 31) * 86400 + pick(i, 3, 86400)) as event_time,
  skewed(i, 4, 900)::integer as counter_id, skewed(i, 5, 250)::smallint as region_id, pick(i, 6, 4)::smallint as traffic_source,
  case when pick(i, 7, 8) = 0 then skewed(i, 8, 40) else 0 end::smallint as adv_engine_id,
  (array_value(0, 1024, 1280, 1366, 1440, 1600, 1920, 2560)[1 + pick(i, 9, 8)])::smallint as resolution_width,
  (600 + pick(i, 9, 8) * 60)::smallint as resolution_height,
  case when pick(i, 10, 20) = 0 then 'https://' else 'http://' end ||
    (['example.com', 'news.example.org', 'shop.example.net', 'google.com', 'cars.ru', 'карты.рф'])[1 + skewed(i, 11, 6)] ||
    (['/', '/search?q=', '/item/', '/catalog/shoes/', '/news/2013/', '/img.google.'])[1 + pick(i, 12, 6)] || skewed(i, 13, 4000) ||
    case when pick(i, 14, 3) = 0 then '?utm_source=mail&page=' || pick(i, 15, 30) else '' end as url,
  case when pick(i, 16, 10) < 4 then '' else 'http://' || (['www.google.com', 'yandex.ru', 'www.example.com', 'go.mail.ru'])[1 + skewed(i, 17, 4)] || '/' || skewed(i, 18, 900) end as referer,
  (['Weather today', 'Cheap flights', 'Новости Google', 'Фото', 'Cars for sale', 'Recipes — easy', 'Google search', ''])[1 + skewed(i, 19, 8)] || case when pick(i, 20, 4) = 0 then ' ' || pick(i, 21, 900) else '' end as title,
  case when pick(i, 22, 10) < 7 then '' else (['weather', 'flights to rome', 'погода', 'shoes', 'used cars', 'recipes', 'news', 'maps'])[1 + skewed(i, 23, 8)] || case when pick(i, 24, 3) = 0 then ' ' || skewed(i, 25, 2000) else '' end end as search_phrase,
  case when pick(i, 26, 10) < 9 then '' else (['iPhone', 'iPad', 'Galaxy', 'Lumia'])[1 + skewed(i, 27, 4)] end as mobile_model,
  skewed(i, 28, 8)::smallint as mobile_phone, pick(i, 29, 10) < 1 as is_refresh, pick(i, 30, 12) = 0 as is_link, pick(i, 31, 25) = 0 as is_download,
  pick(i, 32, 9) <> 0 as dont_count, skewed(i, 33, 300)::smallint as window_width, (hash(i % 5000) % 1000000007)::bigint as url_hash,
  case when pick(i, 34, 30) = 0 then null else skewed(i, 35, 70)::smallint end as age, (skewed(i, 36, 100000) / 100.0)::decimal(9, 2) as price,
  (['RUB', 'USD', 'EUR', ''])[1 + skewed(i, 37, 4)] as currency, skewed(i, 38, 5000)::integer as load_ms
from range(60000) as r(i);
