//! Network and hardware addresses: see [`weir_values::net`].

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::ValueError;
use weir_values::net::{Inet, mac};

use super::columns::{Args, Int4, Int8, Ret, Text, map1, map2};
use super::parsed::Parsed;
use super::{Proc, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("inet_in", |args| of_inet(args, |a| Ok(a.print()))),
    strict("cidr_in", |args| map1::<Text, _>(args, |text| Ok(Inet::parse_cidr(text)?.print_cidr()))),
    // A network as an address: its length isn't told if it is all.
    strict("cidr_inet", |args| of_inet(args, |a| Ok(a.print()))),
    strict("inet_to_cidr", |args| of_inet(args, |a| Ok(a.network().print_cidr()))),
    strict("inet_key", |args| of_inet(args, |a| Ok(a.sort_key().to_vec()))),
    strict("inet_abbrev", |args| of_inet(args, |a| Ok(a.print()))),
    strict("cidr_abbrev", |args| of_inet(args, |a| Ok(a.abbrev_cidr()))),
    strict("network_broadcast", |args| of_inet(args, |a| Ok(a.broadcast().print()))),
    strict("network_family", |args| of_inet(args, |a| Ok(a.family()))),
    strict("network_host", |args| of_inet(args, |a| Ok(a.host()))),
    strict("network_hostmask", |args| of_inet(args, |a| Ok(a.hostmask().print()))),
    strict("network_masklen", |args| of_inet(args, |a| Ok(a.masklen()))),
    strict("network_netmask", |args| of_inet(args, |a| Ok(a.netmask().print()))),
    strict("network_network", |args| of_inet(args, |a| Ok(a.network().print_cidr()))),
    strict("network_show", |args| of_inet(args, |a| Ok(a.print_cidr()))),
    strict("inetnot", |args| of_inet(args, |a| Ok(a.not().print()))),
    strict("inet_set_masklen", |args| {
        map2::<Text, Int4, _>(args, |text, bits| Ok(Inet::parse(text)?.set_masklen(bits)?.print()))
    }),
    strict("cidr_set_masklen", |args| {
        map2::<Text, Int4, _>(args, |text, bits| Ok(Inet::parse(text)?.set_masklen_cidr(bits)?.print_cidr()))
    }),
    strict("inetpl", |args| map2::<Text, Int8, _>(args, |text, offset| Ok(Inet::parse(text)?.add(offset)?.print()))),
    strict("inetmi_int8", |args| {
        map2::<Text, Int8, _>(args, |text, offset| Ok(Inet::parse(text)?.subtract(offset)?.print()))
    }),
    strict("inetmi", |args| of_inets(args, Inet::distance)),
    strict("inetand", |args| of_inets(args, |a, b| Ok(a.and(b)?.print()))),
    strict("inetor", |args| of_inets(args, |a, b| Ok(a.or(b)?.print()))),
    strict("inet_merge", |args| of_inets(args, |a, b| Ok(a.merge(b)?.print_cidr()))),
    strict("inet_same_family", |args| of_inets(args, |a, b| Ok(a.same_family(b)))),
    strict("network_sub", |args| of_inets(args, |a, b| Ok(a.is_subnet(b)))),
    strict("network_subeq", |args| of_inets(args, |a, b| Ok(a.is_subnet_or_equal(b)))),
    strict("network_sup", |args| of_inets(args, |a, b| Ok(a.is_supernet(b)))),
    strict("network_supeq", |args| of_inets(args, |a, b| Ok(a.is_supernet_or_equal(b)))),
    strict("network_overlap", |args| of_inets(args, |a, b| Ok(a.overlaps(b)))),
    strict("network_cmp", |args| of_inets(args, |a, b| Ok(a.cmp(b) as i32))),
    strict("network_larger", |args| of_inets(args, |a, b| Ok(a.max(b).print()))),
    strict("network_smaller", |args| of_inets(args, |a, b| Ok(a.min(b).print()))),
    strict("macaddr_in", |args| of_mac(args, |a| a)),
    strict("macaddr_not", |args| of_mac(args, mac::not)),
    strict("macaddr_trunc", |args| of_mac(args, mac::trunc)),
    strict("macaddr_and", |args| of_macs(args, mac::and)),
    strict("macaddr_or", |args| of_macs(args, mac::or)),
    strict("macaddrtomacaddr8", |args| {
        map1::<Text, _>(args, |text| Ok(mac::print(&mac::to_macaddr8(mac::parse_macaddr(text)?))))
    }),
    strict("macaddr8_in", |args| of_mac8(args, |a| a)),
    strict("macaddr8_not", |args| of_mac8(args, mac::not)),
    strict("macaddr8_trunc", |args| of_mac8(args, mac::trunc)),
    strict("macaddr8_set7bit", |args| of_mac8(args, mac::set7bit)),
    strict("macaddr8_and", |args| of_mac8s(args, mac::and)),
    strict("macaddr8_or", |args| of_mac8s(args, mac::or)),
    strict("macaddr8tomacaddr", |args| {
        map1::<Text, _>(args, |text| Ok(mac::print(&mac::to_macaddr(mac::parse_macaddr8(text)?)?)))
    }),
];

type Checked<T> = std::result::Result<T, ValueError>;

fn of_inet<R: Ret>(args: &Args<'_>, compute: fn(&Inet) -> Checked<R>) -> Result<ArrayRef> {
    map1::<Text, R>(args, |text| compute(&Inet::parse(text)?))
}

fn of_inets<R: Ret>(args: &Args<'_>, compute: fn(&Inet, &Inet) -> Checked<R>) -> Result<ArrayRef> {
    let (mut left, mut right) = (Parsed::new(args, 0, Inet::parse), Parsed::new(args, 1, Inet::parse));
    map2::<Text, Text, R>(args, |a, b| compute(left.read(a)?, right.read(b)?))
}

fn of_mac(args: &Args<'_>, compute: fn(mac::Macaddr) -> mac::Macaddr) -> Result<ArrayRef> {
    map1::<Text, _>(args, |text| Ok(mac::print(&compute(mac::parse_macaddr(text)?))))
}

fn of_macs(args: &Args<'_>, compute: fn(mac::Macaddr, mac::Macaddr) -> mac::Macaddr) -> Result<ArrayRef> {
    map2::<Text, Text, _>(args, |a, b| Ok(mac::print(&compute(mac::parse_macaddr(a)?, mac::parse_macaddr(b)?))))
}

fn of_mac8(args: &Args<'_>, compute: fn(mac::Macaddr8) -> mac::Macaddr8) -> Result<ArrayRef> {
    map1::<Text, _>(args, |text| Ok(mac::print(&compute(mac::parse_macaddr8(text)?))))
}

fn of_mac8s(args: &Args<'_>, compute: fn(mac::Macaddr8, mac::Macaddr8) -> mac::Macaddr8) -> Result<ArrayRef> {
    map2::<Text, Text, _>(args, |a, b| Ok(mac::print(&compute(mac::parse_macaddr8(a)?, mac::parse_macaddr8(b)?))))
}
