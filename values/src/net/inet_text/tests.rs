//! Addresses of networks as PostgreSQL 17 reads and prints them.

use super::*;

#[test]
fn addresses_are_read_and_printed() {
    for (text, inet, cidr) in [
        ("1.2.3.4", "1.2.3.4", "1.2.3.4/32"),
        ("1.2.3.4/24", "1.2.3.4/24", "Value has bits set to right of mask."),
        ("10/8", "10.0.0.0/8", "10.0.0.0/8"),
        ("192.168.1/24", "192.168.1.0/24", "192.168.1.0/24"),
        ("10.1", "invalid", "10.1.0.0/16"),
        ("128", "invalid", "128.0.0.0/16"),
        ("224", "invalid", "224.0.0.0/4"),
        ("0x0a", "invalid", "10.0.0.0/8"),
        ("1.2.3.4.", "1.2.3.4", "invalid"),
        ("1.2.3.4/33", "invalid", "invalid"),
        ("256.1.1.1", "invalid", "invalid"),
        ("", "invalid", "invalid"),
        ("::", "::", "::/128"),
        ("2001:DB8::1/32", "2001:db8::1/32", "Value has bits set to right of mask."),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3", "1:0:0:2::3/128"),
        ("::ffff:1.2.3.4", "::ffff:1.2.3.4", "::ffff:1.2.3.4/128"),
        ("::1:2", "::0.1.0.2", "::0.1.0.2/128"),
        ("::1/129", "invalid", "invalid"),
        ("1:2:3:4:5:6:7:8:9", "invalid", "invalid"),
        ("1::2::3", "invalid", "invalid"),
        ("fe80::1%1", "invalid", "invalid"),
    ] {
        match Inet::parse(text) {
            Ok(read) => assert_eq!(read.print(), inet, "{text}"),
            Err(error) => {
                assert_eq!(inet, "invalid", "{text}");
                assert_eq!(error, ValueError::invalid_text("inet", text));
            }
        }
        match Inet::parse_cidr(text) {
            Ok(read) => assert_eq!(read.print_cidr(), cidr, "{text}"),
            Err(error) if cidr == "invalid" => assert_eq!(error, ValueError::invalid_text("cidr", text)),
            Err(error) => {
                assert_eq!(error.message, format!("invalid cidr value: \"{text}\""));
                assert_eq!(error.detail.unwrap(), cidr);
            }
        }
    }
}

#[test]
fn networks_are_abbreviated() {
    for (text, abbreviated) in [
        ("10.1.0.0/16", "10.1/16"),
        ("10.1.128.0/17", "10.1.128/17"),
        ("0.0.0.0/0", "0/0"),
        ("1.2.3.4/32", "1.2.3.4/32"),
        ("::/0", "::/0"),
        ("2001:db8::/32", "2001:db8/32"),
        ("::ffff:1.2.3.0/120", "::ffff:1.2.3/120"),
        ("1::/16", "1::/16"),
        ("0:1:0:a0:1:0:0:0/128", "0:1::0:0/128"),
    ] {
        assert_eq!(Inet::parse_cidr(text).unwrap().abbrev_cidr(), abbreviated, "{text}");
    }
}

#[test]
fn parts_of_addresses() {
    let inet = Inet::parse("192.168.1.5/24").unwrap();
    assert_eq!(inet.host(), "192.168.1.5");
    assert_eq!(inet.broadcast().print(), "192.168.1.255/24");
    assert_eq!(inet.netmask().print(), "255.255.255.0");
    assert_eq!(inet.hostmask().print(), "0.0.0.255");
    assert_eq!(inet.network().print_cidr(), "192.168.1.0/24");
    assert_eq!(inet.not().print(), "63.87.254.250/24");
    assert_eq!((inet.family(), inet.masklen()), (4, 24));
    assert_eq!(inet.set_masklen(-1).unwrap().print(), "192.168.1.5");
    assert_eq!(inet.set_masklen_cidr(16).unwrap().print(), "192.168.0.0/16");
    assert_eq!(inet.set_masklen(33).unwrap_err().message, "invalid mask length: 33");
}

#[test]
fn addresses_are_calculated_with() {
    let inet = |text| Inet::parse(text).unwrap();
    let shown = |result: Result<Inet>| result.map_or_else(|error| error.message, |inet| inet.print());
    for (result, expected) in [
        (inet("1.2.3.4/8").and(&inet("255.0.255.0")), "1.0.3.0"),
        (inet("1.2.3.4/8").or(&inet("0.0.0.1/16")), "1.2.3.5/16"),
        (inet("1.2.3.4").and(&inet("::")), "cannot AND inet values of different sizes"),
        (inet("1.2.3.4").or(&inet("::")), "cannot OR inet values of different sizes"),
        (inet("1.2.3.255/24").add(1), "1.2.4.0/24"),
        (inet("255.255.255.255").add(1), "result is out of range"),
        (inet("0.0.0.0").subtract(1), "result is out of range"),
        (inet("::1").subtract(-5), "::6"),
        (inet("192.168.1.5/24").merge(&inet("192.168.2.5/24")), "192.168.0.0/22"),
        (inet("1.2.3.4").merge(&inet("::")), "cannot merge addresses from different families"),
    ] {
        assert_eq!(shown(result), expected);
    }
    assert_eq!(inet("1.2.3.4").distance(&inet("1.2.4.0")), Ok(-252));
    assert_eq!(inet("ffff::").distance(&inet("::")).unwrap_err().message, "result is out of range");
    assert_eq!(inet("::").distance(&inet("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), Ok(1));
}

#[test]
fn addresses_are_compared() {
    let inet = |text| Inet::parse(text).unwrap();
    let ordered = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.5/8", "10.0.0.0/16", "10.0.0.1", "11.0.0.0/8", "::/0", "::1"];
    for (at, a) in ordered.iter().enumerate() {
        for (other, b) in ordered.iter().enumerate() {
            assert_eq!(inet(a).cmp(&inet(b)), at.cmp(&other), "{a} {b}");
            assert_eq!(inet(a).sort_key().cmp(&inet(b).sort_key()), at.cmp(&other), "{a} {b}");
        }
    }
    let (network, address) = (inet("192.168.1.0/24"), inet("192.168.1.5"));
    assert!(address.is_subnet(&network) && network.is_supernet(&address) && network.overlaps(&address));
    assert!(
        !network.is_subnet(&network) && network.is_subnet_or_equal(&network) && network.is_supernet_or_equal(&network)
    );
    assert!(!inet("::/0").overlaps(&inet("0.0.0.0/0")) && network.same_family(&address));
}
