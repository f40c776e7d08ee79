//! Reads Avro's primitive encodings from a slice; every length is checked against what is left.

use super::Fault;

/// What is still to be read of a block.
#[derive(Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// Bytes not yet read.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `count` bytes as they are.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes as an array.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// A zigzag variable-length `long`.
    #[inline]
    pub fn long(&mut self) -> Result<i64, Fault> {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                Ok(unzigzag(u64::from(*byte)))
            }
            _ => self.long_of_many(),
        }
    }

    /// An `int`: a `long` that must fit 32 bits.
    #[inline]
    pub fn int(&mut self) -> Result<i32, Fault> {
        let value = self.long()?;
        i32::try_from(value).map_err(|_| Fault::Int(value))
    }

    /// A `boolean`: one byte, 0 or 1.
    #[inline]
    pub fn boolean(&mut self) -> Result<bool, Fault> {
        match self.array::<1>()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [other] => Err(Fault::Boolean(other)),
        }
    }

    /// A `bytes` or `string`: its length, then so many bytes.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.long()?;
        let count = usize::try_from(length).map_err(|_| Fault::Length(length))?;
        self.take(count)
    }

    /// The head of a block of array or map items: how many follow, 0 at the end, and their bytes if the writer says.
    /// A count that what is left can't hold (`min_bytes` each) is refused before anything is made of it.
    #[inline]
    pub fn items(&mut self, min_bytes: usize) -> Result<(usize, Option<usize>), Fault> {
        let claimed = self.long()?;
        let mut size = None;
        if claimed < 0 {
            let length = self.long()?;
            size = Some(usize::try_from(length).map_err(|_| Fault::Length(length))?);
        }
        let count = usize::try_from(claimed.unsigned_abs()).map_err(|_| Fault::Length(claimed))?;
        let most = self.left().checked_div(min_bytes).unwrap_or(MAX_EMPTY_ITEMS);
        if count > most { Err(Fault::Length(claimed)) } else { Ok((count, size)) }
    }

    #[cold]
    fn long_of_many(&mut self) -> Result<i64, Fault> {
        let mut value = 0u64;
        for (index, byte) in self.rest.iter().take(10).enumerate() {
            if index == 9 && *byte > 1 {
                return Err(Fault::Varint);
            }
            value |= u64::from(byte & 0x7f) << (7 * index);
            if *byte < 0x80 {
                self.rest = &self.rest[index + 1..];
                return Ok(unzigzag(value));
            }
        }
        Err(if self.rest.len() < 10 { Fault::Truncated } else { Fault::Varint })
    }
}

/// Items that take no bytes (nulls, empty records) could be claimed in any number; no real file has so many in a row.
const MAX_EMPTY_ITEMS: usize = 1 << 16;

#[inline]
fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longs_of_every_width_are_read() {
        for value in [0, -1, 63, -64, 64, 8_191, i64::from(i32::MIN), i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
            while rest >= 0x80 {
                bytes.push((rest & 0x7f) as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push(rest as u8);
            assert_eq!(Cursor::new(&bytes).long(), Ok(value));
            assert_eq!(Cursor::new(&bytes[..bytes.len() - 1]).long(), Err(Fault::Truncated));
        }
    }

    #[test]
    fn a_long_of_more_than_64_bits_is_refused() {
        assert_eq!(Cursor::new(&[0xff; 11]).long(), Err(Fault::Varint));
        assert_eq!(Cursor::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).long(), Err(Fault::Varint));
    }

    #[test]
    fn a_count_beyond_the_data_is_refused() {
        assert_eq!(Cursor::new(&[20, 0, 0]).items(1), Err(Fault::Length(10)));
        assert_eq!(Cursor::new(&[4, 0, 0]).items(1), Ok((2, None)));
        assert_eq!(Cursor::new(&[3, 4, 0, 0]).items(1), Ok((2, Some(2))));
    }
}
