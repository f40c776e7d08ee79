-- The queries of the flights test. Each is run by psql as every principal under `as`, through Weir and through that
-- principal's copy of the oracle, and the two outputs must be the same text: column names, order, NULLs and all.
--
--   -- name: what it shows
--   -- as: the principals who may run it
--   -- sorted           (only where the SQL has no total order: both outputs are sorted before they are compared)
--
-- Known gaps, that the queries go round until SQL means all that PostgreSQL means:
--   * avg() of integers and numerics is float8 in Weir and numeric in PostgreSQL, and float sums depend on the order of
--     the rows: such results are cast to numeric(p,s).
--   * the scale of numeric division: the same cast.

-- name: count everything
-- as: ana bob eva
SELECT count(*) FROM lake.flights;

-- name: count each source
-- as: ana bob eva
SELECT (SELECT count(*) FROM lake.flights) AS flights,
       (SELECT count(*) FROM shop.airlines) AS airlines,
       (SELECT count(*) FROM history.weather) AS weather;

-- name: flights by origin and month
-- as: ana bob eva
SELECT origin, month, count(*) AS flights, min(distance) AS nearest, max(distance) AS farthest, sum(distance) AS miles
FROM lake.flights
GROUP BY origin, month
ORDER BY origin, month;

-- name: one partition, first rows
-- as: ana bob eva
SELECT month, day, carrier, flight, origin, dest, distance, time_hour
FROM lake.flights
WHERE month = 2 AND day = 9
ORDER BY time_hour, carrier, flight, dest
LIMIT 25;

-- name: all columns of a table with all or some columns granted
-- as: bob eva
SELECT * FROM lake.flights
WHERE month = 3 AND day = 3 AND dest = 'SFO' AND carrier = 'UA' AND distance > 2000
ORDER BY time_hour, flight
LIMIT 5 OFFSET 2;

-- name: all columns of a PostgreSQL table
-- as: ana bob eva
SELECT * FROM shop.airlines ORDER BY carrier;

-- name: numerics and smallints of PostgreSQL
-- as: ana eva
SELECT faa, name, lat, lon, alt, tz, dst, tzone FROM shop.airports WHERE alt > 5000 ORDER BY alt DESC, faa LIMIT 20;

-- name: masked columns of PostgreSQL
-- as: ana eva
SELECT year, type, manufacturer, model, engines, seats, speed, engine
FROM shop.planes
WHERE seats > 300
ORDER BY year, model, engines, seats, type, manufacturer, engine, speed
LIMIT 40;

-- name: group by a masked column
-- as: ana eva
SELECT manufacturer, count(*), count(speed) AS with_speed FROM shop.planes GROUP BY manufacturer ORDER BY manufacturer;

-- name: filter by a masked column sees only the masked value
-- as: ana eva
SELECT count(*) FROM shop.planes WHERE manufacturer = 'BOEING' OR speed > 100 OR model LIKE '737%';

-- name: a mask by expression, in WHERE and GROUP BY
-- as: ana eva
SELECT dep_time, count(*) FROM lake.flights WHERE dep_time <= 600 AND month < 4 GROUP BY dep_time ORDER BY dep_time;

-- name: a topic's own columns
-- as: ana eva
SELECT origin, year, month, day, hour, temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip, pressure, visib, time_hour, station
FROM history.weather
WHERE _date BETWEEN DATE '2013-02-27' AND DATE '2013-03-02'
ORDER BY time_hour, origin;

-- name: a topic pruned by the date in the path
-- as: ana bob eva
SELECT _date, origin, count(*) AS hours, sum(precip) AS rain, min(temp) AS coldest, max(temp) AS warmest
FROM history.weather
WHERE _date >= DATE '2013-06-01' AND _date < DATE '2013-06-08'
GROUP BY _date, origin
ORDER BY _date, origin;

-- name: a field that older files do not have
-- as: ana eva
SELECT station, count(*) AS hours, min(hour) AS first_hour, max(hour) AS last_hour FROM history.weather
GROUP BY station ORDER BY station NULLS FIRST;

-- name: NULLs count, compare and sort as in PostgreSQL
-- as: ana eva
SELECT count(*) AS rows, count(dep_time) AS departed, count(arr_delay) AS arrived,
       count(*) FILTER (WHERE dep_time IS NULL) AS cancelled,
       sum(CASE WHEN arr_delay > 0 THEN 1 ELSE 0 END) AS late,
       count(NULLIF(arr_delay, 0)) AS not_on_time
FROM lake.flights;

-- name: ORDER BY puts NULL last, and first when descending
-- as: ana bob eva
SELECT arr_delay, carrier, flight, origin, dest FROM lake.flights
WHERE month = 12 AND day = 25 AND dest IN ('BOS', 'DCA')
ORDER BY arr_delay DESC, carrier, flight, origin, dest;

