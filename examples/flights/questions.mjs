/** What the demo asks the server. */
export const questions = [
  {
    title: 'Which airports are the busiest?',
    sql: `select origin, count(*) as flights, avg(delay)::numeric(5, 1) as average_delay, max(delay) as worst
from flights
group by origin
order by flights desc
limit 5`,
  },
  {
    title: 'How late was each day?',
    sql: `select day, sum(departures) as departures, sum(late) as late,
       (100 * sum(late) / sum(departures))::numeric(4, 1) as percent_late
from daily_airport_stats
group by day
order by day`,
  },
  {
    title: 'Which routes are worse than their airport on the same day?',
    sql: `select f.origin, f.destination, count(*) as flights, round(avg(f.delay - s.average_delay)) as minutes_worse
from flights f
join daily_airport_stats s on s.airport = f.origin and s.day = f.day
where s.departures >= 100
group by f.origin, f.destination
having count(*) >= 20
order by minutes_worse desc, flights desc
limit 5`,
  },
];
