//! Roots that aren't there, files that are broken, statements that are cancelled: an error of its kind that says where, and
//! never a panic.

use std::fs;

use weir_connectors::ConnectorError;
use weir_connectors::store::ObjectStoreConfig;

use super::{blocks, empty_folder, folder_with, history};
use crate::common::kind;

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_statement_ends_with_an_error() {
    let folder = folder_with("days", &[]);
    let statement = folder.statement().await;
    let plan = statement.plan("SELECT id FROM orders").await.unwrap();
    statement.scope.cancel.cancel();
    let error = statement.run_plan(plan).await.unwrap_err();
    assert!(matches!(kind(&error), ConnectorError::Canceled), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_root_that_is_not_there_is_unreachable() {
    let folder = empty_folder();
    let at = |root: &str| history(root, ObjectStoreConfig::default()).source;
    let root = folder.path("nowhere");
    let error = at(root.to_str().unwrap()).discover().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unreachable { .. }), "{error}");
    assert_eq!(folder.source.discover().await.unwrap(), []);
    let error = at("ftp://host/x").discover().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Config { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_file_is_named_with_the_block() {
    let folder = folder_with("codecs", &[]);
    let whole = |codec: &str| fs::read(folder.path(&format!("{codec}/2024/03/01/a.avro"))).unwrap();
    let check = async |codec: &str, bytes: &[u8], offset: usize, reason: &str| {
        let file = format!("{codec}/2024/03/01/a.avro");
        let before = fs::read(folder.path(&file)).unwrap();
        fs::write(folder.path(&file), bytes).unwrap();
        let error = folder.message(&format!("SELECT * FROM \"{codec}\"")).await;
        fs::write(folder.path(&file), before).unwrap();
        let expect = format!("file \"{file}\" is corrupt at byte {offset}: {reason}");
        assert!(error.starts_with(&expect), "{error}\nexpected {expect}");
    };
    for codec in ["null", "deflate", "snappy", "zstandard", "bzip2"] {
        let bytes = whole(codec);
        let starts = blocks(&bytes);
        assert!(starts.len() > 3, "{codec}: {} blocks", starts.len());
        let last = *starts.last().unwrap();
        check(codec, &bytes[..bytes.len() - 1], last, "data ends early").await;
        check(codec, &bytes[..last + 1], last, "data ends early").await;
        let mut wrong_sync = bytes.clone();
        wrong_sync[starts[2] - 1] ^= 1;
        check(codec, &wrong_sync, starts[1], "sync marker does not match").await;
        let mut garbled = bytes.clone();
        garbled[starts[1] + 4..starts[1] + 40].fill(0xff);
        check(codec, &garbled, starts[1], "").await;
        folder
            .check(
                &format!("SELECT count(*) AS n FROM \"{codec}\""),
                "
+------+
| n    |
+------+
| 2000 |
+------+",
            )
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_broken_head_is_named_and_others_are_read() {
    let folder = folder_with("days", &[]);
    fs::write(folder.path("orders/2024/03/01/zero.avro"), b"").unwrap();
    fs::write(folder.path("orders/2024/03/02/text.avro"), b"id,name\n1,a\n").unwrap();
    fs::write(folder.path("orders/2024/03/03/head.avro"), b"Obj\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
        .unwrap();
    let at = |day: u8, file: &str, reason: &str| {
        (
            format!("SELECT * FROM orders WHERE _date = DATE '2024-03-{day:02}'"),
            format!("file \"orders/2024/03/{day:02}/{file}.avro\" is corrupt at byte 0: {reason}"),
        )
    };
    for (sql, expect) in [
        at(1, "zero", "data ends early"),
        at(2, "text", "not an Avro object container file: wrong magic bytes"),
        at(3, "head", "invalid variable-length integer"),
    ] {
        assert_eq!(folder.message(&sql).await, expect);
    }
    folder
        .check(
            "SELECT count(*) AS n FROM orders WHERE _date > DATE '2024-03-03'",
            "
+-----+
| n   |
+-----+
| 280 |
+-----+",
        )
        .await;
}

/// A small generator (splitmix64): the same mutations in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// `bytes` with a few bytes changed, cut out, put in, or the end cut off.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(out.len().max(1)).min(out.len().saturating_sub(1));
            match self.below(6) {
                _ if out.is_empty() => out.push(self.next() as u8),
                0 => out[at] = self.next() as u8,
                1 => out[at] ^= 1 << self.below(8),
                2 => out[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                3 => drop(out.drain(at..(at + 1 + self.below(8)).min(out.len()))),
                4 => drop(out.splice(at..at, std::iter::repeat_n(0xff, 1 + self.below(10)))),
                _ => out.truncate(at),
            }
        }
        out
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bytes_make_the_reader_panic() {
    let (mut random, mut faults) = (Random(7), 0);
    for (what, below) in [
        ("kinds", "kinds/2024/03/01/a.avro"),
        ("nested", "trips/2024/03/01/a.avro"),
        ("codecs", "deflate/2024/03/01/a.avro"),
        ("codecs", "snappy/2024/03/01/a.avro"),
        ("codecs", "zstandard/2024/03/01/a.avro"),
        ("codecs", "bzip2/2024/03/01/a.avro"),
        ("codecs", "null/2024/03/01/a.avro"),
    ] {
        let folder = folder_with(what, &[]);
        let bytes = fs::read(folder.path(below)).unwrap();
        let table = below.split('/').next().unwrap();
        for _ in 0..400 {
            let tables = folder.source.discover().await.unwrap();
            fs::write(folder.path(below), random.mutate(&bytes)).unwrap();
            // Once with the sound file's columns, once with those that the mutated file itself gives.
            let found = folder.source.discover().await.unwrap();
            for tables in [tables, found] {
                if !tables.iter().any(|info| info.name == table) {
                    continue;
                }
                if let Err(error) = folder.statement_over(tables).run(&format!("SELECT * FROM \"{table}\"")).await {
                    let named = matches!(
                        kind(&error),
                        ConnectorError::Corrupt { .. }
                            | ConnectorError::OutOfRange { .. }
                            | ConnectorError::Unsupported { .. }
                    );
                    assert!(named, "{what}: {error}");
                    faults += 1;
                }
            }
            fs::write(folder.path(below), &bytes).unwrap();
        }
    }
    assert!(faults > 2000, "only {faults} mutations were noticed");
}
