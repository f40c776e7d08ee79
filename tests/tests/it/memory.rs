//! Results stream: a reader that is slow slows the server down, and does not fill its memory.

use std::time::{Duration, Instant};

use weir_tests::raw::{self, Raw, bind, error, execute, parse, query, sync};

use crate::common;

const ROWS: &str = "SELECT value, value * 2 AS twice FROM generate_series(1, 50000000) AS g(value)";
const LIMIT_BYTES: u64 = 200 << 20;
/// How long the reader dawdles. A server that reads ahead without bound makes some ten million rows in that time.
const SLOW: Duration = Duration::from_secs(4);

#[test]
fn a_slow_reader_of_a_simple_query_does_not_fill_the_memory() {
    slow_reader(&query(ROWS));
}

#[test]
fn a_slow_reader_of_an_extended_query_does_not_fill_the_memory() {
    slow_reader(&[parse("", ROWS), bind("", "", &[], false), execute("", 0), sync()].concat());
}

/// A server of its own for each, since the peak is measured.
fn slow_reader(messages: &[u8]) {
    let weir = common::sourceless().start();
    let mut raw = weir.raw("eva");
    let key = raw.key.clone().expect("a key");
    raw.send(messages);
    read_rows_slowly(&mut raw);
    let (_, peak) = weir.memory_bytes();
    assert!(peak < LIMIT_BYTES, "{} MB at most, with a slow reader", peak >> 20);
    // A fast one gets as far as ten times the limit in bytes.
    let mut seen_bytes = 0;
    while seen_bytes < LIMIT_BYTES {
        let message = raw.receive().expect("rows in time").expect("an open connection");
        assert_eq!(message.tag, 'D');
        seen_bytes += message.body.len() as u64 * 10;
    }
    raw::cancel(weir.port(), &key);
    let end = raw.until_ready();
    assert_eq!(error(&end).field('C').as_deref(), Some("57014"));
    let (_, peak) = weir.memory_bytes();
    assert!(peak < LIMIT_BYTES, "{} MB at most, with a fast reader", peak >> 20);
    assert_eq!(weir.psql("eva").expect("SELECT 1"), "1");
    weir.stop();
}

fn read_rows_slowly(raw: &mut Raw) {
    let start = Instant::now();
    while start.elapsed() < SLOW {
        assert!(raw.receive().expect("rows in time").is_some(), "the server waits for its reader");
        std::thread::sleep(Duration::from_millis(2));
    }
}
