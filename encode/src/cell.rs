//! A small stack buffer that one value is formatted into, and its copy into the output in one fixed-size move.
//!
//! Copying a constant number of bytes and cutting off the excess is much cheaper than a copy of exactly as many.

use bytes::BytesMut;

/// Whether a value is written with the four-byte length before it, as in DataRow and in binary arrays, or bare, as
/// inside text arrays, json and COPY text.
pub(super) const FRAMED: bool = true;
pub(super) const BARE: bool = false;

const PAIRS: [u8; 200] = digit_pairs();

const fn digit_pairs() -> [u8; 200] {
    let mut pairs = [0; 200];
    let mut index = 0;
    while index < 100 {
        pairs[2 * index] = b'0' + (index / 10) as u8;
        pairs[2 * index + 1] = b'0' + (index % 10) as u8;
        index += 1;
    }
    pairs
}

/// Up to `N` bytes of one value.
pub(super) struct Cell<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Cell<N> {
    #[inline(always)]
    pub(super) fn new<const FRAME: bool>() -> Self {
        Self { bytes: [0; N], len: if FRAME { 4 } else { 0 } }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    #[inline(always)]
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.bytes[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Two digits, with a leading zero. `value` < 100.
    #[inline(always)]
    pub(super) fn pair(&mut self, value: u32) {
        let at = 2 * value as usize;
        self.bytes[self.len] = PAIRS[at];
        self.bytes[self.len + 1] = PAIRS[at + 1];
        self.len += 2;
    }

    /// Decimal digits, without leading zeros.
    #[inline(always)]
    pub(super) fn uint(&mut self, value: u64) {
        self.padded(value, digits_of(value));
    }

    #[inline(always)]
    pub(super) fn int(&mut self, value: i64) {
        if value < 0 {
            self.push(b'-');
        }
        self.uint(value.unsigned_abs());
    }

    /// The last `width` decimal digits, with leading zeros.
    #[inline(always)]
    pub(super) fn padded(&mut self, value: u64, width: usize) {
        let digits = &mut self.bytes[self.len..self.len + width];
        self.len += width;
        let mut rest = value;
        let mut at = width;
        while at >= 2 {
            let pair = if rest <= u64::from(u32::MAX) {
                // 32-bit division is several times as fast.
                let (quotient, pair) = ((rest as u32) / 100, (rest as u32) % 100);
                rest = u64::from(quotient);
                pair as usize
            } else {
                let pair = (rest % 100) as usize;
                rest /= 100;
                pair
            };
            digits[at - 1] = PAIRS[2 * pair + 1];
            digits[at - 2] = PAIRS[2 * pair];
            at -= 2;
        }
        if at == 1 {
            digits[0] = b'0' + (rest % 10) as u8;
        }
    }

    /// Takes off trailing zeros, but no more than `at_most`.
    #[inline(always)]
    pub(super) fn trim_zeros(&mut self, at_most: usize) {
        let floor = self.len - at_most;
        while self.len > floor && self.bytes[self.len - 1] == b'0' {
            self.len -= 1;
        }
    }

    /// Appends the value, with its length where it was begun so.
    #[inline(always)]
    pub(super) fn finish<const FRAME: bool>(mut self, out: &mut BytesMut) {
        if FRAME {
            let payload = (self.len - 4) as u32;
            self.bytes[..4].copy_from_slice(&payload.to_be_bytes());
        }
        append_short(out, &self.bytes, self.len);
    }
}

/// The number of decimal digits of `value`, 1 for zero.
#[inline(always)]
pub(super) fn digits_of(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Appends the first `len` of `bytes` by one copy of constant size.
#[inline(always)]
pub(super) fn append_short<const N: usize>(out: &mut BytesMut, bytes: &[u8; N], len: usize) {
    let start = out.len();
    out.extend_from_slice(bytes);
    out.truncate(start + len);
}

/// Appends a binary value of fixed size.
#[inline(always)]
pub(super) fn append_fixed<const FRAME: bool, const N: usize>(out: &mut BytesMut, value: [u8; N]) {
    if FRAME {
        let mut cell = Cell::<24>::new::<FRAMED>();
        cell.extend(&value);
        cell.finish::<FRAMED>(out);
    } else {
        out.extend_from_slice(&value);
    }
}
