//! The offsets that a time zone has kept over time, and will keep by its rules.

use super::posix::Posix;
use crate::civil;

const SECS_PER_DAY: i64 = 86_400;
/// After so many years the calendar's days and weekdays repeat, and rules with them.
const CYCLE_YEARS: i32 = 400;
const CYCLE_SECS: i64 = 146_097 * SECS_PER_DAY;
/// The width of a bucket of the index: 2^23 seconds are 97 days, about what lies between two changes of the clocks.
const BUCKET_BITS: u32 = 23;
const MAX_BUCKETS: i64 = 1 << 14;
/// The first year that rules are followed from where a zone has no changes before.
const FIRST_RULE_YEAR: i32 = 1970;
/// Rules may begin so late: changes that are listed one by one go no further than this.
const LAST_LISTED_YEAR: i32 = 2200;

/// What clocks show for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Local {
    /// Seconds east of UTC.
    pub offset: i32,
    pub is_dst: bool,
    pub abbreviation: Box<str>,
}

#[derive(Debug, Clone)]
pub(super) struct Transitions {
    /// Seconds of UTC since 1970, ascending.
    times: Vec<i64>,
    /// What holds before the first time, then from each on: indexes into `locals`.
    kinds: Vec<u8>,
    locals: Vec<Local>,
    /// How many of `times` come before each bucket begins.
    buckets: Vec<u16>,
    /// From here on what was 400 years before holds again; the same before the first one, backwards.
    repeats: Option<Repeats>,
}

#[derive(Debug, Clone, Copy)]
struct Repeats {
    from: i64,
    /// Set where rules hold for the past, too.
    until: Option<i64>,
}

impl Transitions {
    pub fn fixed(offset: i32, abbreviation: &str) -> Self {
        let local = Local { offset, is_dst: false, abbreviation: abbreviation.into() };
        Self { times: Vec::new(), kinds: vec![0], locals: vec![local], buckets: Vec::new(), repeats: None }
    }

    /// Rules alone, which hold for all time.
    pub fn of_rules(rules: &Posix) -> Self {
        let mut all = Self::fixed(rules.standard.offset, &rules.standard.abbreviation);
        all.follow(rules, true);
        all.index();
        all
    }

