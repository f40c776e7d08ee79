-- Intervals: input, output, arithmetic, justification.
SELECT interval '1 year 2 months 3 days 4 hours 5 minutes 6.789 seconds', interval '1-2', interval '1 2:03:04', interval 'P1Y2M3DT4H5M6S', interval 'P0001-02-03T04:05:06', interval '1 day ago', interval '@ 1 hour ago'
SELECT interval '1', interval '1.5', interval '90 min', interval '25:00', interval '1:30', interval '-1:30', interval '1 week', interval '1 decade 2 centuries 3 millennia'
SELECT interval '1.5 years', interval '1.5 months', interval '1.5 days', interval '1.5 weeks', interval '0.1 month', interval '1.999 year', interval '2.5 hours'
SELECT interval '1 day -1 hour', interval '-1 day +01:00', interval '+1 mon -1 day', interval '1 year -12 months', interval '0', interval '-0.5 sec', interval '1 mon -30 days'
SELECT interval '1 xyz'
SELECT interval ''
SELECT interval 'abc'
SELECT interval '10000000000 years'
SELECT interval '1 2'
SELECT interval '1' YEAR, interval '1' DAY, interval '2' HOUR, interval '1-2' YEAR TO MONTH, interval '1 02:03' DAY TO MINUTE, interval '1:02' MINUTE TO SECOND, interval '1:02' HOUR TO MINUTE, interval '1.567' SECOND(1)
SELECT interval '1 day 02:03:04.5678' HOUR, interval '1 year 5 months' YEAR, interval(2) '1.5678 sec', interval '12.345 sec'::interval(1), interval '1 day 2 hours'::interval day
SELECT interval '1 day' + interval '2 hours', interval '1 month' - interval '1 day', - interval '1 day 2 hours', interval '1 hour' * 3, 2.5 * interval '1 day', interval '1 month' * 0.5, interval '1 day' / 2, interval '1 month' / 4, interval '1 year' / 3
SELECT interval '1 day' / 0
SELECT interval '1 day' * interval '1 day'
SELECT interval '1 day' + 1
SELECT interval '178000000 years' * 2
SELECT interval '1 month' = interval '30 days', interval '1 day' = interval '24 hours', interval '1 year' = interval '360 days', interval '1 mon' > interval '29 days', interval '1 hour' < interval '61 min'
SELECT justify_days(interval '35 days'), justify_hours(interval '27 hours'), justify_interval(interval '1 mon -1 hour'), justify_interval(interval '100 days 100 hours'), justify_days(interval '-35 days'), justify_hours(interval '-27 hours')
SELECT extract(year from interval '14 months'), extract(month from interval '14 months'), extract(day from interval '40 days'), extract(hour from interval '30 hours'), extract(minute from interval '90 min'), extract(second from interval '61.5 sec'), extract(epoch from interval '1 month 1 day')
SELECT extract(quarter from interval '5 months'), extract(decade from interval '25 years'), extract(century from interval '250 years'), extract(millennium from interval '2500 years'), extract(milliseconds from interval '1.5 sec'), extract(microseconds from interval '1.5 sec')
SELECT extract(dow from interval '1 day')
SELECT date_trunc('hour', interval '1 day 02:03:04'), date_trunc('day', interval '1 mon 2 days 03:00'), date_trunc('month', interval '14 mons 2 days'), date_trunc('year', interval '30 mons'), date_trunc('second', interval '1.999 sec'), date_trunc('quarter', interval '5 mons')
SELECT date_trunc('week', interval '10 days')
SELECT sum(x), avg(x), max(x), min(x) FROM (VALUES (interval '1 day'), ('2 hours'), (NULL)) t(x)
SELECT avg(x), sum(x) FROM (VALUES (interval '1 month'), ('1 day')) t(x)
SELECT x FROM (VALUES (interval '1 month'), ('31 days'), ('29 days'), (NULL), ('-1 day'), ('720 hours')) t(x) ORDER BY x, x::text
SELECT DISTINCT x = interval '30 days' FROM (VALUES (interval '1 month'), ('720 hours')) t(x)
SELECT count(DISTINCT x) FROM (VALUES (interval '1 month'), ('30 days'), ('1 day')) t(x)
SELECT interval '1 day'::text, (interval '1 mon' + interval '1 sec')::text, interval '00:00:00.000001'::text, interval '-00:00:01'::text, '1 hour'::interval || '!'
SELECT interval '1 hour'::time, time '10:30'::interval, interval '25 hours'::time, interval '-1 hour'::time
SELECT pg_typeof(interval '1 day' * 2), pg_typeof(interval '1 day' / 2.0), pg_typeof(age(date '2024-01-01', date '2023-01-01')), abs(extract(day from interval '-3 days'))
SELECT interval '1 year' > '11 months', '1 day' = interval '24:00', interval '1 day' IN ('24 hours', '2 days'), interval '1 day' BETWEEN '23 hours' AND '25 hours'
SELECT make_interval(days => 1) + '1 hour', interval '1 day' + date '2024-01-01', interval '1 month' + timestamptz '2024-01-31 00:00+00', timestamptz '2024-03-31 00:00+00' - interval '1 month'
SELECT interval '1 week 1 day', interval '1w', interval '1 y 2 mon 3 d 4 h 5 m 6 s', interval '1 minute', interval '1 us', interval '1 ms', interval '100 milliseconds', interval '1 hr', interval '3 mins'
SELECT interval '1.2.3 days'
SELECT interval '1 day' LIKE '1%'
SELECT interval 'P1Y', interval 'PT1H30M', interval 'P1W', interval 'P1.5D', interval 'P-1Y2M', interval 'PT0.5S'
SELECT interval 'PX'
SELECT interval '-P1D'
SELECT to_char(interval '3 days 5 hours', 'DD "d" HH24 "h"'), interval '1 day' = '1 day', least(interval '1 day', '23 hours'), greatest(interval '1 mon', '40 days')
SELECT interval '2147483647 months'
SELECT interval '2147483648 months'
SELECT interval '2147483648 days'
