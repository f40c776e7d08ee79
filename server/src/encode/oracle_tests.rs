//! The encoder against a real PostgreSQL: what it writes in binary is loaded there, and what PostgreSQL then prints, in
//! every style, must be what the encoder prints; and both forms must read back as parameters.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, OnceLock};

use arrow::array::*;
use arrow::buffer::*;
use arrow::datatypes::*;
use bytes::BytesMut;
use weir_connectors::pgtype;
use weir_tests::postgres::Postgres;

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
    let oid = wire_type(field).oid;
    let style = Style::default();
    let text = encode_all(field, array, Format::Text, &style);
    for (format, values) in [(Format::Text, &text[..]), (Format::Binary, binary)] {
        for (row, value) in values.iter().enumerate() {
            let scalar = match decode_parameter(oid, format, value.as_deref(), &style) {
                Ok(scalar) => scalar,
                Err(error) if error.sqlstate() == "0A000" => continue,
                Err(error) if error.message() == "interval out of range" => continue,
                Err(error) if error.message() == "value overflows numeric format" => continue,
                Err(error) => panic!("{name} row {row} {format:?}: {error}"),
            };
            let read = scalar.to_array().unwrap();
            let read_field = Field::new("v", read.data_type().clone(), true).with_metadata(field.metadata().clone());
            let again = encode_all(&read_field, &read, Format::Text, &style);
            let shown = |value: &Option<Vec<u8>>| value.as_ref().map(|v| String::from_utf8_lossy(v).into_owned());
            assert_eq!(shown(&again[0]), shown(&text[row]), "{name} row {row} read back from {format:?}");
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

#[test]
fn integers_and_bools() {
    let _server = postgres();
    let bools = BooleanArray::from(mixed(&[true, false], |random| random.below(2) == 1));
    check("bool", "bool", "boolsend", plain(DataType::Boolean), Arc::new(bools));
    let int8 = Int64Array::from(mixed(&[0, 1, -1, 9, 10, 99, 100, i64::MAX, i64::MIN], Random::any_width));
    check("int8", "int8", "int8send", plain(DataType::Int64), Arc::new(int8));
    let int4 = Int32Array::from(mixed(&[0, i32::MAX, i32::MIN], |random| random.any_width() as i32));
    check("int4", "int4", "int4send", plain(DataType::Int32), Arc::new(int4));
    let int2 = Int16Array::from(mixed(&[0, i16::MAX, i16::MIN], |random| random.any_width() as i16));
    check("int2", "int2", "int2send", plain(DataType::Int16), Arc::new(int2));
    let int1 = Int8Array::from(mixed(&[0, i8::MAX, i8::MIN], |random| random.any_width() as i8));
    check("int1", "int2", "int2send", plain(DataType::Int8), Arc::new(int1));
    let uint1 = UInt8Array::from(mixed(&[0, u8::MAX], |random| random.next() as u8));
    check("uint1", "int2", "int2send", plain(DataType::UInt8), Arc::new(uint1));
    let uint2 = UInt16Array::from(mixed(&[0, u16::MAX], |random| random.next() as u16));
    check("uint2", "int4", "int4send", plain(DataType::UInt16), Arc::new(uint2));
    let uint4 = UInt32Array::from(mixed(&[0, u32::MAX], |random| random.next() as u32));
    check("uint4", "int8", "int8send", plain(DataType::UInt32), Arc::new(uint4.clone()));
    check("oid", "oid", "oidsend", marked(DataType::UInt32, "oid", -1), Arc::new(uint4));
    let uint8 = UInt64Array::from(mixed(&[0, u64::MAX, 10_000, 9_999], |random| random.any_width() as u64));
    check("uint8", "numeric", "numeric_send", plain(DataType::UInt64), Arc::new(uint8));
}

#[test]
fn floats() {
    let _server = postgres();
    let mut special = vec![
        0.0,
        -0.0,
        1.0,
        0.1,
        0.2 + 0.1,
        1e300,
        1e-300,
        1e15,
        1e14,
        123_456_789_012_345.6,
        999_999_999_999_999.9,
        1e-4,
        1e-5,
        0.00012345,
        5e-324,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e22,
        1e23,
        9.5e-3,
        2_f64.powi(-44),
        2_f64.powi(89),
        123.456,
        -0.5,
        100.0,
        12_345.678_9,
        1.000_05,
        0.000_05,
        4.35,
        1e21,
        1.5e16,
    ];
    special.extend((-1074..1024).map(|exponent| 2_f64.powi(exponent)));
    special.extend((0..23).map(|exponent| 9_007_199_254_740_993.0 * 10_f64.powi(exponent)));
    let float8 = mixed(&special, |random| match random.below(4) {
        0 => f64::from_bits(random.next()),
        1 => random.any_width() as f64 / 100.0,
        2 => random.any_width() as f64 / 1e7,
        _ => (random.below(1_000_000) as f64 / 1000.0) * 10_f64.powi(random.below(40) as i32 - 20),
    });
    check("float8", "float8", "float8send", plain(DataType::Float64), Arc::new(Float64Array::from(float8)));
    let mut special =
        vec![0.0, -0.0, 1.0, 0.1, 1e30, 1e-30, 1e5, 1e6, 123_456.7, 1e-4, 1e-5, 1e-45, f32::MAX, f32::NAN];
    special.extend([f32::INFINITY, f32::NEG_INFINITY, 16_777_216.0, 33_554_432.0, 8_589_934_592.0]);
    special.extend((-149..128).map(|exponent| 2_f32.powi(exponent)));
    let float4 = mixed(&special, |random| match random.below(3) {
        0 => f32::from_bits(random.next() as u32),
        1 => random.below(100_000) as f32 / 100.0,
        _ => random.any_width() as f32,
    });
    check("float4", "float4", "float4send", plain(DataType::Float32), Arc::new(Float32Array::from(float4)));
}

#[test]
fn numerics() {
    let _server = postgres();
    for scale in [0_i8, 1, 2, 4, 5, 9, 18, 19, 37] {
        let largest = 10_i128.pow(38) - 1;
        let special = [0, 1, -1, 9_999, 10_000, 100_000_000, largest, -largest, 1_000_000_000_000_000_000_000];
        let values = mixed(&special, |random| {
            let wide = i128::from(random.any_width()) * i128::from(random.next() as i64);
            let shift = random.below(120);
            (wide >> shift).clamp(-largest, largest)
        });
        let array = Decimal128Array::from(values).with_precision_and_scale(38, scale).unwrap();
        let name = format!("numeric{scale}");
        check(&name, "numeric", "numeric_send", plain(DataType::Decimal128(38, scale)), Arc::new(array));
    }
    let largest = i256::from_string(&"9".repeat(76)).unwrap();
    for scale in [0_i8, 3, 40, 76] {
        let special = [i256::ZERO, i256::ONE, i256::MINUS_ONE, largest, i256::from_i128(i128::MIN)];
        let values = mixed(&special, |random| {
            let part = |random: &mut Random| i256::from_i128(i128::from(random.any_width()));
            part(random).wrapping_mul(part(random)).wrapping_mul(part(random)).wrapping_mul(i256::from_i128(7))
        });
        let array = Decimal256Array::from(values).with_precision_and_scale(76, scale).unwrap();
        let name = format!("wide_numeric{scale}");
        check(&name, "numeric", "numeric_send", plain(DataType::Decimal256(76, scale)), Arc::new(array));
    }
    let texts = ["0", "1.50", "-0.0001", "12345678901234567890.123", "NaN", "1e3", "0.00", "100000000", "-99999.9999"];
    let canonical =
        ["0", "1.50", "-0.0001", "12345678901234567890.123", "NaN", "1000", "0.00", "100000000", "-99999.9999"];
    let text_array: ArrayRef = Arc::new(StringArray::from_iter_values(texts));
    let field = marked(DataType::Utf8, "numeric", -1);
    let ours = encode_all(&field, &text_array, Format::Binary, &Style::default());
    let listed: Vec<String> = canonical.iter().map(|text| format!("('{text}'::numeric)")).collect();
    let sql = format!("SELECT encode(numeric_send(v), 'hex') FROM (VALUES {}) AS t(v)", listed.join(","));
    let theirs = postgres().psql("postgres").expect(&sql);
    assert_eq!(ours.iter().map(|value| hex(value.as_ref().unwrap())).collect::<Vec<_>>().join("\n"), theirs);
}

#[test]
fn dates_and_times() {
    let _server = postgres();
    let special =
        [0, -1, 10_957, 19_782, -719_528, -719_529, -719_162, -719_163, 2_932_896, 2_932_897, i32::MAX, i32::MIN];
    let ends = [-2_440_588, 2_145_042_905];
    let dates = mixed(&[&special[..], &ends[..]].concat(), |random| match random.below(3) {
        0 => random.within(-2_440_588, 2_145_042_905) as i32,
        1 => random.within(-1_000_000, 3_000_000) as i32,
        _ => random.within(0, 30_000) as i32,
    });
    check("date", "date", "date_send", plain(DataType::Date32), Arc::new(Date32Array::from(dates)));
    let millis = mixed(&[0, -1, 86_400_000], |random| random.within(-80_000_000_000_000, 80_000_000_000_000));
    check("date64", "date", "date_send", plain(DataType::Date64), Arc::new(Date64Array::from(millis)));
    let special = [0, 1, 86_399_999_999, 86_400_000_000, 3_600_000_000, 100_000, 45_296_120_000];
    let times = Time64MicrosecondArray::from(mixed(&special, |random| random.within(0, 86_399_999_999)));
    check("time", "time", "time_send", plain(DataType::Time64(TimeUnit::Microsecond)), Arc::new(times));
    let seconds = Time32SecondArray::from(mixed(&[0, 86_399], |random| random.within(0, 86_399) as i32));
    check("time_s", "time", "time_send", plain(DataType::Time32(TimeUnit::Second)), Arc::new(seconds));
    let nanos = Time64NanosecondArray::from(mixed(&[0, 999], |random| random.within(0, 86_399_999_999_999)));
    check("time_ns", "time", "time_send", plain(DataType::Time64(TimeUnit::Nanosecond)), Arc::new(nanos));
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

#[test]
fn timestamps() {
    let _server = postgres();
    let special = [0, -1, 1, i64::MAX, i64::MIN, i64::MAX - 1, -210_866_803_200_000_000, 1_709_164_800_000_000];
    let micros = mixed(&special, any_timestamp);
    let field = plain(DataType::Timestamp(TimeUnit::Microsecond, None));
    check("timestamp", "timestamp", "timestamp_send", field, Arc::new(TimestampMicrosecondArray::from(micros)));
    let field = plain(DataType::Timestamp(TimeUnit::Nanosecond, None));
    let nanos = TimestampNanosecondArray::from(mixed(&[0, -1, 999, -999], Random::any_width));
    check("timestamp_ns", "timestamp", "timestamp_send", field, Arc::new(nanos));
    let field = plain(DataType::Timestamp(TimeUnit::Second, None));
    let seconds = TimestampSecondArray::from(mixed(&[0, -1], |random| random.within(-60_000_000_000, 250_000_000_000)));
    check("timestamp_s", "timestamp", "timestamp_send", field, Arc::new(seconds));
}

#[test]
fn instants() {
    let _server = postgres();
    // From 1970 on: before, time zone databases differ. Far futures are as good, for the rules repeat.
    let special = [0, 1, i64::MAX, i64::MIN, i64::MAX - 1, 1_711_846_799_999_999, 1_711_846_800_000_000];
    let micros = mixed(&special, |random| match random.below(3) {
        0 => random.within(0, i64::MAX - 1),
        1 => random.within(0, 8_000_000_000_000_000),
        _ => random.within(1_000_000_000, 2_000_000_000) * 1_000_000,
    });
    let array = TimestampMicrosecondArray::from(micros).with_timezone("UTC");
    let field = plain(DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
    check("timestamptz", "timestamptz", "timestamptz_send", field, Arc::new(array));
}

#[test]
fn intervals() {
    let _server = postgres();
    let make = IntervalMonthDayNano::new;
    let special = [
        make(0, 0, 0),
        make(12, 0, 0),
        make(-14, 3, 0),
        make(1, 1, 1_000_000_000),
        make(0, -1, 1_000_000_000),
        make(0, 1, -1_000_000_000),
        make(0, 0, -500_000_000),
        make(0, 0, 500_000_000),
        make(-1, -1, -1_000),
        make(24, 0, 0),
        make(25, 0, 0),
        make(0, 2, 0),
        make(0, 0, 1_000_000_000),
        make(0, 0, -3_600_000_000_000),
        make(-12, 0, 60_000_000_000),
        make(0, 0, 360_000_000_000_000),
        make(i32::MAX, 0, 0),
        make(i32::MIN, i32::MIN, 1000),
        make(1, -1, 0),
        make(-1, 1, 0),
        make(0, 0, 2_500_000_000),
        make(0, 0, -1_000_000_000),
        make(0, 0, 61_000_000_000),
        make(3, 0, 7_200_000_000_000),
    ];
    let values = mixed(&special, |random| {
        let part = |random: &mut Random| if random.below(3) == 0 { 0 } else { random.any_width() };
        make(part(random) as i32, part(random) as i32, part(random) / 1000 * 1000)
    });
    let field = plain(DataType::Interval(IntervalUnit::MonthDayNano));
    check("interval", "interval", "interval_send", field, Arc::new(IntervalMonthDayNanoArray::from(values)));
    let months = IntervalYearMonthArray::from(mixed(&[0, 12, -13], |random| random.any_width() as i32));
    let field = plain(DataType::Interval(IntervalUnit::YearMonth));
    check("interval_ym", "interval", "interval_send", field, Arc::new(months));
    let days = mixed(&[], |random| IntervalDayTime::new(random.any_width() as i32, random.any_width() as i32));
    let field = plain(DataType::Interval(IntervalUnit::DayTime));
    check("interval_dt", "interval", "interval_send", field, Arc::new(IntervalDayTimeArray::from(days)));
    let millis = DurationMillisecondArray::from(mixed(&[0, 1], |random| random.any_width() / 1_000_000));
    let field = plain(DataType::Duration(TimeUnit::Millisecond));
    check("duration", "interval", "interval_send", field, Arc::new(millis));
}

fn any_text(random: &mut Random) -> String {
    let alphabet: Vec<char> = "ab \"\\{},'\t\nnullNULL\u{7f}éß漢😀/%".chars().collect();
    (0..random.below(40)).map(|_| alphabet[random.below(alphabet.len() as u64) as usize]).collect()
}

#[test]
fn strings_and_bytes() {
    let _server = postgres();
    let special = ["", "NULL", " ", "a"].map(str::to_owned);
    let texts = mixed(&special, any_text);
    let utf8: ArrayRef = Arc::new(StringArray::from(texts.clone()));
    check("text", "text", "textsend", plain(DataType::Utf8), utf8.clone());
    check("text_slice", "text", "textsend", plain(DataType::Utf8), utf8.slice(7, 500));
    check(
        "text_large",
        "text",
        "textsend",
        plain(DataType::LargeUtf8),
        Arc::new(LargeStringArray::from(texts.clone())),
    );
    let views = StringViewArray::from_iter(texts.iter().map(Option::as_deref));
    check("text_view", "text", "textsend", plain(DataType::Utf8View), Arc::new(views));
    check("varchar", "varchar(60)", "varcharsend", marked(DataType::Utf8, "varchar", 64), utf8);
    let short = texts.iter().map(|text| text.as_ref().map(|text| text.trim_end_matches(' ').to_owned()));
    let short: ArrayRef = Arc::new(StringArray::from_iter(short));
    check("bpchar", "char(45)", "bpcharsend", marked(DataType::Utf8, "bpchar", 49), short);
    let bytes = mixed(&[vec![], vec![0], vec![255, 92]], |random| {
        (0..random.below(60)).map(|_| random.next() as u8).collect::<Vec<u8>>()
    });
    let slices: Vec<Option<&[u8]>> = bytes.iter().map(Option::as_deref).collect();
    check("bytea", "bytea", "byteasend", plain(DataType::Binary), Arc::new(BinaryArray::from(slices.clone())));
    let views = BinaryViewArray::from_iter(slices);
    check("bytea_view", "bytea", "byteasend", plain(DataType::BinaryView), Arc::new(views));
}

#[test]
fn types_kept_as_strings() {
    let _server = postgres();
    let hex_digits =
        |random: &mut Random, len: u64| (0..len).map(|_| format!("{:x}", random.below(16))).collect::<String>();
    let uuids = mixed(&[], |random| [8, 4, 4, 4, 12].map(|len| hex_digits(random, len)).join("-"));
    let strings = |values: Vec<Option<String>>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    check("uuid", "uuid", "uuid_send", marked(DataType::Utf8, "uuid", -1), strings(uuids));
    let fixed = mixed(&[[0_u8; 16], [255; 16]], |random| std::array::from_fn(|_| random.next() as u8));
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(fixed.into_iter(), 16).unwrap();
    check("uuid_bytes", "uuid", "uuid_send", marked(DataType::FixedSizeBinary(16), "uuid", -1), Arc::new(fixed));
    let documents =
        || mixed(&["null".to_owned(), "{\"a\": [1, \"x\"]}".to_owned()], |random| format!("[{}]", random.any_width()));
    check("json", "json", "json_send", marked(DataType::Utf8, "json", -1), strings(documents()));
    check("jsonb", "jsonb", "jsonb_send", marked(DataType::Utf8, "jsonb", -1), strings(documents()));
    let addresses =
        mixed(&["::1/128", "fe80::1:2/64"].map(|text| text.trim_end_matches("/128").to_owned()), |random| {
            let address: std::net::IpAddr = std::net::Ipv4Addr::from(random.next() as u32).into();
            match random.below(33) {
                32 => address.to_string(),
                bits => format!("{address}/{bits}"),
            }
        });
    check("inet", "inet", "inet_send", marked(DataType::Utf8, "inet", -1), strings(addresses));
    let macs = mixed(&[], |random| (0..6).map(|_| hex_digits(random, 2)).collect::<Vec<_>>().join(":"));
    check("macaddr", "macaddr", "macaddr_send", marked(DataType::Utf8, "macaddr", -1), strings(macs));
    let bits = || {
        mixed(&["1".to_owned()], |random| {
            (0..random.below(30)).map(|_| if random.below(2) == 0 { '0' } else { '1' }).collect()
        })
    };
    check("varbit", "varbit", "varbit_send", marked(DataType::Utf8, "varbit", -1), strings(bits()));
    let times = mixed(&["24:00:00+00".to_owned(), "10:11:12.5-03:30".to_owned()], |random| {
        format!("{:02}:{:02}:{:02}+{:02}", random.below(24), random.below(60), random.below(60), random.below(15))
    });
    check("timetz", "timetz", "timetz_send", marked(DataType::Utf8, "timetz", -1), strings(times));
    let letters =
        mixed(&["r".to_owned()], |random| char::from(b'!' + random.below(90) as u8).to_string().replace('\\', "x"));
    check("char", "\"char\"", "charsend", marked(DataType::Utf8, "char", -1), strings(letters.clone()));
    check("name", "name", "namesend", marked(DataType::Utf8, "name", -1), strings(letters));
}

#[test]
fn encodings_of_arrow() {
    let _server = postgres();
    let keys = Int16Array::from(mixed(&[0, 1, 2, 3], |random| random.below(4) as i16));
    let values: ArrayRef =
        Arc::new(StringArray::from(vec![Some("a"), None, Some("longer than twelve bytes"), Some("")]));
    let dictionary = DictionaryArray::new(keys, values.clone());
    let field = plain(dictionary.data_type().clone());
    check("dictionary", "text", "textsend", field, Arc::new(dictionary));
    let runs = RunArray::<Int32Type>::try_new(&Int32Array::from(vec![3, 4, 10, 11]), &values).unwrap();
    let runs: ArrayRef = Arc::new(runs);
    check("runs", "text", "textsend", plain(runs.data_type().clone()), runs.clone());
    check("runs_slice", "text", "textsend", plain(runs.data_type().clone()), runs.slice(2, 7));
    check("nulls", "text", "textsend", plain(DataType::Null), Arc::new(NullArray::new(5)));
}

fn list_of(offsets: Vec<i32>, items: ArrayRef, item: Field) -> ArrayRef {
    Arc::new(ListArray::new(Arc::new(item), OffsetBuffer::new(offsets.into()), items, None))
}

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

/// Bytes that aren't the type's binary form.
#[test]
fn broken_binary_parameters_are_refused() {
    let decode = |oid, bytes: &[u8]| decode_parameter(oid, Format::Binary, Some(bytes), &Style::default());
    assert_eq!(decode(23, &[0, 0, 1]).unwrap_err().sqlstate(), "08P01");
    assert_eq!(decode(23, &[0, 0, 0, 0, 1]).unwrap_err().sqlstate(), "22P03");
    assert_eq!(decode(25, &[0xff]).unwrap_err().message(), "invalid byte sequence for encoding \"UTF8\": 0xff");
    assert_eq!(decode(3802, &[]).unwrap_err().sqlstate(), "08P01");
    let mut random = Random(4711);
    for oid in super::types::table().flat_map(|(_, oid, array, _)| [oid, array]) {
        for len in 0..40 {
            let bytes: Vec<u8> = (0..len).map(|_| random.next() as u8 >> random.below(8)).collect();
            // Whatever comes, it is a value or an error.
            let _value_or_error = decode(oid, &bytes).is_ok();
            let _value_or_error = decode_parameter(oid, Format::Text, Some(&bytes), &Style::default()).is_ok();
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

/// The OIDs, lengths and array types of the table in types.rs are those of pg_type.
#[test]
fn type_table_is_pg_type() {
    let rows = postgres()
        .psql("postgres")
        .expect("SELECT typname, oid, typarray, typlen FROM pg_type WHERE typtype = 'b' AND typarray <> 0");
    let known: Vec<String> =
        super::types::table().map(|(name, oid, array, len)| format!("{name}|{oid}|{array}|{len}")).collect();
    for row in &known {
        assert!(rows.lines().any(|line| line == row), "{row} isn't in pg_type");
    }
    assert!(known.len() > 30);
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
        ("numeric", 1700, "1.2.3"),
        ("date", 1082, "2024-02-30"),
        ("date", 1082, "nonsense"),
        ("timestamp", 1114, "2024-13-01 00:00:00"),
        ("timestamptz", 1184, "hello"),
        ("time", 1083, "25:00:00"),
        ("interval", 1186, "three days"),
        ("uuid", 2950, "123"),
        ("bytea", 17, "\\xzz"),
        ("bytea", 17, "\\x123"),
        ("int4[]", 1007, "{1,2"),
        ("oid", 26, "a"),
    ];
    for (sql_type, oid, text) in faults {
        let theirs = server.psql("postgres").fails(&format!("SELECT '{text}'::{sql_type}"));
        let ours = decode_parameter(oid, Format::Text, Some(text.as_bytes()), &Style::default()).unwrap_err();
        let theirs = (theirs.sqlstate.unwrap_or_default(), theirs.message);
        assert_eq!((ours.sqlstate().to_owned(), ours.message().to_owned()), theirs, "{sql_type} {text}");
    }
}
