//! Integers, bools, floats and numerics.

use super::*;

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
