-- What Bob, a clerk, may see, said in plain SQL: a few columns, and no plane or airport at all.
\set ON_ERROR_STOP on
ALTER SCHEMA lake RENAME TO all_lake;
ALTER SCHEMA shop RENAME TO all_shop;
ALTER SCHEMA history RENAME TO all_history;
CREATE SCHEMA lake;
CREATE SCHEMA shop;
CREATE SCHEMA history;

CREATE VIEW lake.flights AS
SELECT month, day, arr_delay, carrier, flight, origin, dest, distance, time_hour FROM all_lake.flights;
CREATE VIEW history.weather AS SELECT origin, temp, precip, time_hour, _date FROM all_history.weather;
CREATE VIEW shop.airlines AS SELECT * FROM all_shop.airlines;