-- name: join all three sources
-- as: ana bob eva
SELECT a.name, f.origin, count(*) AS flights, sum(w.precip) AS rain, avg(f.arr_delay)::numeric(10, 3) AS mean_delay
FROM lake.flights f
JOIN shop.airlines a ON a.carrier = f.carrier
JOIN history.weather w ON w.origin = f.origin AND w.time_hour = f.time_hour
WHERE w.precip > 0.20 AND f.month BETWEEN 5 AND 8
GROUP BY a.name, f.origin
ORDER BY flights DESC, a.name, f.origin;

-- name: join all three sources, with planes
-- as: ana eva
SELECT p.engine, a.name AS airline, count(*) AS flights, count(DISTINCT f.tailnum) AS aircraft, max(w.wind_speed) AS wind
FROM lake.flights f
JOIN shop.planes p ON p.tailnum = f.tailnum
JOIN shop.airlines a ON a.carrier = f.carrier
JOIN history.weather w ON w.origin = f.origin AND w.time_hour = f.time_hour
WHERE w.wind_speed > 30
GROUP BY p.engine, a.name
ORDER BY flights DESC, airline, p.engine;

-- name: a hash keeps equality: how many flights each aircraft made
-- as: ana eva
SELECT flights, count(*) AS aircraft
FROM (SELECT tailnum, count(*) AS flights FROM lake.flights WHERE tailnum IS NOT NULL GROUP BY tailnum) AS by_aircraft
GROUP BY flights
ORDER BY flights DESC
LIMIT 30;

-- name: a hash keeps equality: anti-join across sources
-- as: ana eva
SELECT count(*) AS unknown_aircraft, count(DISTINCT tailnum) AS tail_numbers
FROM lake.flights f
WHERE tailnum IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shop.planes p WHERE p.tailnum = f.tailnum);

-- name: left join keeps what has no match
-- as: ana eva
SELECT f.dest, p.name, count(*) AS flights
FROM lake.flights f LEFT JOIN shop.airports p ON p.faa = f.dest
WHERE f.month = 7
GROUP BY f.dest, p.name
HAVING count(*) < 40
ORDER BY flights, f.dest;

-- name: full join of two aggregates
-- as: ana bob eva
SELECT coalesce(f.day, w.day) AS day, f.flights, w.hours
FROM (SELECT day, count(*) AS flights FROM lake.flights WHERE month = 12 AND day > 20 GROUP BY day) f
FULL JOIN (SELECT extract(day FROM _date)::integer AS day, count(*) AS hours FROM history.weather
           WHERE _date >= DATE '2013-12-15' GROUP BY _date) w ON w.day = f.day
ORDER BY 1;

-- name: IN with a sub-query over another source
-- as: ana bob eva
SELECT carrier, count(*) FROM lake.flights
WHERE carrier IN (SELECT carrier FROM shop.airlines WHERE name LIKE '%Air Lines%' OR name LIKE '%Airways%')
GROUP BY carrier ORDER BY carrier;

-- name: NOT IN, and no NULL in the way
-- as: ana eva
SELECT DISTINCT dest FROM lake.flights WHERE dest NOT IN (SELECT faa FROM shop.airports) ORDER BY dest;

-- name: EXISTS, correlated over two sources
-- as: ana bob eva
SELECT a.carrier, a.name FROM shop.airlines a
WHERE EXISTS (SELECT 1 FROM lake.flights f WHERE f.carrier = a.carrier AND f.distance > 2500)
ORDER BY a.carrier;

-- name: a scalar sub-query, correlated
-- as: ana bob eva
SELECT a.carrier, (SELECT count(*) FROM lake.flights f WHERE f.carrier = a.carrier AND f.month = 1) AS flights
FROM shop.airlines a
ORDER BY a.carrier;

-- name: rank within each group
-- as: ana bob eva
SELECT origin, dest, flights, place
FROM (SELECT origin, dest, count(*) AS flights, rank() OVER (PARTITION BY origin ORDER BY count(*) DESC) AS place
      FROM lake.flights GROUP BY origin, dest) AS ranked
WHERE place <= 5
ORDER BY origin, place, dest;

-- name: running totals and neighbours
-- as: ana bob eva
SELECT month, flights, sum(flights) OVER (ORDER BY month) AS so_far, flights - lag(flights) OVER (ORDER BY month) AS change,
       first_value(flights) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS two_before
FROM (SELECT month, count(*) AS flights FROM lake.flights GROUP BY month) AS monthly
ORDER BY month;

