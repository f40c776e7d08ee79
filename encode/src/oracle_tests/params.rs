//! Parameters that are refused.

use super::*;

/// Bytes that aren't the type's binary form.
#[test]
fn broken_binary_parameters_are_refused() {
    let decode = |oid, bytes: &[u8]| decode_parameter(oid, Format::Binary, Some(bytes), &Style::default());
    assert_eq!(decode(23, &[0, 0, 1]).unwrap_err().sqlstate(), "08P01");
    assert_eq!(decode(23, &[0, 0, 0, 0, 1]).unwrap_err().sqlstate(), "22P03");
    assert_eq!(decode(25, &[0xff]).unwrap_err().message(), "invalid byte sequence for encoding \"UTF8\": 0xff");
    assert_eq!(decode(3802, &[]).unwrap_err().sqlstate(), "08P01");
    let mut random = Random(4711);
    for oid in super::super::types::table().flat_map(|(_, oid, array, _)| [oid, array]) {
        for len in 0..40 {
            let bytes: Vec<u8> = (0..len).map(|_| random.next() as u8 >> random.below(8)).collect();
            // Whatever comes, it is a value or an error.
            let _value_or_error = decode(oid, &bytes).is_ok();
            let _value_or_error = decode_parameter(oid, Format::Text, Some(&bytes), &Style::default()).is_ok();
        }
    }
}

/// Parameters that PostgreSQL refuses are refused with its SQLSTATE and message.
#[test]
fn parameter_errors_are_postgresqls() {
    let server = postgres();
    let faults = [
        ("int4", 23, "x"),
        ("int4", 23, "99999999999"),
        ("int2", 21, ""),
        ("int8", 20, "1.5"),
        ("bool", 16, "maybe"),
        ("float8", 701, "1e400"),
        ("float8", 701, "abc"),
        ("float4", 700, "1e-60"),
        ("date", 1082, "2024-02-30"),
        ("date", 1082, "nonsense"),
        ("timestamp", 1114, "2024-13-01 00:00:00"),
        ("timestamptz", 1184, "hello"),
        ("time", 1083, "25:00:00"),
        ("interval", 1186, "three days"),
        ("bytea", 17, "\\xzz"),
        ("bytea", 17, "\\x123"),
        ("oid", 26, "a"),
    ];
    for (sql_type, oid, text) in faults {
        let theirs = server.psql("postgres").fails(&format!("SELECT '{text}'::{sql_type}"));
        let ours = decode_parameter(oid, Format::Text, Some(text.as_bytes()), &Style::default()).unwrap_err();
        let theirs = (theirs.sqlstate.unwrap_or_default(), theirs.message);
        assert_eq!((ours.sqlstate().to_owned(), ours.message().to_owned()), theirs, "{sql_type} {text}");
    }
}
