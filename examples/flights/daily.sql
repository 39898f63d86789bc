-- One day of flights, from the file that holds half a year of them into two tables with a partition a day.
--
--     millrace run daily.sql --var ds=2001-01-01 --var source=flights-3m.parquet --lake ./lake
--
-- It may be run again for the same day at any time: a partition is replaced as a whole, or not at all.

create table if not exists flights (
  departure   timestamp,
  origin      text,
  destination text,
  distance    integer,  -- miles
  delay       integer   -- minutes, negative when early
) partitioned by (day date);

create table if not exists daily_airport_stats (
  airport       text,
  departures    bigint,
  average_delay double precision,
  late          bigint    -- by more than a quarter of an hour
) partitioned by (day date);

insert overwrite flights partition (day = :'ds')
select date, origin, destination, cast(distance as integer), cast(delay as integer)
from :'source'
where date >= timestamp :'ds' and date < timestamp :'ds' + interval '1 day';

insert overwrite daily_airport_stats partition (day = :'ds')
select origin, count(*), avg(delay), count(*) filter (where delay > 15)
from flights
where day = :'ds'
group by origin;
