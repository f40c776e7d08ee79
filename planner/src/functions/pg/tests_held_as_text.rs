//! Kernels over ranges, addresses, money, uuids and identifiers, as PostgreSQL 17 answers.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray};
use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;

use super::{Session, evaluate, find_value_error, fold};

fn text(text: &str) -> ScalarValue {
    ScalarValue::Utf8(Some(text.to_owned()))
}

fn int4(value: i32) -> ScalarValue {
    ScalarValue::Int32(Some(value))
}

fn int8(value: i64) -> ScalarValue {
    ScalarValue::Int64(Some(value))
}

/// The value, or what is wrong.
fn run(name: &'static str, args: &[ScalarValue], result: DataType) -> String {
    match evaluate(name, args, &result, &Session::default()) {
        Ok(value) => {
            assert_eq!(value.data_type(), result, "{name}");
            value.to_string()
        }
        Err(error) => {
            let error = find_value_error(&error).unwrap();
            format!("{}: {}", error.code, error.message)
        }
    }
}

#[test]
fn values_are_computed() {
    use DataType::*;
    for (name, args, result, want) in [
        ("int4range_in", vec![text("[1,5]")], Utf8, "[1,6)"),
        (
            "int4range_in",
            vec![text("[5,1]")],
            Utf8,
            "22000: range lower bound must be less than or equal to range upper bound",
        ),
        ("daterange_in", vec![text("[1/2/2024,2024-03-01]")], Utf8, "[2024-01-02,2024-03-02)"),
        ("tstzrange_in", vec![text("[2024-01-01 00:00+02,)")], Utf8, "[\"2023-12-31 22:00:00+00\",)"),
        ("nummultirange_in", vec![text("{[1.5,2.5),[2.5,3.0]}")], Utf8, "{[1.5,3.0]}"),
        ("range_constructor2", vec![int4(1), ScalarValue::Int32(None), text("int4range")], Utf8, "[1,)"),
        ("range_constructor3", vec![text("1.0"), text("2.50"), text("()"), text("numrange")], Utf8, "(1.0,2.50)"),
        (
            "range_constructor3",
            vec![text("1.0"), text("2.50"), ScalarValue::Utf8(None), text("numrange")],
            Utf8,
            "22000: range constructor flags argument must not be null",
        ),
        ("multirange_constructor0", vec![text("int4multirange")], Utf8, "{}"),
        ("multirange_constructor1", vec![text("[1,5)"), text("int4range")], Utf8, "{[1,5)}"),
        ("multirange_constructor1", vec![text("empty"), text("int4range")], Utf8, "{}"),
        ("range_lower", vec![text("[1,5)"), text("int4range")], Int32, "1"),
        ("range_upper", vec![text("[1.5,5.25)"), text("numrange")], Utf8, "5.25"),
        ("range_upper", vec![text("empty"), text("daterange")], Date32, "NULL"),
        ("range_lower", vec![text("[2024-01-02,)"), text("daterange")], Date32, "2024-01-02"),
        (
            "multirange_upper",
            vec![text("{[\"2024-01-01 00:00:00+00\",\"2024-01-02 00:00:00+00\")}"), text("tstzmultirange")],
            Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            "1704153600000000",
        ),
        ("range_contains_elem", vec![text("[1,5)"), int4(4), text("int4range")], Boolean, "true"),
        ("elem_contained_by_range", vec![text("5.25"), text("[1.5,5.25)"), text("numrange")], Boolean, "false"),
        ("range_overlaps_multirange", vec![text("[1,5)"), text("{[4,6)}"), text("int4range")], Boolean, "true"),
        (
            "multirange_contained_by_range",
            vec![text("{[4,6)}"), text("[1,5)"), text("int4multirange")],
            Boolean,
            "false",
        ),
        ("range_adjacent", vec![text("[1,5)"), text("[5,6)"), text("int4range")], Boolean, "true"),
        (
            "range_union",
            vec![text("[1,5)"), text("[6,7)"), text("int4range")],
            Utf8,
            "22000: result of range union would not be contiguous",
        ),
        ("range_minus", vec![text("[1,5)"), text("[3,7)"), text("int4range")], Utf8, "[1,3)"),
        ("range_merge", vec![text("[1,5)"), text("[6,7)"), text("int4range")], Utf8, "[1,7)"),
        ("range_merge_from_multirange", vec![text("{[1,5),[6,7)}"), text("int4multirange")], Utf8, "[1,7)"),
        (
            "multirange_minus",
            vec![text("{[1,50)}"), text("{[3,7),[9,10)}"), text("int4multirange")],
            Utf8,
            "{[1,3),[7,9),[10,50)}",
        ),
        ("range_empty", vec![text("empty"), text("int4range")], Boolean, "true"),
        ("range_upper_inf", vec![text("[1,)"), text("int4range")], Boolean, "true"),
        ("range_cmp", vec![text("[1,3)"), text("[1,4)"), text("int8range")], Int32, "-1"),
        ("range_out", vec![text("[2024-01-02,)"), text("daterange")], Utf8, "[2024-01-02,)"),
        (
            "tsrange_subdiff",
            vec![
                ScalarValue::TimestampMicrosecond(Some(2_500_000), None),
                ScalarValue::TimestampMicrosecond(Some(0), None),
            ],
            Float64,
            "2.5",
        ),
        ("inet_in", vec![text("10.1.2.3/32")], Utf8, "10.1.2.3"),
        ("cidr_in", vec![text("10.1")], Utf8, "10.1.0.0/16"),
        ("cidr_inet", vec![text("10.1.2.3/32")], Utf8, "10.1.2.3"),
        ("network_network", vec![text("192.168.1.5/24")], Utf8, "192.168.1.0/24"),
        ("network_broadcast", vec![text("192.168.1.5/24")], Utf8, "192.168.1.255/24"),
        ("network_sub", vec![text("192.168.1.5"), text("192.168.1.0/24")], Boolean, "true"),
        ("inetmi", vec![text("192.168.1.5"), text("192.168.1.0")], Int64, "5"),
        ("inetpl", vec![text("192.168.1.5"), int8(300)], Utf8, "192.168.2.49"),
        ("inet_set_masklen", vec![text("192.168.1.5"), int4(16)], Utf8, "192.168.1.5/16"),
        ("network_show", vec![text("192.168.1.5")], Utf8, "192.168.1.5/32"),
        ("macaddr_in", vec![text("08-00-2b-01-02-03")], Utf8, "08:00:2b:01:02:03"),
        ("macaddr_not", vec![text("08:00:2b:01:02:03")], Utf8, "f7:ff:d4:fe:fd:fc"),
        ("macaddrtomacaddr8", vec![text("08:00:2b:01:02:03")], Utf8, "08:00:2b:ff:fe:01:02:03"),
        (
            "macaddr8_and",
            vec![text("08:00:2b:ff:fe:01:02:03"), text("ff:ff:ff:00:00:00:00:00")],
            Utf8,
            "08:00:2b:00:00:00:00:00",
        ),
        ("cash_in", vec![text("-1234.567")], Utf8, "-$1,234.57"),
        ("cash_mul_flt4", vec![text("$2.00"), ScalarValue::Float32(Some(1.5))], Utf8, "$3.00"),
        ("int2_mul_cash", vec![ScalarValue::Int16(Some(3)), text("$2.00")], Utf8, "$6.00"),
        ("cash_div_cash", vec![text("$3.00"), text("$2.00")], Float64, "1.5"),
        ("cash_div_int8", vec![text("$3.00"), int8(0)], Utf8, "22012: division by zero"),
        ("numeric_cash", vec![text("12.345")], Utf8, "$12.35"),
        ("int4_cash", vec![int4(12)], Utf8, "$12.00"),
        ("cash_numeric", vec![text("$12.35")], Utf8, "12.35"),
        ("cash_words", vec![text("$1.01")], Utf8, "One dollar and one cent"),
        ("uuid_in", vec![text("{A0EEBC99-9c0b4ef8-bb6d-6bb9bd380a11}")], Utf8, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("uuid_extract_version", vec![text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")], Int16, "4"),
        (
            "uuid_extract_timestamp",
            vec![text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")],
            Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            "NULL",
        ),
        ("oidin", vec![text("-1")], Int64, "4294967295"),
        ("to_oid", vec![int4(-1)], Int64, "4294967295"),
        ("to_oid", vec![int8(-1)], Int64, "22003: OID out of range"),
        ("oid_int4", vec![int8(4294967295)], Int32, "-1"),
        ("pg_lsn_mi", vec![text("16/0"), text("15/0")], Utf8, "4294967296"),
        ("pg_lsn_pli", vec![text("16/0"), text("16")], Utf8, "16/10"),
        ("xid8toxid", vec![text("4294967297")], Int64, "1"),
        ("pg_size_pretty", vec![int8(123456)], Utf8, "121 kB"),
        ("pg_size_bytes", vec![text("1.5 MB")], Int64, "1572864"),
        ("to_regtypemod", vec![text("varchar(10)")], Int32, "14"),
        ("record_in", vec![text("(1)")], Utf8, "0A000: input of anonymous composite types is not implemented"),
    ] {
        assert_eq!(run(name, &args, result), want, "{name} {args:?}");
    }
}

#[test]
fn ranges_are_in_arrays() {
    let list = |items: &[Option<&str>]| {
        let items: Vec<ScalarValue> = items.iter().map(|item| ScalarValue::Utf8(item.map(str::to_owned))).collect();
        ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8))
    };
    for (items, want) in [
        (list(&[Some("[1,3)"), Some("[2,5)")]), "{[1,5)}"),
        (list(&[Some("[1,3)"), None]), "22004: multirange values cannot contain null members"),
    ] {
        assert_eq!(run("multirange_constructor2", &[items, text("int4range")], DataType::Utf8), want);
    }
    let unnested = run(
        "multirange_unnest",
        &[text("{[1,3),[4,5)}"), text("int4multirange")],
        DataType::new_list(DataType::Utf8, true),
    );
    assert_eq!(unnested, "[[1,3), [4,5)]");
}

#[test]
fn keys_are_ordered() {
    for (name, ty, texts) in [
        ("range_key", Some("int4range"), vec!["empty", "(,1)", "[1,2)", "[1,3)", "[1,)", "[2,3)"]),
        ("range_key", Some("nummultirange"), vec!["{}", "{(,1)}", "{[1,2)}", "{[1,2),[3,4)}", "{[1,2]}"]),
        ("money_key", None, vec!["-$2.00", "-$1.00", "$0.00", "$9.00", "$10.00"]),
        ("pg_lsn_key", None, vec!["0/1", "9/0", "10/0"]),
        ("xid8_key", None, vec!["0", "9", "10"]),
        ("tid_key", None, vec!["(0,9)", "(0,10)", "(1,1)"]),
        ("inet_key", None, vec!["9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "::1"]),
    ] {
        let key = |value: &&str| {
            let args: Vec<ScalarValue> = [Some(*value), ty].into_iter().flatten().map(text).collect();
            match evaluate(name, &args, &DataType::Binary, &Session::default()).unwrap() {
                ScalarValue::Binary(Some(key)) => key,
                other => panic!("{name} gave {other}"),
            }
        };
        let keys: Vec<Vec<u8>> = texts.iter().map(key).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{name} {keys:?}");
    }
}

#[test]
fn partial_folds_are_merged() {
    for (name, texts, want) in [
        ("range_agg_int4", vec![Some("[1,3)"), None, Some("[2,5)"), Some("[9,10)")], "{[1,5),[9,10)}"),
        ("range_agg_int4", vec![None], "NULL"),
        ("range_agg_date", vec![Some("empty")], "{}"),
        ("range_intersect_agg_int4", vec![Some("[1,3)"), None, Some("[2,5)")], "[2,3)"),
        ("range_intersect_agg_int4", vec![Some("{[1,3)}"), Some("{[2,5)}")], "{[2,3)}"),
        ("range_intersect_agg_int4", vec![Some("[1,3)"), Some("[3,5)"), Some("[1,9)")], "empty"),
        ("money_sum", vec![Some("$1.50"), None, Some("$2.00")], "$3.50"),
        ("money_sum", vec![], "NULL"),
    ] {
        let start = fold::find(name).unwrap().start;
        let texts: ArrayRef = Arc::new(StringArray::from(texts));
        let half = texts.len() / 2;
        let mut all = start();
        for part in [texts.slice(0, half), texts.slice(half, texts.len() - half)] {
            let mut fold = start();
            fold.update(&[part]).unwrap();
            all.merge(&fold.state()).unwrap();
        }
        assert_eq!(all.finish(&DataType::Utf8).unwrap().to_string(), want, "{name}");
    }
}
