//! The encoder against a real PostgreSQL: what it writes in binary is loaded there, and what PostgreSQL then prints, in
//! every style, must be what the encoder prints; and both forms must read back as parameters.

mod arrays;
mod datetime;
mod numbers;
mod params;
mod strings;

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, OnceLock};

use arrow::array::*;
use arrow::buffer::*;
use arrow::datatypes::*;
use bytes::BytesMut;
use weir_connectors::pgtype;
use weir_tests::postgres::Postgres;

use datafusion::common::ScalarValue;

use super::types::oid;
use super::*;

const SEEDED_ROWS: usize = 1500;

/// Seeded pseudo-random numbers (xorshift64*), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Numbers of every magnitude, small ones as often as large ones.
    fn any_width(&mut self) -> i64 {
        let shift = self.below(64);
        (self.next() as i64) >> shift
    }

    fn within(&mut self, first: i64, last: i64) -> i64 {
        let width = i128::from(last) - i128::from(first) + 1;
        (i128::from(first) + i128::from(self.next()) % width) as i64
    }
}

/// The settings to compare under: one SET per line, and the style that says the same.
fn styles() -> Vec<(String, Style)> {
    let mut all = Vec::new();
    let interval_styles = ["postgres", "postgres_verbose", "sql_standard", "iso_8601"];
    let zones = ["UTC", "America/New_York", "Asia/Kolkata", "Europe/Berlin"];
    for (index, date) in ["ISO", "SQL", "Postgres", "German"].iter().enumerate() {
        for (turn, order) in ["DMY", "MDY", "YMD"].iter().enumerate() {
            let turn = index + turn;
            let mut style = Style::default();
            let date_style = format!("{date}, {order}");
            style.set_date_style(&date_style).unwrap();
            style.interval_style = IntervalStyle::parse(interval_styles[index]).unwrap();
            style.time_zone = Zone::parse(zones[turn % 4]).unwrap();
            style.extra_float_digits = [1, 0, -3, 3][index];
            style.bytea_output = if index == 1 { ByteaOutput::Escape } else { ByteaOutput::Hex };
            let bytea = if index == 1 { "escape" } else { "hex" };
            let set = format!(
                "SET DateStyle = '{date_style}'; SET IntervalStyle = {}; SET TimeZone = '{}'; \
                 SET extra_float_digits = {}; SET bytea_output = {bytea};",
                interval_styles[index],
                zones[turn % 4],
                style.extra_float_digits
            );
            all.push((set, style));
        }
    }
    all
}

/// One server for all tests of the run, ended when the process has no more use for it.
fn postgres() -> Arc<Postgres> {
    static SERVER: OnceLock<std::sync::Mutex<std::sync::Weak<Postgres>>> = OnceLock::new();
    let mut shared = SERVER.get_or_init(Default::default).lock().unwrap();
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(Postgres::start());
        *shared = Arc::downgrade(&server);
        server
    })
}

/// The values of a one-column result, `None` for NULL.
fn encode_all(field: &Field, array: &ArrayRef, format: Format, style: &Style) -> Vec<Option<Vec<u8>>> {
    let schema = Arc::new(Schema::new(vec![field.clone()]));
    let batch = RecordBatch::try_new(schema.clone(), vec![array.clone()]).unwrap();
    let mut encoder = RowEncoder::new(&schema, &[format], style).unwrap();
    let (mut out, mut from) = (BytesMut::new(), 0);
    while from < batch.num_rows() {
        // A limit that cuts the batch into pieces shows that the pieces join.
        let limit = out.len() + 1000;
        from += encoder.encode(&batch, from, 100, &mut out, limit).unwrap();
    }
    fields_of(&out)
}

