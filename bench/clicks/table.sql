-- A web log of one wide table, in the shape of ClickBench's: 40 columns, skewed visitors, sites, pages and searches, empty
-- texts in place of NULL, rows in the order of time. Every value is a function of the row's number. `$rows` is given.
create macro draw(i, salt, n) as (hash(i * 1000003 + salt) % n)::bigint;
create macro fraction(i, salt) as (hash(i * 7919 + salt) % 16777213) / 16777213.0;
-- Small numbers are frequent, as in Zipf's law: a power of a fraction.
create macro skewed(i, salt, n, power) as floor(pow(fraction(i, salt), power) * n)::bigint;
create macro one_of(list, index) as list[1 + index];

create macro words(seed, salt) as
  one_of(['купить', 'cheap', 'смотреть', 'best', 'погода', 'free', 'скачать', 'how to', 'цены', 'new', 'фото', 'online'], draw(seed, salt, 12)) || ' ' ||
  one_of(['билеты', 'flights', 'кино', 'shoes', 'в москве', 'music', 'игры', 'cook rice', 'на авто', 'phones', 'котов', 'maps'], draw(seed, salt + 1, 12)) || ' ' ||
  one_of(['', 'today', 'недорого', 'near me', '2013', 'форум', 'отзывы', 'video'], draw(seed, salt + 2, 8));

create macro page_of(counter, page) as
  case when draw(counter, 101, 5) = 0 then 'https://' else 'http://' end ||
  one_of(['www.', '', '', 'm.', 'forum.', 'shop.'], draw(counter, 102, 6)) ||
  one_of(['example', 'cars', 'news', 'market', 'погода', 'kino', 'google', 'photo'], draw(counter, 103, 8)) || counter ||
  one_of(['.ru', '.com', '.net', '.рф', '.org'], draw(counter, 104, 5)) ||
  case when page = 0 then '/' else
    one_of(['/search?text=', '/item/', '/catalog/women/shoes/', '/news/2013/07/', '/album/photo', '/index.php?id=', '/forum/topic', '/real-estate/'], draw(page, 105, 8)) || page ||
    case when draw(page, 106, 3) = 0 then '&utm_source=' || one_of(['mail', 'google', 'direct', 'banner'], draw(page, 107, 4)) || '&page=' || draw(page, 108, 40) else '' end
  end;

create view hits_rows as
select
  (hash(row) >> 1)::bigint as watch_id,
  (draw(visitor, 11, 10) <> 0)::integer::smallint as java_enable,
  case when page % 7 = 6 then '' else words(counter * 50021 + page, 12) || ' — ' || words(counter, 15) || case when page % 3 = 0 then ' | Google' else '' end end as title,
  1::smallint as good_event,
  timestamp '2013-07-01' + to_microseconds((row * (31 * 86400000000.0 / $rows))::bigint) as event_time,
  (timestamp '2013-07-01' + to_microseconds((row * (31 * 86400000000.0 / $rows))::bigint))::date as event_date,
  counter::integer as counter_id,
  (hash(visitor // 3) % 4294967296)::bigint - 2147483648 as client_ip,
  skewed(visitor, 13, 5000, 4)::integer as region_id,
  (hash(visitor * 31 + 7) >> 1)::bigint as user_id,
  (counter % 3 - 1)::smallint as counter_class,
  skewed(visitor, 14, 90, 3)::smallint as os,
  skewed(visitor, 16, 80, 2)::smallint as user_agent,
  page_of(counter, page) as url,
  case when draw(row, 17, 10) < 2 then '' when searched then 'http://' || one_of(['yandex.ru/yandsearch?text=', 'www.google.com/search?q=', 'go.mail.ru/search?q='], draw(row, 18, 3)) || draw(row, 19, 700000)
    else page_of(counter, skewed(row, 20, 40000, 7)) end as referer,
  (draw(row, 21, 11) = 0)::integer::smallint as is_refresh,
  skewed(counter, 22, 30, 2)::smallint as referer_category,
  skewed(page, 23, 400, 2)::smallint as url_category,
  one_of([0, 1024, 1280, 1366, 1440, 1600, 1638, 1920], draw(visitor, 24, 8))::smallint as resolution_width,
  one_of([0, 768, 800, 1024, 900, 1200, 1080], draw(visitor, 25, 7))::smallint as resolution_height,
  one_of([24, 32, 16], skewed(visitor, 26, 3, 3))::smallint as resolution_depth,
  case when draw(visitor, 27, 20) = 0 then 1 + skewed(visitor, 28, 80, 3) else 0 end::smallint as mobile_phone,
  case when draw(visitor, 27, 20) = 0 then one_of(['iPad', 'iPhone', 'Galaxy S', 'Lumia', 'Desire', 'Xperia'], skewed(visitor, 28, 6, 2)) || ' ' || skewed(visitor, 29, 25, 2) else '' end as mobile_model,
  (draw(row, 30, 11) - 1)::smallint as traffic_source,
  case when searched then 1 + skewed(row, 31, 60, 3) else 0 end::smallint as search_engine_id,
  case when searched then words(skewed(row, 32, 900000, 2.4), 33) || ' ' || skewed(row, 32, 900000, 2.4) // 8 else '' end as search_phrase,
  case when draw(row, 34, 160) = 0 then 1 + skewed(row, 35, 18, 2) else 0 end::smallint as adv_engine_id,
  skewed(visitor, 36, 2200, 1)::smallint as window_width,
  skewed(visitor, 37, 1300, 1)::smallint as window_height,
  (draw(visitor, 38, 24) * 60 - 660)::smallint as client_time_zone,
  (draw(row, 39, 30) = 0)::integer::smallint as is_link,
  (draw(row, 40, 200) = 0)::integer::smallint as is_download,
  (draw(row, 41, 4) <> 0)::integer::smallint as is_not_bounce,
  (hash(visitor + 99) >> 1)::bigint as first_visit_id,
  case when draw(visitor, 42, 3) = 0 then 0 else 16 + draw(visitor, 43, 60) end::smallint as age,
  draw(visitor, 44, 3)::smallint as sex,
  draw(visitor, 45, 5)::smallint as income,
  skewed(row, 46, 30000, 4)::integer as load_ms,
  (hash(counter * 65537 + page) >> 1)::bigint as url_hash,
  (hash(row // 3) >> 1)::bigint as referer_hash
-- A visit is four rows of one visitor, on one site.
from (select row, skewed(row // 4, 1, 2400000, 1.6) as visitor, skewed(row // 4, 2, 6000, 5) as counter,
  skewed(row, 3, 40000, 6) as page, draw(row, 4, 100) < 13 as searched from range($rows) as r(row));
