-- The oracle of the flights test: the same data in one plain PostgreSQL, under the names by which Weir shows it.
-- Run by psql in the folder that flights.py made.
\set ON_ERROR_STOP on
CREATE SCHEMA lake;
CREATE SCHEMA shop;
CREATE SCHEMA history;

SET search_path = shop;
\ir shop.sql
RESET search_path;

CREATE TABLE lake.flights (
    year           smallint,
    month          integer,
    day            smallint,
    dep_time       integer,
    sched_dep_time integer,
    dep_delay      double precision,
    arr_time       integer,
    sched_arr_time integer,
    arr_delay      double precision,
    carrier        text,
    flight         integer,
    tailnum        text,
    origin         text,
    dest           text,
    air_time       integer,
    distance       bigint,
    hour           integer,
    minute         integer,
    time_hour      timestamptz
);
\copy lake.flights FROM 'csv/flights.csv' CSV HEADER

CREATE TABLE history.weather (
    origin     text,
    year       integer,
    month      integer,
    day        integer,
    hour       bigint,
    temp       double precision,
    dewp       double precision,
    humid      double precision,
    wind_dir   integer,
    wind_speed double precision,
    wind_gust  double precision,
    precip     numeric(6, 2),
    pressure   double precision,
    visib      double precision,
    time_hour  timestamptz,
    station    text,
    _date      date
);
\copy history.weather FROM 'csv/weather.csv' CSV HEADER
ANALYZE;
