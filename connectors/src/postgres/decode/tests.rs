//! The framing, cut at every byte, and what isn't the format.

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Field, Int32Type, Schema};

use super::*;

fn stream(tuples: &[&[Option<&[u8]>]], trailer: bool) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    bytes.extend([0; 8]);
    for tuple in tuples {
        bytes.extend((tuple.len() as i16).to_be_bytes());
        for field in *tuple {
            bytes.extend(field.map_or(-1, |f| f.len() as i32).to_be_bytes());
            bytes.extend(field.unwrap_or_default());
        }
    }
    if trailer {
        bytes.extend((-1i16).to_be_bytes());
    }
    bytes
}

fn decoder() -> Decoder {
    let kinds = [Kind::Int4, Kind::Text { bytewise: true }];
    let fields = [Field::new("a", kinds[0].data_type(), true), Field::new("b", kinds[1].data_type(), false)];
    Decoder::new(Arc::new(Schema::new(fields.to_vec())), &kinds, 8192)
}

fn sample() -> Vec<u8> {
    stream(&[&[Some(&7i32.to_be_bytes()), Some(b"seven")], &[None, Some(b"")]], true)
}

#[test]
fn tuples_may_be_cut_anywhere() {
    let bytes = sample();
    for size in 1..=bytes.len() {
        let mut decoder = decoder();
        for chunk in bytes.chunks(size) {
            assert!(!decoder.is_complete());
            decoder.push(chunk).unwrap();
        }
        assert!(decoder.is_complete(), "chunks of {size}");
        let batch = decoder.finish_batch().unwrap();
        assert_eq!(batch.num_rows(), 2);
        let numbers = batch.column(0).as_primitive::<Int32Type>();
        assert!(numbers.value(0) == 7 && numbers.is_null(1));
        assert_eq!(batch.column(1).as_string::<i32>().value(0), "seven");
    }
}

#[test]
fn a_stream_without_its_end_is_not_complete() {
    let bytes = sample();
    for end in 0..bytes.len() {
        let mut decoder = decoder();
        decoder.push(&bytes[..end]).unwrap();
        assert!(!decoder.is_complete(), "cut at {end}");
    }
}

#[test]
fn what_is_not_the_format_is_an_error() {
    let fails = |bytes: &[u8]| decoder().push(bytes).unwrap_err();
    assert!(matches!(fails(b"hello, I am text"), DecodeError::Malformed(_)));
    assert!(matches!(fails(&stream(&[&[None]], true)), DecodeError::Malformed(_)));
    assert!(matches!(fails(&stream(&[&[Some(b"123"), Some(b"")]], true)), DecodeError::Changed { .. }));
    assert!(matches!(fails(&stream(&[&[None, None]], true)), DecodeError::Changed { .. }));
    assert!(matches!(fails(&stream(&[&[None, Some(b"\xff")]], true)), DecodeError::OutOfRange { .. }));
    let mut flagged = sample();
    flagged[12] = 1;
    assert!(matches!(fails(&flagged), DecodeError::Malformed(_)));
    let mut longer = sample();
    longer.push(0);
    assert!(matches!(fails(&longer), DecodeError::Malformed(_)));
}
