//! Casts between dates, times, timestamps and intervals, their modifiers, and AT TIME ZONE.

use weir_values::datetime::{self, MAX_TIMESTAMP, MIN_TIMESTAMP, timestamp_is_finite};

use super::columns::{Date, Int4, Text, Time, Timestamp, map1, map2};
use super::datetime_types::{Offset, Period, Timetz, Zones};
use super::{Proc, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("date_timestamp", |args| map1::<Date, _>(args, datetime::date_to_timestamp)),
    of_session("date_timestamptz", |args| {
        let zone = args.session.zone();
        map1::<Date, _>(args, |date| datetime::date_to_timestamptz(date, &zone))
    }),
    // The first or the last of all moments, if the date has none: what it is compared with is after or before that.
    strict("date_beside_timestamp", |args| {
        map1::<Date, _>(args, |date| Ok(datetime::date_to_timestamp(date).unwrap_or_else(|_| outermost(date.into()))))
    }),
    of_session("date_beside_timestamptz", |args| {
        let zone = args.session.zone();
        map1::<Date, _>(args, |date| {
            Ok(datetime::date_to_timestamptz(date, &zone).unwrap_or_else(|_| outermost(date.into())))
        })
    }),
    of_session("timestamp_beside_timestamptz", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| {
            Ok(datetime::timestamp_to_timestamptz(at, &zone).unwrap_or_else(|_| outermost(at)))
        })
    }),
    strict("timestamp_date", |args| map1::<Timestamp, _>(args, |at| Ok(datetime::timestamp_to_date(at)))),
    of_session("timestamptz_date", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| Ok(datetime::timestamptz_to_date(at, &zone)))
    }),
    of_session("timestamp_timestamptz", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| datetime::timestamp_to_timestamptz(at, &zone))
    }),
    of_session("timestamptz_timestamp", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| datetime::timestamptz_to_timestamp(at, &zone))
    }),
    strict("timestamp_time", |args| map1::<Timestamp, _>(args, |at| Ok(datetime::timestamp_to_time(at)))),
    of_session("timestamptz_time", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| Ok(datetime::timestamptz_to_time(at, &zone)))
    }),
    of_session("timestamptz_timetz", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| Ok(datetime::timestamptz_to_timetz(at, &zone)))
    }),
    of_session("time_timetz", |args| {
        let zone = args.session.zone();
        map1::<Time, _>(args, |time| Ok(datetime::time_to_timetz(time, &zone, args.session.now())))
    }),
    strict("timetz_time", |args| map1::<Timetz, _>(args, |time| Ok(time.micros))),
    strict("time_interval", |args| map1::<Time, _>(args, |time| Ok(datetime::time_to_interval(time)))),
    strict("interval_time", |args| map1::<Period, _>(args, datetime::interval_to_time)),
    strict("timestamp_scale", |args| map2::<Timestamp, Int4, _>(args, datetime::round_timestamp)),
    strict("timestamptz_scale", |args| map2::<Timestamp, Int4, _>(args, datetime::round_timestamp)),
    strict("time_scale", |args| map2::<Time, Int4, _>(args, |time, digits| Ok(datetime::round_time(time, digits)))),
    strict("timetz_scale", |args| {
        map2::<Timetz, Int4, _>(args, |time, digits| Ok(datetime::round_timetz(time, digits)))
    }),
    strict("interval_scale", |args| map2::<Period, Int4, _>(args, datetime::round_interval)),
    // The zone beside an infinite timestamp isn't looked at.
    strict("timestamp_zone", |args| {
        let mut zones = Zones::of(args);
        map2::<Text, Timestamp, _>(args, |zone, at| match timestamp_is_finite(at) {
            true => datetime::timestamp_to_timestamptz(at, zones.get(zone)?),
            false => Ok(at),
        })
    }),
    strict("timestamptz_zone", |args| {
        let mut zones = Zones::of(args);
        map2::<Text, Timestamp, _>(args, |zone, at| match timestamp_is_finite(at) {
            true => datetime::timestamptz_to_timestamp(at, zones.get(zone)?),
            false => Ok(at),
        })
    }),
    of_session("timetz_zone", |args| {
        let mut zones = Zones::of(args);
        let now = args.session.now();
        map2::<Text, Timetz, _>(args, |zone, time| Ok(datetime::timetz_at_zone(time, zones.get(zone)?, now)))
    }),
    strict("timestamp_izone", |args| {
        let mut offset = Offset::default();
        map2::<Period, Timestamp, _>(args, |zone, at| match timestamp_is_finite(at) {
            true => datetime::timestamp_to_timestamptz(at, offset.zone(zone)?),
            false => Ok(at),
        })
    }),
    strict("timestamptz_izone", |args| {
        let mut offset = Offset::default();
        map2::<Period, Timestamp, _>(args, |zone, at| match timestamp_is_finite(at) {
            true => datetime::timestamptz_to_timestamp(at, offset.zone(zone)?),
            false => Ok(at),
        })
    }),
    strict("timetz_izone", |args| {
        let mut offset = Offset::default();
        // An offset is the same whenever it is.
        map2::<Period, Timetz, _>(args, |zone, time| Ok(datetime::timetz_at_zone(time, offset.zone(zone)?, 0)))
    }),
    of_session("timestamp_at_local", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| datetime::timestamp_to_timestamptz(at, &zone))
    }),
    of_session("timestamptz_at_local", |args| {
        let zone = args.session.zone();
        map1::<Timestamp, _>(args, |at| datetime::timestamptz_to_timestamp(at, &zone))
    }),
    of_session("timetz_at_local", |args| {
        let zone = args.session.zone();
        map1::<Timetz, _>(args, |time| Ok(datetime::timetz_at_zone(time, &zone, args.session.now())))
    }),
];

fn outermost(time: i64) -> i64 {
    if time < 0 { MIN_TIMESTAMP } else { MAX_TIMESTAMP }
}