-- name: common table expressions
-- as: ana bob eva
WITH wet AS (
    SELECT origin, _date, sum(precip) AS rain FROM history.weather GROUP BY origin, _date HAVING sum(precip) > 1.00
), busy AS (
    SELECT origin, (time_hour AT TIME ZONE 'America/New_York')::date AS day, count(*) AS flights
    FROM lake.flights GROUP BY 1, 2
)
SELECT wet.origin, wet._date, wet.rain, busy.flights
FROM wet JOIN busy ON busy.origin = wet.origin AND busy.day = wet._date
ORDER BY wet._date, wet.origin;

-- name: a recursive walk over the routes
-- as: ana bob eva
WITH RECURSIVE hours(h) AS (SELECT 0 UNION ALL SELECT h + 6 FROM hours WHERE h < 18)
SELECT h, count(f.flight) AS flights
FROM hours LEFT JOIN lake.flights f ON f.month = 4 AND extract(hour FROM f.time_hour)::integer = h
GROUP BY h
ORDER BY h;

-- name: dates: truncated, extracted, added
-- as: ana bob eva
SELECT date_trunc('month', time_hour) AS month, extract(dow FROM time_hour)::integer AS weekday, count(*) AS flights,
       min(time_hour) AS first, max(time_hour) + INTERVAL '1 hour' AS after_last
FROM lake.flights
WHERE time_hour >= TIMESTAMPTZ '2013-10-01 00:00:00+00' AND time_hour < TIMESTAMPTZ '2013-12-01 00:00:00+00'
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: strings
-- as: ana bob eva
SELECT carrier, upper(name) AS loud, length(name) AS letters, substring(name FROM 1 FOR 5) AS start, position('Air' IN name) AS at,
       replace(name, 'Inc.', '') || '(' || carrier || ')' AS label, name ILIKE '%airlines%' AS plural
FROM shop.airlines
ORDER BY carrier;

-- name: union of three sources
-- as: ana bob eva
SELECT 'flight' AS what, origin AS code FROM lake.flights
UNION
SELECT 'weather', origin FROM history.weather
UNION
SELECT 'airline', carrier FROM shop.airlines
ORDER BY what, code;

-- name: intersection and difference
-- as: ana eva
(SELECT dest FROM lake.flights INTERSECT SELECT faa FROM shop.airports WHERE alt > 3000)
EXCEPT
SELECT dest FROM lake.flights WHERE carrier = 'UA'
ORDER BY dest;

-- name: union all keeps duplicates
-- as: ana bob eva
SELECT code, count(*) FROM (SELECT origin AS code FROM lake.flights WHERE month = 1 UNION ALL
                            SELECT dest FROM lake.flights WHERE month = 1) AS ends
GROUP BY code HAVING count(*) > 2000 ORDER BY 2 DESC, 1;

-- name: grouping sets
-- as: ana bob eva
SELECT origin, carrier, count(*) AS flights FROM lake.flights WHERE month = 6 AND distance > 2000
GROUP BY ROLLUP (origin, carrier)
ORDER BY origin, carrier;

-- name: a self-join with an inequality
-- as: ana bob eva
SELECT count(*) FROM lake.flights a JOIN lake.flights b
ON a.month = b.month AND a.day = b.day AND a.origin = b.origin AND a.dest = b.dest AND a.time_hour < b.time_hour
WHERE a.month = 1 AND a.day <= 3;

-- name: floats as PostgreSQL writes them
-- as: ana eva
SELECT DISTINCT temp, wind_speed, wind_gust FROM history.weather WHERE wind_gust > 45
ORDER BY wind_gust DESC, wind_speed, temp;

-- name: a large result, every row compared
-- as: ana bob eva
-- sorted
SELECT month, day, carrier, flight, origin, dest, distance, arr_delay, time_hour FROM lake.flights WHERE month IN (1, 2, 3);

-- name: an empty result keeps its columns
-- as: ana bob eva
SELECT f.carrier, a.name, f.distance FROM lake.flights f JOIN shop.airlines a USING (carrier) WHERE f.distance < 0;

-- name: the part of a union whose rows are behind comes first
-- as: ana bob eva
SELECT 0 AS nothing, 2 AS part, month, day, carrier, flight, time_hour FROM lake.flights WHERE day < 3
UNION ALL SELECT 0, 1, month, day, carrier, flight, time_hour FROM lake.flights WHERE day > 29
ORDER BY 1, 2, 7, 5, 6
LIMIT 30;

-- name: the part of a union whose rows are behind comes first, from a topic
-- as: ana bob eva
SELECT 0 AS nothing, 2 AS part, time_hour, origin FROM history.weather WHERE time_hour < '2013-03-01 00:00:00+00'
UNION ALL SELECT 0, 1, time_hour, origin FROM history.weather WHERE time_hour > '2013-11-01 00:00:00+00'
ORDER BY 1, 2, 3, 4
LIMIT 30;
