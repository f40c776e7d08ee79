//! Time zones: a name to an offset from UTC at an instant, cached, since the rows of a column mostly lie close together.

use weir_values::datetime::Zone as Rules;

const DAY_S: i64 = 86_400;
/// No zone changes its offset twice within so short a time, so equal ends mean one offset between them.
const WINDOW_S: i64 = 2 * DAY_S;
const CACHE_SLOTS: usize = 1024;

/// A time zone as the setting TimeZone names it.
#[derive(Clone, Debug)]
pub struct Zone(Rules);

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

/// Up to ten bytes of zone abbreviation (PostgreSQL's MAXTZLEN), such as `CEST` or `+03`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Abbreviation {
    bytes: [u8; 10],
    len: u8,
}

impl Abbreviation {
    fn new(text: &str) -> Self {
        let mut bytes = [0; 10];
        let len = text.len().min(10);
        bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
        Self { bytes, len: len as u8 }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl Zone {
    pub fn utc() -> Self {
        Self(Rules::utc())
    }

    /// Reads a name of the time zone database (any case), a number of hours east (`5.5`), or a zone as POSIX writes one
    /// (`<+02>-2`, `CST6CDT`). `None`: PostgreSQL too would refuse it.
    pub fn parse(name: &str) -> Option<Self> {
        Rules::of_setting(name).ok().map(Self)
    }

    /// As `SHOW timezone` prints it.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Seconds east of UTC, and the abbreviation, at `unix_s` seconds after 1970 UTC.
    fn lookup(&self, unix_s: i64) -> (i32, Abbreviation) {
        let shown = self.0.at(unix_s);
        (shown.offset, Abbreviation::new(shown.abbreviation))
    }

    /// Seconds east of UTC at `unix_s` seconds after 1970 UTC.
    pub fn offset_at(&self, unix_s: i64) -> i32 {
        self.0.offset_at(unix_s)
    }

    /// The instant, in seconds after 1970 UTC, at which the zone's clocks show `local_s`. A time that is skipped is read with
    /// the offset that held before the change, one that comes twice with the one after it, as PostgreSQL does.
    pub fn local_to_utc(&self, local_s: i64) -> i64 {
        local_s - i64::from(self.0.offset_of_local(local_s))
    }
}

/// Offsets of one zone with a small cache by window of time.
pub struct ZoneClock {
    zone: Zone,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy)]
struct Slot {
    window: i64,
    offset_s: i32,
    abbreviation: Abbreviation,
}

impl ZoneClock {
    pub fn new(zone: Zone) -> Self {
        Self { zone, slots: Vec::new() }
    }

    /// As [`Zone::offset_at`].
    pub fn offset_at(&mut self, unix_s: i64) -> i32 {
        self.at(unix_s).0
    }

    /// As [`Zone::lookup`].
    #[inline]
    pub(super) fn at(&mut self, unix_s: i64) -> (i32, Abbreviation) {
        let window = unix_s.div_euclid(WINDOW_S);
        if let Some(slot) = self.slots.get(window as usize % CACHE_SLOTS)
            && slot.window == window
        {
            return (slot.offset_s, slot.abbreviation);
        }
        self.fill(window, unix_s)
    }

    #[cold]
    fn fill(&mut self, window: i64, unix_s: i64) -> (i32, Abbreviation) {
        if self.slots.is_empty() {
            let empty = Slot { window: i64::MIN, offset_s: 0, abbreviation: Abbreviation::default() };
            self.slots = vec![empty; CACHE_SLOTS];
        }
        let first = self.zone.lookup(window * WINDOW_S);
        let last = self.zone.lookup(window * WINDOW_S + WINDOW_S - 1);
        if first != last {
            return self.zone.lookup(unix_s);
        }
        self.slots[window as usize % CACHE_SLOTS] = Slot { window, offset_s: first.0, abbreviation: first.1 };
        first
    }
}