    /// Changes one by one, each with an index into `locals`, whose first holds before them; then rules.
    pub fn listed(changes: Vec<(i64, u8)>, locals: Vec<Local>, rules: Option<&Posix>) -> Option<Self> {
        let known = |kind: u8| usize::from(kind) < locals.len();
        let ascending = changes.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0));
        if locals.is_empty() || !ascending || !changes.iter().all(|(_, kind)| known(*kind)) {
            return None;
        }
        let kinds = std::iter::once(0).chain(changes.iter().map(|(_, kind)| *kind)).collect();
        let times = changes.into_iter().map(|(time, _)| time).collect();
        let mut all = Self { times, kinds, locals, buckets: Vec::new(), repeats: None };
        if let Some(rules) = rules {
            all.follow(rules, false);
        }
        all.index();
        Some(all)
    }

    /// What clocks show at a moment, in seconds since 1970.
    #[inline]
    pub fn at(&self, time: i64) -> &Local {
        let (time, _) = self.folded(time);
        self.local(self.count_until(time))
    }

    /// The offset for a local time. One that was skipped counts by the offset before, one that was twice by the
    /// offset after the change.
    #[inline]
    pub fn offset_of_local(&self, local: i64) -> i32 {
        // Changes are more than two days apart: the one that matters comes after this, and no other does.
        let (before, shift) = self.folded(local.saturating_sub(SECS_PER_DAY));
        let count = self.count_until(before);
        let old = self.local(count).offset;
        let Some(&boundary) = self.times.get(count) else { return old };
        let new = self.local(count + 1).offset;

        let local = local - shift;
        let (by_old, by_new) = (local - i64::from(old), local - i64::from(new));
        if by_old < boundary && by_new < boundary {
            old
        } else if (by_old > boundary && by_new >= boundary) || by_old <= by_new {
            new
        } else {
            old
        }
    }

    /// The offset that an abbreviation, in upper case, had when it was last used at or before a moment, or else first
    /// after it.
    pub fn offset_of_abbreviation(&self, abbreviation: &str, time: i64) -> Option<i32> {
        let (time, _) = self.folded(time);
        let count = self.count_until(time);
        let past = (0..=count).rev();
        let future = count + 1..self.kinds.len();
        past.chain(future).map(|at| self.local(at)).find(|local| &*local.abbreviation == abbreviation).map(|l| l.offset)
    }

    /// The offset of a zone that has only ever had one.
    pub fn only_offset(&self) -> Option<i32> {
        let first = self.locals.first()?.offset;
        self.locals.iter().all(|local| local.offset == first).then_some(first)
    }

    /// How many changes there are at or before a time.
    #[inline]
    fn count_until(&self, time: i64) -> usize {
        let Some(&first) = self.times.first() else { return 0 };
        if time < first {
            return 0;
        }
        let bucket = usize::try_from((time - first) >> BUCKET_BITS).unwrap_or(usize::MAX);
        let mut count = match self.buckets.get(bucket) {
            Some(count) => usize::from(*count),
            None => return self.times.partition_point(|change| *change <= time),
        };
        while self.times.get(count).is_some_and(|change| *change <= time) {
            count += 1;
        }
        count
    }

    #[inline]
    fn local(&self, at: usize) -> &Local {
        // Every kind was checked to be one of `locals`, which isn't empty.
        &self.locals[usize::from(self.kinds[at])]
    }

    /// A time of the years that are listed at which the same holds, and by how much it is earlier.
    #[inline]
    fn folded(&self, time: i64) -> (i64, i64) {
        let Some(repeats) = self.repeats else { return (time, 0) };
        let shift = if time >= repeats.from {
            ((time - repeats.from) / CYCLE_SECS + 1) * CYCLE_SECS
        } else if let Some(until) = repeats.until.filter(|until| time < *until) {
            -(((until - 1).saturating_sub(time) / CYCLE_SECS + 1) * CYCLE_SECS)
        } else {
            0
        };
        (time - shift, shift)
    }

    /// Lists the changes of a cycle by rules, after those that are listed already.
    fn follow(&mut self, rules: &Posix, for_the_past: bool) {
        let last = self.times.last().copied();
        let standard = self.kind(rules.standard.offset, false, &rules.standard.abbreviation);
        let Some(summer) = &rules.summer else {
            // The last change that is listed has led to what the rules say.
            return;
        };
        let daylight = self.kind(summer.kept.offset, true, &summer.kept.abbreviation);
        let (Some(standard), Some(daylight)) = (standard, daylight) else { return };

        let first_year = last.map_or(FIRST_RULE_YEAR, year_of);
        if first_year > LAST_LISTED_YEAR {
            return;
        }
        let from = first_year.max(FIRST_RULE_YEAR + 1);
        // Two years more than a cycle: a local time is looked up a day before, and a change may lie after it.
        for year in first_year..=from + CYCLE_YEARS + 2 {
            let (start, end) = summer.changes(year, &rules.standard);
            // Summer time that lasts until it starts again never ends.
            let days = if civil::is_leap(year) { 366 } else { 365 };
            if end - start >= days * SECS_PER_DAY {
                continue;
            }
            let mut both = [(start, daylight), (end, standard)];
            both.sort_unstable();
            for (time, kind) in both {
                if self.times.last().is_none_or(|last| time > *last) {
                    self.times.push(time);
                    self.kinds.push(kind);
                }
            }
        }
        if self.times.is_empty() {
            self.kinds = vec![daylight];
            return;
        }
        let new_year = |year| civil::days_from_civil(year, 1, 1) * SECS_PER_DAY;
        self.repeats =
            Some(Repeats { from: new_year(from + CYCLE_YEARS + 1), until: for_the_past.then(|| new_year(from)) });
    }

    /// The index of what clocks show, which is added where there is none.
    fn kind(&mut self, offset: i32, is_dst: bool, abbreviation: &str) -> Option<u8> {
        let same =
            |local: &Local| local.offset == offset && local.is_dst == is_dst && &*local.abbreviation == abbreviation;
        let at = match self.locals.iter().position(same) {
            Some(at) => at,
            None => {
                self.locals.push(Local { offset, is_dst, abbreviation: abbreviation.into() });
                self.locals.len() - 1
            }
        };
        u8::try_from(at).ok()
    }

    fn index(&mut self) {
        let (Some(&first), Some(&last)) = (self.times.first(), self.times.last()) else { return };
        let mut count = 0;
        for bucket in 0..=((last - first) >> BUCKET_BITS).min(MAX_BUCKETS) {
            let begin = first + (bucket << BUCKET_BITS);
            while self.times.get(count).is_some_and(|time| *time < begin) {
                count += 1;
            }
            let Ok(count) = u16::try_from(count) else { return };
            self.buckets.push(count);
        }
    }
}

fn year_of(time: i64) -> i32 {
    let days = time.div_euclid(SECS_PER_DAY).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    civil::civil_from_days(days as i32).0
}
