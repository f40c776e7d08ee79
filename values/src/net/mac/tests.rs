//! Addresses of network cards as PostgreSQL 17 reads and prints them.

use super::*;

#[test]
fn macaddrs_are_read_and_printed() {
    for text in [
        "08:00:2b:01:02:03",
        "08-00-2b-01-02-03",
        "08002b:010203",
        "08002b-010203",
        "0800.2b01.0203",
        "0800-2b01-0203",
        "08002B010203",
        " 8:0:2b:1:2:3 ",
    ] {
        assert_eq!(print(&parse_macaddr(text).unwrap()), "08:00:2b:01:02:03", "{text}");
    }
    for text in ["", "08:00:2b:01:02", "08:00:2b:01:02:03:04", "08:00:2b:01:02:0g", "08-00:2b:01:02:03"] {
        assert_eq!(parse_macaddr(text).unwrap_err(), ValueError::invalid_text("macaddr", text));
    }
    let error = parse_macaddr("8:0:2b:1:2:333").unwrap_err();
    assert_eq!(
        (error.code, error.message.as_str()),
        ("22003", "invalid octet value in \"macaddr\" value: \"8:0:2b:1:2:333\"")
    );
}

#[test]
fn macaddr8s_are_read_and_printed() {
    for text in
        ["08:00:2b:01:02:03", "08002b:010203 ", "08-00-2b-ff-fe-01-02-03", " 0800.2bff.fe01.0203", "08002bfffe010203"]
    {
        assert_eq!(print(&parse_macaddr8(text).unwrap()), "08:00:2b:ff:fe:01:02:03", "{text}");
    }
    for text in ["", "08:00-2b:01:02:03", "08:00:2b:01:02:03:04", "8:0:2b:1:2:3", "08:00:2b:01:02:03 x"] {
        assert_eq!(parse_macaddr8(text).unwrap_err(), ValueError::invalid_text("macaddr8", text));
    }
}

#[test]
fn macaddrs_are_calculated_with() {
    let (a, b) = ([0x08, 0, 0x2b, 1, 2, 3], [0xff, 0, 0xff, 0, 0xff, 0]);
    assert_eq!(print(&and(a, b)), "08:00:2b:00:02:00");
    assert_eq!(print(&or(a, b)), "ff:00:ff:01:ff:03");
    assert_eq!(print(&not(a)), "f7:ff:d4:fe:fd:fc");
    assert_eq!(print(&trunc(a)), "08:00:2b:00:00:00");
    assert_eq!(print(&set7bit(to_macaddr8(a))), "0a:00:2b:ff:fe:01:02:03");
    assert_eq!(to_macaddr(to_macaddr8(a)), Ok(a));
    let error = to_macaddr([1; 8]).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), ("22003", "macaddr8 data out of range to convert to macaddr"));
}
