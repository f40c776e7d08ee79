//! What `inet` and `cidr` compute.

use std::cmp::Ordering;

use crate::{Result, ValueError, code};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    V4,
    V6,
}

impl Family {
    /// How long an address is, in bits.
    pub fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    fn all(self) -> u128 {
        u128::MAX >> (128 - u32::from(self.bits()))
    }

    /// The ones of a network's part of the address.
    fn mask(self, bits: u8) -> u128 {
        let host = u32::from(self.bits().saturating_sub(bits));
        self.all() & u128::MAX.checked_shl(host).unwrap_or(0)
    }
}

/// An address and the length of its network's part: of `cidr`, what follows that part is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inet {
    pub(super) family: Family,
    pub(super) bits: u8,
    pub(super) address: u128,
}

impl PartialOrd for Inet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Inet {
    /// By network, then by the length of its part, then by address.
    fn cmp(&self, other: &Self) -> Ordering {
        let parts = |inet: &Self| (inet.family, inet.address & inet.mask(), inet.bits, inet.address);
        parts(self).cmp(&parts(other))
    }
}

impl Inet {
    /// None if the length is more than the family's.
    pub fn new(family: Family, address: u128, bits: u8) -> Option<Self> {
        (bits <= family.bits() && address <= family.all()).then_some(Self { family, bits, address })
    }

    pub fn address(&self) -> u128 {
        self.address
    }

    fn mask(&self) -> u128 {
        self.family.mask(self.bits)
    }

    /// Bytes in the order of the values.
    pub fn sort_key(&self) -> [u8; 34] {
        let mut key = [0; 34];
        key[0] = match self.family {
            Family::V4 => 4,
            Family::V6 => 6,
        };
        key[1..17].copy_from_slice(&(self.address & self.mask()).to_be_bytes());
        key[17] = self.bits;
        key[18..].copy_from_slice(&self.address.to_be_bytes());
        key
    }

    /// `family`.
    pub fn family(&self) -> i32 {
        match self.family {
            Family::V4 => 4,
            Family::V6 => 6,
        }
    }

    /// `masklen`.
    pub fn masklen(&self) -> i32 {
        i32::from(self.bits)
    }

    /// The `cidr` of the network, which `network` answers too.
    pub fn network(&self) -> Self {
        Self { address: self.address & self.mask(), ..*self }
    }

    /// `broadcast`.
    pub fn broadcast(&self) -> Self {
        Self { address: self.address | (self.family.all() & !self.mask()), ..*self }
    }

    /// `netmask`.
    pub fn netmask(&self) -> Self {
        Self { address: self.mask(), bits: self.family.bits(), ..*self }
    }

    /// `hostmask`.
    pub fn hostmask(&self) -> Self {
        Self { address: self.family.all() & !self.mask(), bits: self.family.bits(), ..*self }
    }

    /// `set_masklen` of `inet`; -1 is all.
    pub fn set_masklen(&self, bits: i32) -> Result<Self> {
        let bits = if bits == -1 { i32::from(self.family.bits()) } else { bits };
        match u8::try_from(bits) {
            Ok(bits) if bits <= self.family.bits() => Ok(Self { bits, ..*self }),
            _ => Err(ValueError::invalid_parameter(format!("invalid mask length: {bits}"))),
        }
    }

    /// `set_masklen` of `cidr`.
    pub fn set_masklen_cidr(&self, bits: i32) -> Result<Self> {
        self.set_masklen(bits).map(|inet| inet.network())
    }

    /// `inet_same_family`.
    pub fn same_family(&self, other: &Self) -> bool {
        self.family == other.family
    }

    /// `inet_merge`: the smallest network with both in it.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.family != other.family {
            return Err(ValueError::invalid_parameter("cannot merge addresses from different families"));
        }
        let differing = (self.address ^ other.address) << (128 - u32::from(self.family.bits()));
        let common = u8::try_from(differing.leading_zeros()).unwrap_or(u8::MAX);
        let bits = self.bits.min(other.bits).min(common);
        Ok(Self { bits, ..*self }.network())
    }

    fn agrees(&self, other: &Self, bits: u8) -> bool {
        self.family == other.family && (self.address ^ other.address) & self.family.mask(bits) == 0
    }

    /// `a << b`.
    pub fn is_subnet(&self, other: &Self) -> bool {
        self.bits > other.bits && self.agrees(other, other.bits)
    }

    /// `a <<= b`.
    pub fn is_subnet_or_equal(&self, other: &Self) -> bool {
        self.bits >= other.bits && self.agrees(other, other.bits)
    }

    /// `a >> b`.
    pub fn is_supernet(&self, other: &Self) -> bool {
        other.is_subnet(self)
    }

    /// `a >>= b`.
    pub fn is_supernet_or_equal(&self, other: &Self) -> bool {
        other.is_subnet_or_equal(self)
    }

    /// `a && b`.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.agrees(other, self.bits.min(other.bits))
    }

    /// `~ a`.
    pub fn not(&self) -> Self {
        Self { address: self.family.all() & !self.address, ..*self }
    }

    fn pair(&self, other: &Self, verb: &str) -> Result<()> {
        if self.family == other.family {
            return Ok(());
        }
        Err(ValueError::invalid_parameter(format!("cannot {verb} inet values of different sizes")))
    }

    /// `a & b`.
    pub fn and(&self, other: &Self) -> Result<Self> {
        self.pair(other, "AND")?;
        Ok(Self { address: self.address & other.address, bits: self.bits.max(other.bits), ..*self })
    }

    /// `a | b`.
    pub fn or(&self, other: &Self) -> Result<Self> {
        self.pair(other, "OR")?;
        Ok(Self { address: self.address | other.address, bits: self.bits.max(other.bits), ..*self })
    }

    /// `a + n`.
    pub fn add(&self, offset: i64) -> Result<Self> {
        let address = self.address.checked_add_signed(i128::from(offset)).filter(|&sum| sum <= self.family.all());
        address.map(|address| Self { address, ..*self }).ok_or_else(out_of_range)
    }

    /// `a - n`. The least bigint is its own negative.
    pub fn subtract(&self, offset: i64) -> Result<Self> {
        self.add(offset.wrapping_neg())
    }

    /// `a - b`. Beyond 128 bits it wraps around.
    pub fn distance(&self, other: &Self) -> Result<i64> {
        self.pair(other, "subtract")?;
        let distance = self.address.wrapping_sub(other.address).cast_signed();
        i64::try_from(distance).map_err(|_| out_of_range())
    }
}

fn out_of_range() -> ValueError {
    ValueError::new(code::NUMERIC_OUT_OF_RANGE, "result is out of range")
}
