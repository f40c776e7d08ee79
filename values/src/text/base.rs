//! Integers in other bases.

/// `to_bin(integer)`, of the integer's bits.
pub fn to_bin(value: u64) -> String {
    digits(value, 1)
}

/// `to_oct(integer)`
pub fn to_oct(value: u64) -> String {
    digits(value, 3)
}

/// `to_hex(integer)`
pub fn to_hex(value: u64) -> String {
    digits(value, 4)
}

/// In a base that is a power of two, whose digits have so many bits.
fn digits(value: u64, bits: u32) -> String {
    let count = (u64::BITS - value.leading_zeros()).div_ceil(bits).max(1);
    let digit = |place: u32| (value >> (place * bits)) as u32 & ((1 << bits) - 1);
    (0..count).rev().filter_map(|place| char::from_digit(digit(place), 1 << bits)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_other_bases() {
        assert_eq!((to_hex(2_147_483_647), to_hex(u64::MAX)), ("7fffffff".to_owned(), "f".repeat(16)));
        assert_eq!((to_bin(10), to_bin(u64::MAX)), ("1010".to_owned(), "1".repeat(64)));
        assert_eq!(
            (to_oct(0), to_oct(8), to_oct(u64::MAX)),
            ("0".into(), "10".into(), "1777777777777777777777".into())
        );
    }
}
