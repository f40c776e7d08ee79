-- What Ana, an analyst at JFK, may see, said in plain SQL: a copy of the oracle whose tables are views.
-- Security barriers keep the errors of hidden rows hidden.
-- A hash has no plain counterpart, so that any injective function stands in for it: queries never show its value.
\set ON_ERROR_STOP on
ALTER SCHEMA lake RENAME TO all_lake;
ALTER SCHEMA shop RENAME TO all_shop;
ALTER SCHEMA history RENAME TO all_history;
CREATE SCHEMA lake;
CREATE SCHEMA shop;
CREATE SCHEMA history;

CREATE VIEW lake.flights WITH (security_barrier) AS
SELECT year, month, day, dep_time / 100 * 100 AS dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay,
       carrier, flight, md5(tailnum) AS tailnum, origin, dest, air_time, distance, hour, minute, time_hour
FROM all_lake.flights
WHERE origin = 'JFK';

CREATE VIEW history.weather WITH (security_barrier) AS SELECT * FROM all_history.weather WHERE origin = 'JFK';

CREATE VIEW shop.airlines WITH (security_barrier) AS SELECT * FROM all_shop.airlines;
CREATE VIEW shop.airports WITH (security_barrier) AS SELECT * FROM all_shop.airports WHERE tz BETWEEN -9 AND -5;

CREATE VIEW shop.planes WITH (security_barrier) AS
SELECT md5(tailnum) AS tailnum, year, type, '***'::text AS manufacturer,
       CASE WHEN length(model) <= 3 THEN repeat('*', length(model)) ELSE left(model, 3) || repeat('*', length(model) - 3) END AS model,
       engines, seats, NULL::integer AS speed, engine
FROM all_shop.planes;
