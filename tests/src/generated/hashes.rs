//! What the hash mask makes of every value of generated tables, worked out without Weir: a table for the oracle, as PostgreSQL
//! has no BLAKE3.

use std::collections::BTreeSet;

use super::data::{Kind, Table};
use super::folder::tuple;
use crate::weir::HASH_KEY;

/// The hash of a value as PostgreSQL writes it; none of a type that has no hash.
fn hashed(kind: Kind, value: &str) -> Option<String> {
    Some(match kind {
        Kind::Text => digest(value.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
        // Of integers so many bits as there are below the sign.
        Kind::Int => (integer(value) & u64::from(u32::MAX >> 1)).to_string(),
        Kind::Long => (integer(value) & (u64::MAX >> 1)).to_string(),
        _ => return None,
    })
}

fn integer(value: &str) -> u64 {
    let number: i64 = value.parse().expect("an integer");
    digest(&number.to_be_bytes())[..8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn digest(value: &[u8]) -> [u8; 16] {
    let key = blake3::derive_key("weir 2026 hash mask", HASH_KEY.as_bytes());
    blake3::keyed_hash(&key, value).as_bytes()[..16].try_into().expect("16 of 32 bytes")
}

/// SQL that adds the values of these tables to the table `hashes` of kind, value and hash.
pub fn script(tables: &[Table]) -> String {
    let mut values: BTreeSet<(Kind, String)> = BTreeSet::new();
    for table in tables {
        let columns = table.all_columns();
        for row in table.all_rows() {
            let cells = columns.iter().zip(row).filter_map(|(column, cell)| Some((column.kind, cell?)));
            values.extend(cells.filter(|(kind, _)| matches!(kind, Kind::Text | Kind::Int | Kind::Long)));
        }
    }
    let row = |(kind, value): (Kind, String)| {
        let hash = hashed(kind, &value);
        tuple(&[Some(kind.sql_name().to_owned()), Some(value), hash])
    };
    let rows: Vec<String> = values.into_iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("INSERT INTO hashes VALUES\n{}\nON CONFLICT DO NOTHING;\n", rows.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_keep_the_bits_below_their_sign() {
        let number = |kind, value| hashed(kind, value).expect("a hash").parse::<u64>().expect("a number");
        for value in ["0", "-3", "12"] {
            assert_eq!(number(Kind::Long, value) & 0x7fff_ffff, number(Kind::Int, value));
        }
        assert_eq!(hashed(Kind::Text, "").map(|hash| hash.len()), Some(32));
        assert_eq!(hashed(Kind::Bool, "true"), None);
    }
}
