//! Sums and differences of dates, times and intervals, and their order: see [`weir_values::datetime`].

use std::cmp::Ordering;

use weir_values::datetime::{self, Interval, SECOND, TimeTz};

use super::columns::{Date, Float8, Int4, Text, Time, Timestamp, map1, map2, map3};
use super::datetime_types::{Checked, Period, Timetz, Zones};
use super::written::{Binaries, write1, write2};
use super::{Proc, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("date_pli", |args| map2::<Date, Int4, _>(args, datetime::date_add_days)),
    strict("date_mii", |args| map2::<Date, Int4, _>(args, datetime::date_subtract_days)),
    strict("date_mi", |args| map2::<Date, Date, _>(args, datetime::date_minus_date)),
    strict("date_pl_interval", |args| map2::<Date, Period, _>(args, datetime::date_add_interval)),
    strict("date_mi_interval", |args| map2::<Date, Period, _>(args, datetime::date_subtract_interval)),
    strict("datetime_timestamp", |args| map2::<Date, Time, _>(args, datetime::date_add_time)),
    strict("datetimetz_timestamptz", |args| map2::<Date, Timetz, _>(args, datetime::date_add_timetz)),
    strict("timestamp_pl_interval", |args| map2::<Timestamp, Period, _>(args, datetime::timestamp_add_interval)),
    strict("timestamp_mi_interval", |args| map2::<Timestamp, Period, _>(args, datetime::timestamp_subtract_interval)),
    // Months and days are those of the zone.
    of_session("timestamptz_pl_interval", |args| {
        let zone = args.session.zone();
        map2::<Timestamp, Period, _>(args, |at, by| datetime::timestamptz_add_interval(at, by, &zone))
    }),
    of_session("timestamptz_mi_interval", |args| {
        let zone = args.session.zone();
        map2::<Timestamp, Period, _>(args, |at, by| datetime::timestamptz_subtract_interval(at, by, &zone))
    }),
    strict("timestamptz_pl_interval_at_zone", |args| {
        let mut zones = Zones::of(args);
        map3::<Timestamp, Period, Text, _>(args, |at, by, zone| {
            datetime::timestamptz_add_interval(at, by, zones.whole(zone)?)
        })
    }),
    strict("timestamptz_mi_interval_at_zone", |args| {
        let mut zones = Zones::of(args);
        map3::<Timestamp, Period, Text, _>(args, |at, by, zone| {
            datetime::timestamptz_subtract_interval(at, by, zones.whole(zone)?)
        })
    }),
    strict("timestamp_mi", |args| map2::<Timestamp, Timestamp, _>(args, datetime::timestamp_minus_timestamp)),
    strict("timestamp_age", |args| map2::<Timestamp, Timestamp, _>(args, datetime::age)),
    of_session("timestamptz_age", |args| {
        let zone = args.session.zone();
        map2::<Timestamp, Timestamp, _>(args, |a, b| datetime::age_tz(a, b, &zone))
    }),
    strict("time_pl_interval", |args| map2::<Time, Period, _>(args, datetime::time_add_interval)),
    strict("time_mi_interval", |args| map2::<Time, Period, _>(args, datetime::time_subtract_interval)),
    strict("time_mi_time", |args| map2::<Time, Time, _>(args, |a, b| Ok(datetime::time_minus_time(a, b)))),
    strict("timetz_pl_interval", |args| map2::<Timetz, Period, _>(args, datetime::timetz_add_interval)),
    strict("timetz_mi_interval", |args| map2::<Timetz, Period, _>(args, datetime::timetz_subtract_interval)),
    strict("interval_pl", |args| map2::<Period, Period, _>(args, Interval::plus)),
    strict("interval_mi", |args| map2::<Period, Period, _>(args, Interval::minus)),
    strict("interval_um", |args| map1::<Period, _>(args, Interval::negated)),
    strict("interval_mul", |args| map2::<Period, Float8, _>(args, Interval::times)),
    strict("mul_d_interval", |args| map2::<Float8, Period, _>(args, |factor, a| a.times(factor))),
    strict("interval_div", |args| map2::<Period, Float8, _>(args, Interval::divided)),
    strict("interval_justify_hours", |args| map1::<Period, _>(args, Interval::justify_hours)),
    strict("interval_justify_days", |args| map1::<Period, _>(args, Interval::justify_days)),
    strict("interval_justify_interval", |args| map1::<Period, _>(args, Interval::justify_interval)),
    strict("interval_finite", |args| map1::<Period, _>(args, |a| Ok(a.is_finite()))),
    strict("date_finite", |args| map1::<Date, _>(args, |date| Ok(datetime::date_is_finite(date)))),
    strict("timestamp_finite", |args| map1::<Timestamp, _>(args, |at| Ok(datetime::timestamp_is_finite(at)))),
    strict("interval_key", |args| {
        write1::<Period, Binaries>(args, |interval, out| {
            // Big-endian, so that bytes are ordered as intervals are.
            out.append_value((interval.key() ^ i128::MIN).to_be_bytes());
            Ok(())
        })
    }),
    strict("timetz_key", |args| {
        write1::<Timetz, Binaries>(args, |time, out| {
            out.append_value(timetz_key(time));
            Ok(())
        })
    }),
    // `in_range` of times of day: a span is its hours alone, and no day ends.
    strict("time_span_negative", |args| map1::<Period, _>(args, |span| Ok(span.micros < 0))),
    strict("time_reach_pl", |args| map2::<Time, Period, _>(args, |time, span| Ok(time.saturating_add(span.micros)))),
    strict("time_reach_mi", |args| map2::<Time, Period, _>(args, |time, span| Ok(time.saturating_sub(span.micros)))),
    strict("timetz_reach_pl", |args| {
        write2::<Timetz, Period, Binaries>(args, |time, span, out| {
            out.append_value(timetz_key(TimeTz { micros: time.micros.saturating_add(span.micros), ..time }));
            Ok(())
        })
    }),
    strict("timetz_reach_mi", |args| {
        write2::<Timetz, Period, Binaries>(args, |time, span, out| {
            out.append_value(timetz_key(TimeTz { micros: time.micros.saturating_sub(span.micros), ..time }));
            Ok(())
        })
    }),
    strict("date_cmp", |args| map2::<Date, Date, _>(args, |a, b| order(a.cmp(&b)))),
    strict("time_cmp", |args| map2::<Time, Time, _>(args, |a, b| order(a.cmp(&b)))),
    strict("timetz_cmp", |args| map2::<Timetz, Timetz, _>(args, |a, b| order(a.compare(b)))),
    strict("timestamp_cmp", |args| map2::<Timestamp, Timestamp, _>(args, |a, b| order(a.cmp(&b)))),
    strict("interval_cmp", |args| map2::<Period, Period, _>(args, |a, b| order(a.compare(b)))),
    strict("date_cmp_timestamp", |args| {
        map2::<Date, Timestamp, _>(args, |date, at| order(datetime::compare_date_timestamp(date, at)))
    }),
    strict("timestamp_cmp_date", |args| {
        map2::<Timestamp, Date, _>(args, |at, date| order(datetime::compare_date_timestamp(date, at).reverse()))
    }),
    of_session("date_cmp_timestamptz", |args| {
        let zone = args.session.zone();
        map2::<Date, Timestamp, _>(args, |date, at| order(datetime::compare_date_timestamptz(date, at, &zone)))
    }),
    of_session("timestamptz_cmp_date", |args| {
        let zone = args.session.zone();
        map2::<Timestamp, Date, _>(args, |at, date| {
            order(datetime::compare_date_timestamptz(date, at, &zone).reverse())
        })
    }),
    of_session("timestamp_cmp_timestamptz", |args| {
        let zone = args.session.zone();
        map2::<Timestamp, Timestamp, _>(args, |local, at| {
            order(datetime::compare_timestamp_timestamptz(local, at, &zone))
        })
    }),
    of_session("timestamptz_cmp_timestamp", |args| {
        let zone = args.session.zone();
        map2::<Timestamp, Timestamp, _>(args, |at, local| {
            order(datetime::compare_timestamp_timestamptz(local, at, &zone).reverse())
        })
    }),
];

fn order(ordering: Ordering) -> Checked<i32> {
    Ok(ordering as i32)
}

/// Bytes in the order of the moments; of the same moment the time with the offset further east comes first.
fn timetz_key(time: TimeTz) -> [u8; 12] {
    let utc = time.micros.saturating_sub(i64::from(time.offset) * SECOND);
    let mut key = [0; 12];
    let (moment, offset) = key.split_at_mut(8);
    moment.copy_from_slice(&(utc ^ i64::MIN).to_be_bytes());
    offset.copy_from_slice(&(time.offset.saturating_neg() ^ i32::MIN).to_be_bytes());
    key
}
