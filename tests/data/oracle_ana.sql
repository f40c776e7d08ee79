-- What Ana, an analyst at JFK, may see, said in plain SQL: a copy of the oracle whose tables are views.
-- A hash has no plain counterpart, so that any injective function stands in for it: queries never show its value.
\set ON_ERROR_STOP on
ALTER SCHEMA lake RENAME TO all_lake;
ALTER SCHEMA shop RENAME TO all_shop;
ALTER SCHEMA history RENAME TO all_history;
CREATE SCHEMA lake;
CREATE SCHEMA shop;
CREATE SCHEMA history;

CREATE VIEW lake.flights AS
SELECT year, month, day, dep_time / 100 * 100 AS dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay,
       carrier, flight, md5(tailnum) AS tailnum, origin, dest, air_time, distance, hour, minute, time_hour
FROM all_lake.flights
WHERE origin = 'JFK';

CREATE VIEW history.weather AS SELECT * FROM all_history.weather WHERE origin = 'JFK';

CREATE VIEW shop.airlines AS SELECT * FROM all_shop.airlines;
CREATE VIEW shop.airports AS SELECT * FROM all_shop.airports;

CREATE VIEW shop.planes AS
SELECT md5(tailnum) AS tailnum, year, type, '***'::text AS manufacturer,
       left(model, 3) || repeat('*', greatest(length(model) - 3, 0)) AS model,
       engines, seats, NULL::integer AS speed, engine
FROM all_shop.planes;
