//! The `ip` mask: shows the network that an address lies in, /24 of IPv4 and /48 of IPv6, which is what is commonly held
//! to name no person.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

use super::text;

/// Bits that are kept.
const V4_BITS: u8 = 24;
const V6_BITS: u8 = 48;
/// What stands for a text that is no address.
const HIDDEN: &str = "***";

/// The mask as a function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct IpMask {
    /// The column is of a type of addresses, whose texts carry the width of their network.
    is_address: bool,
    signature: Signature,
}

impl IpMask {
    pub fn new(is_address: bool) -> Self {
        Self { is_address, signature: Signature::any(1, Volatility::Immutable) }
    }

    fn write(&self, value: &str, out: &mut String) {
        let (address, width) = value.trim().split_once('/').unwrap_or((value.trim(), ""));
        let Some((network, bits)) = address.parse().ok().map(network) else { return out.push_str(HIDDEN) };
        let bits = width.parse().map_or(bits, |width: u8| bits.min(width));
        // Writing into a string can't fail.
        let _ = match self.is_address {
            true => write!(out, "{network}/{bits}"),
            false => write!(out, "{network}"),
        };
    }
}

/// The network of an address. An IPv4 address in IPv6's clothes is one of IPv4.
fn network(address: IpAddr) -> (IpAddr, u8) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << (32 - V4_BITS))).into(), V4_BITS),
        IpAddr::V6(v6) => (Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - V6_BITS))).into(), V6_BITS),
    }
}

impl ScalarUDFImpl for IpMask {
    fn name(&self) -> &str {
        "mask_ip"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments.first().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        text::map(&args, |value, out| self.write(value, out))
    }
}

#[cfg(test)]
mod tests {
    use super::IpMask;

    fn shown(value: &str, is_address: bool) -> String {
        let mut out = String::new();
        IpMask::new(is_address).write(value, &mut out);
        out
    }

    #[test]
    fn the_network_is_shown() {
        assert_eq!(shown("192.168.17.201", false), "192.168.17.0");
        assert_eq!(shown("2001:db8:85a3:8d3:1319:8a2e:370:7348", false), "2001:db8:85a3::");
        assert_eq!(shown("::ffff:10.1.2.3", false), "10.1.2.0");
        assert_eq!(shown("10.1.2.3/32", true), "10.1.2.0/24");
        assert_eq!(shown("2001:db8::1", true), "2001:db8::/48");
        assert_eq!(shown("10.0.0.0/8", true), "10.0.0.0/8");
        for text in ["localhost", "10.1.2", "10.1.2.3.4", ""] {
            assert_eq!(shown(text, false), "***", "{text}");
        }
    }
}
