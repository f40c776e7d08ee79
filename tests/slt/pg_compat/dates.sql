-- Dates, timestamps and intervals.
SELECT date '2024-01-31' + 1, date '2024-03-01' - date '2024-02-01', 1 + date '2024-01-31', date '2024-01-01' - 1
SELECT date '2024-01-31' + interval '1 month', date '2024-01-31' - interval '1 day', timestamp '2024-02-29 12:00' + interval '1 year'
SELECT timestamp '2024-01-31 10:00' - timestamp '2024-01-01', timestamp '2024-01-01' - timestamp '2024-01-31 10:00'
SELECT date '2024-01-01' < date '2024-01-02', date '2024-01-01' = timestamp '2024-01-01', date '2024-01-01' < '2024-02-01'
SELECT interval '1 day' * 2, interval '1 month' * 1.5, interval '1 day' * 1.5, 2 * interval '1 hour'
SELECT '2024-01-31'::date, '2024-01-31 10:00:00.5'::timestamp, '2024-01-31'::timestamp, date '2024-01-31'::timestamp
SELECT timestamp '2024-01-31 10:00'::date
SELECT date '2024-01-01' + date '2024-01-01'
SELECT date '2024-01-01' + 'x'
SELECT date '2024-01-01' BETWEEN '2023-01-01' AND '2024-12-31', date '2024-01-01' IN ('2024-01-01', '2024-01-02')
SELECT max(d), min(d), count(d) FROM (VALUES (date '2024-01-01'), (date '2024-01-02')) AS t(d)
SELECT timezone('nowhere', 'infinity'::timestamptz), timezone('nowhere', '-infinity'::timestamp)
-- Dates beside moments, of which there are fewer.
SELECT date '2202020-10-05' > timestamp '2020-10-05', timestamp '2020-10-05' > date '2202020-10-05', date '2202020-10-05' > timestamptz '2020-10-05', date '4714-11-24 BC' < timestamptz '2020-10-05', date '2202020-10-05' < timestamp 'infinity', date 'infinity' = timestamp 'infinity', date '2020-10-05' = timestamp '2020-10-05'
SELECT d, d < timestamp '2020-10-05 12:00', d <> timestamptz '2020-10-05', d BETWEEN timestamp '-infinity' AND '2021-01-01' FROM (VALUES (date '2202020-10-05'), ('2020-10-05'), (NULL)) t(d)
SELECT timestamp '4714-11-24 BC' < timestamptz '2020-10-05', timestamptz '2020-10-05' >= timestamp '4714-11-24 BC', timestamp '2020-10-05' = timestamptz '2020-10-05', timestamp 'infinity' = timestamptz 'infinity'
