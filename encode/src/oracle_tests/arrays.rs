//! Arrays, and the documents that structs become.

use super::*;

#[test]
fn arrays() {
    let _server = postgres();
    let offsets = |len: usize| {
        let mut random = Random(77);
        let mut offsets = vec![0_i32];
        while offsets.last().is_some_and(|last| *last < len as i32) {
            let next = offsets.last().unwrap() + random.below(5) as i32;
            offsets.push(next.min(len as i32));
        }
        offsets
    };
    let texts: ArrayRef = Arc::new(StringArray::from(mixed(&["".to_owned(), "null".to_owned()], any_text)));
    let array = list_of(offsets(texts.len()), texts, plain(DataType::Utf8));
    check("text_array", "text[]", "array_send", plain(array.data_type().clone()), array);
    let ints: ArrayRef = Arc::new(Int32Array::from(mixed(&[0], |random| random.any_width() as i32)));
    let array = list_of(offsets(ints.len()), ints.clone(), plain(DataType::Int32));
    check("int_array", "int4[]", "array_send", plain(array.data_type().clone()), array.clone());
    check("int_array_slice", "int4[]", "array_send", plain(array.data_type().clone()), array.slice(5, 100));
    let stamps = TimestampMicrosecondArray::from(mixed(&[0], any_timestamp));
    let array = list_of(offsets(stamps.len()), Arc::new(stamps.clone()), plain(stamps.data_type().clone()));
    check("timestamp_array", "timestamp[]", "array_send", plain(array.data_type().clone()), array);
    // Three rows of 2 x 3.
    let inner = list_of((0..=6).map(|row| row * 3).collect(), ints.slice(0, 18), plain(DataType::Int32));
    let item = plain(inner.data_type().clone());
    let outer = list_of(vec![0, 2, 4, 6], inner, item);
    check("matrix", "int4[]", "array_send", plain(outer.data_type().clone()), outer);
    let fixed = FixedSizeListArray::new(Arc::new(plain(DataType::Int32)), 4, ints.slice(0, 40), None);
    let fixed: ArrayRef = Arc::new(fixed);
    check("fixed_array", "int4[]", "array_send", plain(fixed.data_type().clone()), fixed.slice(2, 5));
}

#[test]
fn ragged_lists_are_refused() {
    let ints: ArrayRef = Arc::new(Int32Array::from_iter_values(0..3));
    for (inner_offsets, message) in [(vec![0, 1, 3], "longer second"), (vec![0, 0, 3], "empty first")] {
        let inner = list_of(inner_offsets, ints.clone(), plain(DataType::Int32));
        let item = plain(inner.data_type().clone());
        let outer = list_of(vec![0, 2], inner, item);
        let schema = Schema::new(vec![plain(outer.data_type().clone())]);
        let batch = RecordBatch::try_new(Arc::new(schema.clone()), vec![outer]).unwrap();
        for format in [Format::Text, Format::Binary] {
            let mut encoder = RowEncoder::new(&schema, &[format], &Style::default()).unwrap();
            let mut out = BytesMut::new();
            let error = encoder.encode(&batch, 0, 10, &mut out, usize::MAX).unwrap_err();
            assert_eq!((error.sqlstate(), out.len()), ("2202E", 0), "{message}");
        }
    }
}

/// PostgreSQL's own row_to_json over the same values.
#[test]
fn documents() {
    let server = postgres();
    let text: ArrayRef = Arc::new(StringArray::from(vec![Some("a\"\\\n\u{1}é"), None, Some("")]));
    let float: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.5), Some(f64::NAN), Some(1e20)]));
    let stamp: ArrayRef = Arc::new(
        TimestampMicrosecondArray::from(vec![Some(1_700_000_000_123_000), Some(i64::MAX), None]).with_timezone("UTC"),
    );
    let ints: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(3)]));
    let list = list_of(vec![0, 2, 2, 3], ints, plain(DataType::Int32));
    let bools: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
    let columns = vec![("s", text), ("a \"f\"", float), ("t", stamp), ("l", list), ("b", bools)];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let document: ArrayRef = Arc::new(StructArray::new(fields.into(), arrays, None));
    let mut style = Style::default();
    style.set_date_style("German").unwrap();
    style.time_zone = Zone::parse("Asia/Kolkata").unwrap();
    let field = plain(document.data_type().clone());
    assert_eq!(wire_type(&field).oid, 114);
    let sql = "SET DateStyle = 'German'; SET TimeZone = 'Asia/Kolkata'; SELECT encode(convert_to(row_to_json(r)::text, 'UTF8'), 'hex')
        FROM (VALUES (E'a\"\\\\\\n\\u0001é', 1.5::float8, '2023-11-14T22:13:20.123Z'::timestamptz, '{1,NULL}'::int4[], true),
        (NULL, 'NaN', 'infinity', '{}', false), ('', 1e20, NULL, '{3}', NULL)) AS r(s, \"a \"\"f\"\"\", t, l, b)";
    let theirs = server.psql("postgres").expect(sql);
    for format in [Format::Text, Format::Binary] {
        let ours = encode_all(&field, &document, format, &style);
        let ours: Vec<String> = ours.iter().map(|value| String::from_utf8(value.clone().unwrap()).unwrap()).collect();
        let theirs: Vec<String> = theirs.lines().map(|line| String::from_utf8(unhex(line)).unwrap()).collect();
        assert_eq!(ours, theirs);
    }
    let item = plain(document.data_type().clone());
    let list = list_of(vec![0, 1, 3], document, item);
    let field = plain(list.data_type().clone());
    assert_eq!(wire_type(&field).oid, 114);
    let ours = encode_all(&field, &list, Format::Text, &style);
    let lines: Vec<String> = theirs.lines().map(|line| String::from_utf8(unhex(line)).unwrap()).collect();
    assert_eq!(ours[0].as_deref(), Some(format!("[{}]", lines[0]).as_bytes()));
    assert_eq!(ours[1].as_deref(), Some(format!("[{},{}]", lines[1], lines[2]).as_bytes()));
}