fn fields_of(mut rows: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut fields = Vec::new();
    while !rows.is_empty() {
        assert_eq!(rows[0], b'D');
        let len = i32::from_be_bytes(rows[1..5].try_into().unwrap()) as usize;
        assert_eq!(rows[5..7], [0, 1]);
        let value_len = i32::from_be_bytes(rows[7..11].try_into().unwrap());
        let value = usize::try_from(value_len).ok().map(|value_len| rows[11..11 + value_len].to_vec());
        assert_eq!(len, 10 + value.as_ref().map_or(0, Vec::len));
        fields.push(value);
        rows = &rows[1 + len..];
    }
    fields
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Writes the values as a binary COPY file that the server can read.
fn copy_file(server: &Postgres, name: &str, values: &[Option<Vec<u8>>]) -> String {
    let mut file = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for (index, value) in values.iter().enumerate() {
        file.extend(2_i16.to_be_bytes());
        file.extend(4_i32.to_be_bytes());
        file.extend((index as i32).to_be_bytes());
        match value {
            Some(value) => {
                file.extend((value.len() as i32).to_be_bytes());
                file.extend(value);
            }
            None => file.extend((-1_i32).to_be_bytes()),
        }
    }
    file.extend((-1_i16).to_be_bytes());
    let path = server.folder().join(name);
    std::fs::write(&path, file).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    path.display().to_string()
}

/// Compares both forms of every value with PostgreSQL's own, and reads them back. `sql_type` is as in CREATE TABLE, `send`
/// the function that gives its binary form.
fn check(name: &str, sql_type: &str, send: &str, field: Field, array: ArrayRef) {
    let server = postgres();
    let binary = encode_all(&field, &array, Format::Binary, &Style::default());
    let path = copy_file(&server, name, &binary);
    let styles = styles();
    let mut script = format!("CREATE TEMP TABLE t (id int4, v {sql_type}); COPY t FROM '{path}' (FORMAT binary);");
    write!(script, "SELECT 'x' || encode({send}(v), 'hex') FROM t ORDER BY id;").unwrap();
    // A cast to text isn't the output function for every type: true and char(n).
    let output = send.replace("send", "out");
    for (set, _) in &styles {
        write!(script, "{set} SELECT 'x' || encode(convert_to({output}(v)::text, 'UTF8'), 'hex') FROM t ORDER BY id;")
            .unwrap();
    }
    let printed = server.psql("postgres").expect(&script);
    let mut lines = printed.lines();
    let mut compare = |what: &str, ours: &[Option<Vec<u8>>]| {
        for (row, value) in ours.iter().enumerate() {
            let theirs = lines.next().unwrap_or_else(|| panic!("{name}: PostgreSQL's answer ends at row {row}"));
            let ours_hex = value.as_ref().map_or(weir_tests::psql::NULL.to_owned(), |value| format!("x{}", hex(value)));
            if ours_hex != theirs {
                let text = value.as_ref().map(|value| String::from_utf8_lossy(value).into_owned());
                let theirs = unhex(theirs.trim_start_matches('x'));
                panic!("{name} row {row} {what}: ours {text:?}, PostgreSQL's {:?}", String::from_utf8_lossy(&theirs));
            }
        }
    };
    compare("binary", &binary);
    for (set, style) in &styles {
        compare(set, &encode_all(&field, &array, Format::Text, style));
    }
    check_parameters(name, &field, &array, &binary);
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// Reads both forms back as parameters: the text that comes of the value again is the same.
fn check_parameters(name: &str, field: &Field, array: &ArrayRef, binary: &[Option<Vec<u8>>]) {
    let type_oid = wire_type(field).oid;
    let style = Style::default();
    let text = encode_all(field, array, Format::Text, &style);
    for (format, values) in [(Format::Text, &text[..]), (Format::Binary, binary)] {
        for (row, value) in values.iter().enumerate() {
            let scalar = match decode_parameter(type_oid, format, value.as_deref(), &style) {
                Ok(scalar) => scalar,
                Err(error) if error.sqlstate() == "0A000" => continue,
                Err(error) if error.message() == "interval out of range" => continue,
                Err(error) => panic!("{name} row {row} {format:?}: {error}"),
            };
            let shown = |value: &Option<Vec<u8>>| value.as_ref().map(|v| String::from_utf8_lossy(v).into_owned());
            let again = match scalar {
                // Their input functions read more than their output functions print.
                ScalarValue::Utf8(_) if [oid::MONEY, oid::INET, oid::CIDR, oid::TIMETZ].contains(&type_oid) => continue,
                ScalarValue::Utf8(text) => text,
                scalar => {
                    let read = scalar.to_array().unwrap();
                    let read_field =
                        Field::new("v", read.data_type().clone(), true).with_metadata(field.metadata().clone());
                    shown(&encode_all(&read_field, &read, Format::Text, &style)[0])
                }
            };
            assert_eq!(again, shown(&text[row]), "{name} row {row} read back from {format:?}");
        }
    }
}

fn plain(data_type: DataType) -> Field {
    Field::new("v", data_type, true)
}

fn marked(data_type: DataType, typname: &str, typmod: i32) -> Field {
    pgtype::mark(plain(data_type), typname, typmod)
}

/// `special` and seeded values, every ninth of them NULL.
fn mixed<T: Clone>(special: &[T], mut random: impl FnMut(&mut Random) -> T) -> Vec<Option<T>> {
    let mut source = Random(0x9E37_79B9_7F4A_7C15);
    let seeded: Vec<T> = (0..SEEDED_ROWS).map(|_| random(&mut source)).collect();
    let all = special.iter().cloned().chain(seeded).enumerate();
    all.map(|(index, value)| (index % 9 != 8).then_some(value)).collect()
}

/// Microseconds from 1970: anywhere in the type, in the years that people use, and whole seconds.
fn any_timestamp(random: &mut Random) -> i64 {
    match random.below(4) {
        0 => random.within(-210_866_803_200_000_000, i64::MAX - 1),
        1 => random.within(-62_135_596_800_000_000, 253_402_300_799_999_999),
        2 => random.within(0, 4_000_000_000) * 1_000_000,
        _ => random.within(0, 4_000_000_000_000) * 1000,
    }
}

fn any_text(random: &mut Random) -> String {
    let alphabet: Vec<char> = "ab \"\\{},'\t\nnullNULL\u{7f}éß漢😀/%".chars().collect();
    (0..random.below(40)).map(|_| alphabet[random.below(alphabet.len() as u64) as usize]).collect()
}

fn list_of(offsets: Vec<i32>, items: ArrayRef, item: Field) -> ArrayRef {
    Arc::new(ListArray::new(Arc::new(item), OffsetBuffer::new(offsets.into()), items, None))
}

#[test]
fn what_cannot_be_sent_is_refused() {
    let schema = Schema::new(vec![plain(DataType::Int64)]);
    let encoder = |formats: &[Format]| RowEncoder::new(&schema, formats, &Style::default());
    assert_eq!(encoder(&[Format::Text; 2]).err().unwrap().sqlstate(), "08P01");
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let other = RecordBatch::try_from_iter([("v", floats)]).unwrap();
    let error = encoder(&[]).unwrap().encode(&other, 0, 1, &mut BytesMut::new(), usize::MAX).unwrap_err();
    assert_eq!(error.sqlstate(), "XX000");
    // 4715 BC, and a second that has no microseconds.
    for seconds in [-210_866_803_201, i64::MAX] {
        let field = plain(DataType::Timestamp(TimeUnit::Second, None));
        let array: ArrayRef = Arc::new(TimestampSecondArray::from(vec![0, seconds]));
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = RecordBatch::try_new(schema.clone(), vec![array]).unwrap();
        for format in [Format::Text, Format::Binary] {
            let mut encoder = RowEncoder::new(&schema, &[format], &Style::default()).unwrap();
            let mut out = BytesMut::new();
            let error = encoder.encode(&batch, 0, 2, &mut out, usize::MAX).unwrap_err();
            assert_eq!((error.sqlstate(), error.message()), ("22008", "timestamp out of range"));
            assert_eq!(fields_of(&out).len(), 1, "the row before the fault stands");
        }
    }
}

/// Values whose Arrow form is known beforehand, so that an error which both of our forms share would show.
#[test]
fn anchors() {
    let server = postgres();
    let one = |array: ArrayRef| array;
    let anchors: Vec<(&str, ArrayRef)> = vec![
        ("date_send('2024-02-29')", one(Arc::new(Date32Array::from(vec![19_782])))),
        ("time_send('01:02:03.5')", one(Arc::new(Time64MicrosecondArray::from(vec![3_723_500_000])))),
        ("timestamp_send('1970-01-01 00:00:01')", one(Arc::new(TimestampSecondArray::from(vec![1])))),
        ("timestamp_send('1969-12-31 23:59:59.999999')", one(Arc::new(TimestampNanosecondArray::from(vec![-1])))),
        (
            "interval_send('1 year 2 days 3.5 sec')",
            one(Arc::new(IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(12, 2, 3_500_000_000)]))),
        ),
        (
            "numeric_send(-12.50)",
            one(Arc::new(Decimal128Array::from(vec![-1250]).with_precision_and_scale(9, 2).unwrap())),
        ),
        ("int8send(1234567890123)", one(Arc::new(Int64Array::from(vec![1_234_567_890_123])))),
        ("float8send(0.1)", one(Arc::new(Float64Array::from(vec![0.1])))),
    ];
    for (sql, array) in anchors {
        let ours = encode_all(&plain(array.data_type().clone()), &array, Format::Binary, &Style::default());
        let theirs = server.psql("postgres").expect(&format!("SELECT encode({sql}, 'hex')"));
        assert_eq!(hex(ours[0].as_ref().unwrap()), theirs, "{sql}");
    }
}

/// The OIDs, lengths and array types of the table in types.rs are those of PostgreSQL 17's pg_type.
#[test]
fn type_table_is_pg_type() {
    let rows = Postgres::start_17()
        .psql("postgres")
        .expect("SELECT typname, oid, typarray, typlen FROM pg_type WHERE typtype IN ('b', 'p', 'r', 'm')");
    let known: Vec<String> =
        super::types::table().map(|(name, oid, array, len)| format!("{name}|{oid}|{array}|{len}")).collect();
    for row in &known {
        assert!(rows.lines().any(|line| line == row), "{row} isn't in pg_type");
    }
    assert!(known.len() > 30);
}
