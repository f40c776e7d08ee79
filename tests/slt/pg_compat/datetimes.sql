-- Dates, times and timestamps: input, output, arithmetic, time zones.
SELECT date '2024-03-05', date '20240305', date 'March 5, 2024', date '5 March 2024', date '2024.065', date 'J2460375', date '3/5/2024', date '2024-Mar-05', date '05-Mar-2024'
SELECT date 'infinity', date '-infinity', date 'epoch', date '0044-03-15 BC', date '5874897-12-31', date '4713-01-01 BC'
SELECT date '2024-02-30'
SELECT date '2023-02-29'
SELECT date '2024-13-01'
SELECT date '13/5/2024'
SELECT date 'abc'
SELECT date ''
SELECT date '5874898-01-01'
SELECT date '2024-03-05 10:00', date '2024-03-05T10:00:00Z', date ' 2024-03-05 '
SELECT time '14:07', time '14:07:09', time '14:07:09.123456', time '140709', time '2:07 PM', time '12:00 AM', time '24:00', time 'allballs', time '14:07:09.1234567', time(0) '14:07:09.5', time(2) '14:07:09.126'
SELECT time '25:00'
SELECT time '14:60'
SELECT time '14:07:60', time '23:59:60'
SELECT time 'abc'
SELECT time '13:00 PM'
SELECT timetz '14:07:09+02', timetz '14:07-05:30', timetz '14:07 UTC', timetz '14:07', timetz(1) '14:07:09.55+01'
SELECT timestamp '2024-03-05 14:07:09', timestamp '2024-03-05', timestamp '2024-03-05T14:07:09.5', timestamp '2024-03-05 14:07:09.123456', timestamp '20240305T140709', timestamp '2024-03-05 14:07:09+05', timestamp(0) '2024-03-05 14:07:09.5', timestamp(3) '2024-03-05 14:07:09.12345'
SELECT timestamp 'infinity', timestamp '-infinity', timestamp 'epoch', timestamp '0044-03-15 10:00 BC', timestamp '294276-12-31 23:59:59.999999'
SELECT timestamp '294277-01-01'
SELECT timestamp '4714-01-01 BC'
SELECT timestamp '2024-02-30 10:00'
SELECT timestamp '2024-03-05 25:00'
SELECT timestamp '2024-03-05 24:00', timestamp '2024-03-05 23:59:60', timestamp '2024-12-31 23:59:59.9999999'
SELECT timestamp 'x'
SELECT timestamp '2024-03-05 14:07 Nowhere/Land'
SELECT timestamptz '2024-03-05 14:07:09+00', timestamptz '2024-03-05 14:07:09', timestamptz '2024-03-05 14:07:09+05:30', timestamptz '2024-03-05 14:07:09Z', timestamptz '2024-03-05 14:07:09 America/New_York', timestamptz '2024-07-05 14:07:09 Europe/Berlin', timestamptz '2024-03-05 14:07:09 EST', timestamptz '2024-03-05 14:07:09-08'
SELECT timestamptz '2024-03-10 02:30 America/New_York', timestamptz '2024-11-03 01:30 America/New_York', timestamptz '2024-03-31 02:30 Europe/Berlin', timestamptz '2024-10-27 02:30 Europe/Berlin'
SELECT timestamptz '2024-03-05 14:07 Nowhere/Land'
SELECT timestamptz '2024-03-05 14:07+25'
SELECT date '2024-03-05' + 10, date '2024-03-05' - 10, 10 + date '2024-03-05', date '2024-03-05' - date '2024-01-01', date '2024-03-05' + time '10:00', time '10:00' + date '2024-03-05', date '2024-03-05' + timetz '10:00+02'
SELECT date '2024-03-05' + 2147483647
SELECT date '5874897-12-31' + 1
SELECT date 'infinity' + 1, date '-infinity' - 5
SELECT date 'infinity' - date '2024-01-01'
SELECT date '2024-01-31' + interval '1 month', date '2024-03-31' - interval '1 month', date '2024-02-29' + interval '1 year', date '2024-01-01' + interval '36 hours', date '2024-01-01' - interval '1 second'
SELECT timestamp '2024-01-31 10:00' + interval '1 month 1 day', timestamp '2024-03-31 10:00' - interval '1 mon', timestamp '2024-01-01' + interval '0.5 sec', interval '1 day' + timestamp '2024-01-01'
SELECT timestamp '2024-03-05 10:00' - timestamp '2024-01-01', timestamp '2024-01-01' - timestamp '2024-03-05 10:00:00.5', timestamp '2024-03-05' - date '2024-03-04', timestamptz '2024-03-05 10:00+02' - timestamptz '2024-03-05 10:00+00'
SELECT timestamp '2024-01-01' + timestamp '2024-01-01'
SELECT timestamp '2024-01-01' + 1
SELECT timestamp '2024-01-01' - 1
SELECT time '10:00' + interval '15 hours', time '10:00' - interval '11 hours', time '10:00' - time '08:30', time '10:00' + interval '1 day', interval '1 hour' + time '23:30', timetz '10:00+02' + interval '1 hour'
SELECT time '10:00' + time '10:00'
SELECT timestamp '294276-12-31' + interval '1 year'
SELECT timestamp '2024-01-01' < timestamp '2024-01-02', date '2024-01-01' = timestamp '2024-01-01', date '2024-01-01' < timestamptz '2024-01-01 00:00:01+00', timestamp '2024-01-01' = timestamptz '2024-01-01+00', time '10:00' < '11:00', timetz '10:00+02' < timetz '10:00+01'
SELECT time '10:00' = timetz '10:00+00'
SELECT date '2024-01-01' = 1
SELECT timestamp '2024-01-01' = '2024-01-01', date '2024-01-01' BETWEEN '2023-12-31' AND '2024-01-01', timestamp 'infinity' > timestamp '294276-12-31', date '-infinity' < date '4713-01-01 BC'
SELECT timestamp '2024-03-05 14:07' AT TIME ZONE 'UTC', timestamp '2024-03-05 14:07' AT TIME ZONE 'America/New_York', timestamp '2024-07-05 14:07' AT TIME ZONE 'Europe/Berlin', timestamp '2024-03-05 14:07' AT TIME ZONE '+03', timestamp '2024-03-05 14:07' AT TIME ZONE interval '-05:00'
SELECT timestamptz '2024-03-05 14:07+00' AT TIME ZONE 'America/New_York', timestamptz '2024-07-05 14:07+00' AT TIME ZONE 'Europe/Berlin', timestamptz '2024-03-05 14:07+00' AT TIME ZONE 'Asia/Kolkata', timestamptz '2024-03-05 14:07+00' AT TIME ZONE 'EST', timestamptz '2024-03-05 14:07+00' AT TIME ZONE 'PST8PDT', timestamptz '2024-03-05 14:07+00' AT TIME ZONE 'utc'
SELECT timestamptz '2024-03-31 00:59:59+00' AT TIME ZONE 'Europe/Berlin', timestamptz '2024-03-31 01:00+00' AT TIME ZONE 'Europe/Berlin', timestamptz '2024-10-27 00:30+00' AT TIME ZONE 'Europe/Berlin', timestamptz '2024-10-27 01:30+00' AT TIME ZONE 'Europe/Berlin'
SELECT timestamp '2024-03-31 02:30' AT TIME ZONE 'Europe/Berlin', timestamp '2024-10-27 02:30' AT TIME ZONE 'Europe/Berlin', timestamp '2024-03-10 02:30' AT TIME ZONE 'America/New_York', timestamp '2024-11-03 01:30' AT TIME ZONE 'America/New_York'
SELECT timetz '14:07+00' AT TIME ZONE '+02', timetz '14:07+00' AT TIME ZONE interval '3 hours', time '14:07' AT TIME ZONE 'UTC'
SELECT date '2024-03-05' AT TIME ZONE 'America/New_York', timezone('UTC', timestamp '2024-03-05 14:07'), timezone('Asia/Tokyo', timestamptz '2024-03-05 14:07+00')
SELECT timestamp '2024-03-05 14:07' AT TIME ZONE 'Nowhere/Land'
SELECT timestamp '2024-03-05 14:07' AT TIME ZONE interval '1 month'
SELECT timestamp 'infinity' AT TIME ZONE 'Europe/Berlin', NULL::timestamp AT TIME ZONE 'UTC', timestamptz '1900-01-01+00' AT TIME ZONE 'Europe/Berlin', timestamptz '1800-01-01+00' AT TIME ZONE 'America/New_York', timestamptz '2100-07-01+00' AT TIME ZONE 'Europe/Berlin'
SELECT age(timestamp '2024-03-05', timestamp '2023-01-31'), age(timestamp '2023-01-31', timestamp '2024-03-05'), age(timestamp '2024-03-05 10:00', timestamp '2024-03-05'), age(date '2024-02-29', date '2023-02-28'), age(timestamp '2024-03-31', timestamp '2024-02-29')
SELECT isfinite(date '2024-01-01'), isfinite(date 'infinity'), isfinite(timestamp '-infinity'), isfinite(interval '1 day'), isfinite(timestamptz 'infinity')
SELECT (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-05', date '2024-01-20'), (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-10', date '2024-01-20'), (timestamp '2024-01-01', interval '5 days') OVERLAPS (timestamp '2024-01-03', interval '1 day'), (time '10:00', time '12:00') OVERLAPS (time '11:00', time '13:00')
SELECT (date '2024-01-01', 5) OVERLAPS (date '2024-01-01', 5)
SELECT x FROM (VALUES (date '2024-01-01'), ('infinity'), ('-infinity'), (NULL), ('0044-03-15 BC')) t(x) ORDER BY x
SELECT max(x), min(x), count(x) FROM (VALUES (timestamp '2024-01-01'), ('infinity'), (NULL)) t(x)
SELECT max(x), min(x) FROM (VALUES (time '10:00'), ('09:00')) t(x)
SELECT d::date FROM generate_series(timestamp '2024-01-30', timestamp '2024-02-02', interval '1 day') d ORDER BY d
SELECT d FROM generate_series(timestamptz '2024-01-01+00', timestamptz '2024-04-01+00', interval '1 month') d ORDER BY d
SELECT d FROM generate_series(date '2024-01-01', date '2024-01-03', interval '12 hours') d ORDER BY d
SELECT generate_series(timestamp '2024-01-01', timestamp '2024-01-02', interval '0')
SELECT timestamp '2024-03-05 14:07:09.999999'::timestamp(3), timestamp '2024-03-05 14:07:09.5'::timestamp(0), timestamp '2024-03-05 14:07:09.4999'::timestamp(0), timestamp '2024-03-05 23:59:59.9'::timestamp(0), time '23:59:59.9'::time(0)
SELECT timestamp(7) '2024-03-05 14:07:09.1234567'
SELECT timestamp(-1) '2024-03-05'
SELECT '2024-03-05'::timestamp with time zone, '10:00'::time without time zone, '10:00+02'::time with time zone, '2024-03-05'::timestamp without time zone
SELECT timestamp '2024-03-05 14:07:09'::text, date '2024-03-05'::text || 'x', time '14:07:09.5'::text, timestamptz '2024-03-05 14:07:09+02'::text, timetz '10:00+02'::text
SELECT pg_typeof(date '2024-01-01' + 1), pg_typeof(date '2024-01-01' - date '2024-01-01'), pg_typeof(date '2024-01-01' + interval '1 day'), pg_typeof(timestamp '2024-01-01' - timestamp '2024-01-01'), pg_typeof(time '10:00' - time '09:00'), pg_typeof(date '2024-01-01' + time '10:00')
SELECT '2024-03-05'::date - '1 day'::interval, '2024-03-05'::date + '1'
SELECT '2024-03-05'::timestamp - '1 day'
SELECT '2024-03-05'::timestamp + '1 day'
SELECT date '2024-03-05' + '1 day'
SELECT date_part('year', date '2024-03-05'), date_part('month', timestamp '2024-03-05 14:07'), date_part('epoch', timestamptz '2024-03-05 14:07+00'), date_part('hour', time '14:07'), date_part('dow', date '2024-03-05')
SELECT x, x + 30, x - date '2024-01-01' FROM (VALUES (date '2024-01-31'), ('2024-02-29'), (NULL)) t(x) ORDER BY x
SELECT date '2024-03-05' * 2
SELECT -date '2024-03-05'
SELECT sum(x) FROM (VALUES (date '2024-01-01')) t(x)
SELECT avg(x) FROM (VALUES (timestamp '2024-01-01')) t(x)
SELECT timestamptz '2024-03-05 14:07:09.123456789+00', timestamptz '2024-03-05 14:07:09.1+00', timestamptz '0001-01-01 00:00+00', timestamptz '10000-01-01 00:00+00'
SELECT 'today'::date = current_date, 'now'::timestamp <= clock_timestamp(), current_date - 'yesterday'::date, 'tomorrow'::date - current_date, current_timestamp = now(), localtimestamp = now()::timestamp
SELECT pg_typeof(current_date), pg_typeof(current_timestamp), pg_typeof(localtime), pg_typeof(current_time), pg_typeof(localtimestamp), pg_typeof(clock_timestamp()), pg_typeof(now())
SELECT date '01-02-03', date '1999-01-08', date 'January 8 99 BC', date '08-Jan-1999', date 'Jan-08-1999', date '99-Jan-08'
-- Zones that are more than may be written, and infinity, which no zone is looked up for.
SELECT greatest(a, timezone(b, a)), timezone(b, a) > a, timezone(b, a) + interval '1 hour' FROM (VALUES ('10:30:00+00'::timetz, interval '36:00:00'), ('10:30:00-08', '-1000:00:01'), ('10:30:00+02', '23:59:59.999999')) t(a, b)
SELECT date_trunc('(b)', a, '(b)') FROM (VALUES ('infinity'::timestamptz), ('-infinity')) t(a)
SELECT date_trunc('day', a, '(b)') FROM (VALUES ('infinity'::timestamptz), ('2024-01-01 00:00+00')) t(a)
SELECT make_time(0, 6, -2.5e-300), make_time(1, 2, 59.9999999), make_time(1, 2, 60)
SELECT make_time(0, 6, -0.000001)
SELECT make_time(0, 6, 'NaN')
SELECT timezone('::1', '10:30:00+00'::timetz)
SELECT timezone('ab1', '10:30:00+00'::timetz)
