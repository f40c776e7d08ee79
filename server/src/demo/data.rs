//! The delivery company: its countries, dates and sizes, and the seeded numbers that everything else is drawn from.
//!
//! The parts are laid out one by one, so what two of them must agree on, such as an order's courier, is a function of
//! the order's number alone.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

pub const DAYS: u64 = 60;
pub const EVENT_DAYS: u64 = 14;
pub const ORDERS: u64 = 200_000;
pub const CUSTOMERS: u64 = 5_000;
pub const RESTAURANTS: u64 = 300;
pub const COURIERS: u64 = 400;

pub const COUNTRIES: [&str; 5] = ["ES", "PT", "FR", "IT", "DE"];
const CITIES: [[&str; 2]; 5] =
    [["Madrid", "Sevilla"], ["Lisboa", "Porto"], ["Lyon", "Nantes"], ["Torino", "Bari"], ["Köln", "Leipzig"]];
const FIRST_NAMES: [&str; 16] = [
    "Lucía", "Hugo", "Inês", "João", "Chloé", "Louis", "Giulia", "Marco", "Lena", "Jonas", "Sofía", "Tiago", "Emma",
    "Luca", "Mia", "Noah",
];
const LAST_NAMES: [&str; 16] = [
    "García", "Silva", "Martin", "Rossi", "Müller", "Pérez", "Costa", "Bernard", "Ferrari", "Schmidt", "Torres",
    "Sousa", "Dubois", "Conti", "Weber", "Ruiz",
];

/// The last day that has orders. Fixed, so that the sample is the same wherever and whenever it is made.
pub fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 9, 30).unwrap_or(NaiveDate::MAX)
}

/// Numbers that look random and depend on nothing but the seed: SplitMix64 (Steele, Lea, Flood 2014), which unlike a
/// library's generator never changes with a version.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The numbers for the `index`-th thing of a kind.
    pub fn of(kind: &str, index: u64) -> Self {
        let seed = kind
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// Somebody's name, and the e-mail address that goes with it.
pub fn person(draw: &mut Draw, number: u64) -> (String, String) {
    let (first, last) = (draw.pick(&FIRST_NAMES), draw.pick(&LAST_NAMES));
    let plain = |name: &str| name.to_lowercase().chars().map(without_accent).collect::<String>();
    (format!("{first} {last}"), format!("{}.{}{number}@example.com", plain(first), plain(last)))
}

pub fn phone(draw: &mut Draw) -> String {
    format!("+{} {:09}", 30 + draw.below(20), draw.below(1_000_000_000))
}

/// Customers, restaurants and couriers work in the country that their number says.
pub fn country(number: u64) -> &'static str {
    COUNTRIES[(number % 5) as usize]
}

pub fn city(draw: &mut Draw, number: u64) -> &'static str {
    draw.pick(&CITIES[(number % 5) as usize])
}

/// What the order events and the orders agree on.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: u64,
    pub day: NaiveDate,
    pub placed_at: DateTime<Utc>,
    pub customer: u64,
    pub restaurant: u64,
    pub courier: u64,
    pub cancelled: bool,
    /// From order to door.
    pub minutes: u64,
}

impl Order {
    pub fn new(id: u64) -> Self {
        let mut draw = Draw::of("order", id);
        let day = last_day() - Days::new(DAYS - 1 - id * DAYS / ORDERS);
        let second = TimeDelta::seconds((36_000 + draw.below(46_800)) as i64);
        let customer = draw.below(CUSTOMERS);
        // Everything happens in the customer's country.
        let near = |draw: &mut Draw, many: u64| draw.below(many / 5) * 5 + customer % 5;
        Self {
            id,
            day,
            placed_at: day.and_time(NaiveTime::MIN).and_utc() + second,
            customer,
            restaurant: near(&mut draw, RESTAURANTS),
            courier: near(&mut draw, COURIERS),
            cancelled: draw.one_in(20),
            minutes: 15 + draw.below(50),
        }
    }

    /// All orders of a day, counted from the first one.
    pub fn of_day(day: u64) -> impl Iterator<Item = Self> {
        let first = |day: u64| (day * ORDERS).div_ceil(DAYS);
        (first(day)..first(day + 1)).map(Self::new)
    }

    pub fn country(&self) -> &'static str {
        country(self.customer)
    }
}

fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'ã' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ö' => 'o',
        'ü' | 'ú' => 'u',
        other => other,
    }
}
