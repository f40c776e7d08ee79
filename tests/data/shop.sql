-- The application database of the flights test: what an airline's own systems keep in PostgreSQL.
-- Run by psql in the folder that flights.py made.
\set ON_ERROR_STOP on
CREATE TABLE airlines (
    carrier varchar(2) PRIMARY KEY,
    name    text NOT NULL
);
CREATE TABLE airports (
    faa   varchar(3) PRIMARY KEY,
    name  text NOT NULL,
    lat   numeric(10, 7) NOT NULL,
    lon   numeric(10, 7) NOT NULL,
    alt   integer NOT NULL,
    tz    smallint NOT NULL,
    dst   text NOT NULL,
    tzone text
);
CREATE TABLE planes (
    tailnum      varchar(6) PRIMARY KEY,
    year         integer,
    type         text NOT NULL,
    manufacturer text NOT NULL,
    model        text NOT NULL,
    engines      smallint NOT NULL,
    seats        integer NOT NULL,
    speed        integer,
    engine       text NOT NULL
);
\copy airlines FROM 'csv/airlines.csv' CSV HEADER
\copy airports FROM 'csv/airports.csv' CSV HEADER
\copy planes FROM 'csv/planes.csv' CSV HEADER
COMMENT ON TABLE planes IS 'every aircraft with a United States registration that flew';
ANALYZE;
