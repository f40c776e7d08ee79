//! Each call and what PostgreSQL 17 prints for it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::*;

fn call(call: &str) -> Result<String> {
    let arguments: Vec<&str> = call.split('|').collect();
    let text = |at: usize| arguments.get(at).copied().unwrap_or_default();
    let numeric = |at: usize| Numeric::parse(text(at));
    let int = |at: usize| text(at).parse::<i32>().unwrap();
    let float = |at: usize| crate::float::parse_f64(text(at));
    let optional = |value: Option<i32>| value.map_or("NULL".to_owned(), |value| value.to_string());
    let result = match text(0) {
        "parse" => numeric(1)?,
        "add" => numeric(1)?.add(&numeric(2)?)?,
        "sub" => numeric(1)?.sub(&numeric(2)?)?,
        "mul" => numeric(1)?.mul(&numeric(2)?)?,
        "div" => numeric(1)?.div(&numeric(2)?)?,
        "divt" => numeric(1)?.div_trunc(&numeric(2)?)?,
        "mod" => numeric(1)?.rem(&numeric(2)?)?,
        "gcd" => numeric(1)?.gcd(&numeric(2)?)?,
        "lcm" => numeric(1)?.lcm(&numeric(2)?)?,
        "power" => numeric(1)?.power(&numeric(2)?)?,
        "logb" => numeric(1)?.log(&numeric(2)?)?,
        "round" => numeric(1)?.round(int(2))?,
        "trunc" => numeric(1)?.trunc(int(2))?,
        "typmod" => numeric(1)?.with_typmod(int(2), int(3))?,
        "ceil" => numeric(1)?.ceil()?,
        "floor" => numeric(1)?.floor()?,
        "sign" => numeric(1)?.sign(),
        "trim_scale" => numeric(1)?.trim_scale(),
        "sqrt" => numeric(1)?.sqrt()?,
        "exp" => numeric(1)?.exp()?,
        "ln" => numeric(1)?.ln()?,
        "log" => numeric(1)?.log10()?,
        "fac" => Numeric::factorial(i64::from(int(1)))?,
        "fromf8" => Numeric::from_f64(float(1)?),
        "fromf4" => Numeric::from_f32(crate::float::parse_f32(text(1))?),
        "cmp" => Numeric::from_i32(numeric(1)?.cmp(&numeric(2)?) as i32),
        "nwb" => Numeric::from_i32(numeric(1)?.width_bucket(&numeric(2)?, &numeric(3)?, int(4))?),
        "to2" => Numeric::from_i16(numeric(1)?.to_i16()?),
        "to4" => Numeric::from_i32(numeric(1)?.to_i32()?),
        "to8" => Numeric::from_i64(numeric(1)?.to_i64()?),
        "tof8" => return Ok(crate::float::format_f64(numeric(1)?.to_f64()?)),
        "tof4" => return Ok(crate::float::format_f32(numeric(1)?.to_f32()?)),
        "scale" => return Ok(optional(numeric(1)?.scale())),
        "min_scale" => return Ok(optional(numeric(1)?.min_scale())),
        _ => return aggregates(text(1)),
    };
    Ok(result.to_string())
}

/// sum, avg, var_pop, var_samp, stddev_pop, stddev_samp: each of two partial states.
fn aggregates(values: &str) -> Result<String> {
    let (mut sum, mut moments) = (Sum::default(), Moments::default());
    let (mut other_sum, mut other_moments) = (Sum::default(), Moments::default());
    for (at, value) in values.split(',').filter(|value| !value.is_empty()).enumerate() {
        let value = Numeric::parse(value)?;
        match at % 2 {
            0 => (sum.add(&value), moments.add(&value)),
            _ => (other_sum.add(&value), other_moments.add(&value)),
        };
    }
    sum.merge(&Sum::from_bytes(&other_sum.to_bytes()).unwrap());
    moments.merge(&Moments::from_bytes(&other_moments.to_bytes()).unwrap());
    let results = [
        sum.sum()?,
        sum.avg()?,
        moments.var_pop()?,
        moments.var_samp()?,
        moments.stddev_pop()?,
        moments.stddev_samp()?,
    ];
    let texts = results.map(|result| result.map_or("NULL".to_owned(), |result| result.to_string()));
    Ok(texts.join("/"))
}

#[test]
fn calls() {
    for (text, expected) in CALLS {
        let result = call(text).unwrap_or_else(|error| {
            let detail = error.detail.map_or(String::new(), |detail| format!("; {detail}"));
            format!("{}: {}{detail}", error.code, error.message)
        });
        assert_eq!(result, *expected, "{text}");
    }
}

#[test]
fn keys_and_hashes_go_by_value() {
    let ordered = [
        "-Infinity",
        "-1e131071",
        "-1e40",
        "-100.5",
        "-100",
        "-99.99",
        "-1",
        "-0.5",
        "-0.05",
        "-1e-16383",
        "0",
        "1e-16383",
        "0.05",
        "0.1",
        "0.11",
        "0.5",
        "1",
        "1.01",
        "9.9",
        "10",
        "99",
        "100",
        "101",
        "1e38",
        "1.00001e38",
        "1e40",
        "1e131071",
        "Infinity",
        "NaN",
    ];
    let numbers: Vec<Numeric> = ordered.iter().map(|text| Numeric::parse(text).unwrap()).collect();
    for (i, a) in numbers.iter().enumerate() {
        for (j, b) in numbers.iter().enumerate() {
            assert_eq!(a.cmp(b), i.cmp(&j), "{} {}", ordered[i], ordered[j]);
            assert_eq!(a.sort_key().cmp(&b.sort_key()), i.cmp(&j), "{} {}", ordered[i], ordered[j]);
        }
    }
    let hash = |value: &Numeric| {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    };
    for (a, b) in
        [("1", "1.000"), ("100", "100.0"), ("0", "0.00"), ("1e37", "1e37"), ("-2.50", "-2.5"), ("1e30", "1e30")]
    {
        let (a, b) = (Numeric::parse(a).unwrap(), Numeric::parse(b).unwrap().round(30).unwrap());
        assert_eq!((&a, hash(&a), a.sort_key()), (&b, hash(&b), b.sort_key()));
    }
}

#[test]
fn fixed_point() {
    for text in ["0.00", "-1.25", "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728"]
    {
        let number = Numeric::parse(text).unwrap();
        let scale = number.scale().unwrap();
        let unscaled = number.unscaled(scale).unwrap();
        assert_eq!(Numeric::from_unscaled(unscaled, scale).unwrap().to_string(), text);
        let wide = number.unscaled_256(scale).unwrap();
        assert_eq!(Numeric::from_unscaled_256(&wide, scale).unwrap().to_string(), text);
    }
    let wide = Numeric::parse("-12345678901234567890123456789012345678901234567890123.5").unwrap();
    let bytes = wide.unscaled_256(10).unwrap();
    assert_eq!(Numeric::from_unscaled_256(&bytes, 10).unwrap(), wide);
    assert_eq!(Numeric::parse("1.25").unwrap().unscaled(1), None);
    assert_eq!(Numeric::parse("1.20").unwrap().unscaled(1), Some(12));
    assert_eq!(Numeric::parse("1200").unwrap().unscaled(-2), Some(12));
    assert_eq!(Numeric::parse("1e39").unwrap().unscaled(0), None);
    assert_eq!(Numeric::parse("1e77").unwrap().unscaled_256(0), None);
    assert_eq!(Numeric::NAN.unscaled_256(0), None);
    assert_eq!(Numeric::from_unscaled(15, -3).unwrap().to_string(), "15000");
}

#[test]
fn integers_among_sums() {
    let mut sum = Sum::default();
    let mut moments = Moments::default();
    for value in [i64::MAX, i64::MAX, i64::MIN, 5] {
        sum.add_i64(value);
        moments.add_i64(value);
    }
    assert_eq!(sum.sum().unwrap().unwrap().to_string(), "9223372036854775811");
    assert_eq!(sum.avg().unwrap().unwrap().to_string(), "2305843009213693953");
    assert_eq!(moments.stddev_samp().unwrap().unwrap().to_string(), STDDEV_OF_BIGINTS);
    assert_eq!(Sum::from_bytes(b"short"), None);
}

const STDDEV_OF_BIGINTS: &str = "8830706413006553154";

/// Function and arguments, and the result: a text, or SQLSTATE, message and detail.
#[rustfmt::skip]
const CALLS: &[(&str, &str)] = &[
    ("parse| 1.50 ", "1.50"),
    ("parse|-.5", "-0.5"),
    ("parse|5.", "5"),
    ("parse|1e5", "100000"),
    ("parse|1.5e-3", "0.0015"),
    ("parse|1_000.000_1", "1000.0001"),
    ("parse|0x_ff", "255"),
    ("parse|-0b101", "-5"),
    ("parse|0o17", "15"),
    ("parse|nan", "NaN"),
    ("parse|-inf", "-Infinity"),
    ("parse| Infinity ", "Infinity"),
    ("parse|-0.00", "0.00"),
    ("parse|0e1000000", "0"),
    ("parse|170141183460469231731687303715884105728", "170141183460469231731687303715884105728"),
    ("parse|", "22P02: invalid input syntax for type numeric: \"\""),
    ("parse|1e", "22P02: invalid input syntax for type numeric: \"1e\""),
    ("parse|1__0", "22P02: invalid input syntax for type numeric: \"1__0\""),
    ("parse|1._5", "22P02: invalid input syntax for type numeric: \"1._5\""),
    ("parse|+NaN", "22P02: invalid input syntax for type numeric: \"+NaN\""),
    ("parse|0x", "22P02: invalid input syntax for type numeric: \"0x\""),
    ("parse|1.2.3", "22P02: invalid input syntax for type numeric: \"1.2.3\""),
    ("parse|1 2", "22P02: invalid input syntax for type numeric: \"1 2\""),
    ("parse|1e131072", "22003: value overflows numeric format"),
    ("parse|1e-16384", "22003: value overflows numeric format"),
    ("parse|1e9999999999", "22003: value overflows numeric format"),
    ("add|1.5|2.25", "3.75"),
    ("add|99999999999999999999999999999999999999|1", "100000000000000000000000000000000000000"),
    ("add|170141183460469231731687303715884105727|0.1", "170141183460469231731687303715884105727.1"),
    ("add|Infinity|-Infinity", "NaN"),
    ("add|-Infinity|1", "-Infinity"),
    ("add|9e131071|9e131071", "22003: value overflows numeric format"),
    ("sub|1.00|1", "0.00"),
    ("sub|NaN|1", "NaN"),
    ("sub|Infinity|Infinity", "NaN"),
    ("mul|1.50|-2.0", "-3.000"),
    ("mul|12345678901234567890.12|98765432109876543210.98", "1219326311370217952261414418287658588617.5176"),
    ("mul|0|Infinity", "NaN"),
    ("mul|-2|Infinity", "-Infinity"),
    ("mul|1e100000|1e100000", "22003: value overflows numeric format"),
    ("div|1|3", "0.33333333333333333333"),
    ("div|2|1", "2.0000000000000000"),
    ("div|1000000000|3", "333333333.33333333"),
    ("div|1|1000000000000", "0.00000000000100000000000000000000"),
    ("div|-7.00|2", "-3.5000000000000000"),
    ("div|1|7e-20", "14285714285714285714.28571428571428571429"),
    ("div|12345678901234567890123456789012345678|0.00000000003", "411522630041152263004115226300411522600000000000.00000000000"),
    ("div|0|5.000", "0.00000000000000000000"),
    ("div|1|0", "22012: division by zero"),
    ("div|Infinity|0", "22012: division by zero"),
    ("div|1|Infinity", "0"),
    ("div|Infinity|-2", "-Infinity"),
    ("div|NaN|0", "NaN"),
    ("divt|7.9|2", "3"),
    ("divt|-7|2", "-3"),
    ("divt|1e40|7", "1428571428571428571428571428571428571428"),
    ("divt|1|0", "22012: division by zero"),
    ("mod|7.5|2", "1.5"),
    ("mod|-7|3.00", "-1.00"),
    ("mod|1e40|7", "4"),
    ("mod|5|Infinity", "5"),
    ("mod|Infinity|5", "NaN"),
    ("mod|5|0", "22012: division by zero"),
    ("gcd|12.5|0.75", "0.25"),
    ("gcd|0|-5.0", "5.0"),
    ("gcd|330000000000000000000000000000000000000000000|180000000000000000000000000000000000000000", "60000000000000000000000000000000000000000"),
    ("gcd|1|NaN", "NaN"),
    ("lcm|12|-18.0", "36.0"),
    ("lcm|0.00|3", "0.00"),
    ("lcm|13|17", "221"),
    ("cmp|1.0|1.00", "0"),
    ("cmp|NaN|Infinity", "1"),
    ("cmp|NaN|NaN", "0"),
    ("cmp|-1e50|-1e51", "1"),
    ("cmp|1e40|1.0e40", "0"),
    ("cmp|-Infinity|-1e131071", "-1"),
    ("round|2.5|0", "3"),
    ("round|-2.5|0", "-3"),
    ("round|1234.567|-2", "1200"),
    ("round|1.2345|3", "1.235"),
    ("round|55|-2", "100"),
    ("round|1.5|3", "1.500"),
    ("round|999.9|0", "1000"),
    ("round|0.04|1", "0.0"),
    ("trunc|2.59|1", "2.5"),
    ("trunc|-2.5|0", "-2"),
    ("trunc|1234.5|-3", "1000"),
    ("ceil|1.1", "2"),
    ("ceil|-1.1", "-1"),
    ("ceil|NaN", "NaN"),
    ("floor|1.1", "1"),
    ("floor|-1.1", "-2"),
    ("floor|-0.5", "-1"),
    ("sign|-3.2", "-1"),
    ("sign|0.00", "0"),
    ("sign|Infinity", "1"),
    ("scale|1.500", "3"),
    ("scale|NaN", "NULL"),
    ("min_scale|1.500", "1"),
    ("min_scale|100", "0"),
    ("min_scale|0.00", "0"),
    ("trim_scale|1.500", "1.5"),
    ("trim_scale|100.00", "100"),
    ("trim_scale|0.00", "0"),
    ("trim_scale|1e50", "100000000000000000000000000000000000000000000000000"),
    ("typmod|1.255|3|2", "1.26"),
    ("typmod|9.995|3|2", "22003: numeric field overflow; A field with precision 3, scale 2 must round to an absolute value less than 10^1."),
    ("typmod|1234|2|-2", "1200"),
    ("typmod|99999|2|-3", "22003: numeric field overflow; A field with precision 2, scale -3 must round to an absolute value less than 10^5."),
    ("typmod|0.00123|2|4", "0.0012"),
    ("typmod|1|2|2", "22003: numeric field overflow; A field with precision 2, scale 2 must round to an absolute value less than 1."),
    ("typmod|Infinity|3|1", "22003: numeric field overflow; A field with precision 3, scale 1 cannot hold an infinite value."),
    ("typmod|NaN|3|1", "NaN"),
    ("to2|1.5", "2"),
    ("to2|-2.5", "-3"),
    ("to2|32767.4", "32767"),
    ("to2|32767.5", "22003: smallint out of range"),
    ("to2|NaN", "0A000: cannot convert NaN to smallint"),
    ("to4|2147483647.5", "22003: integer out of range"),
    ("to4|Infinity", "0A000: cannot convert infinity to integer"),
    ("to8|9223372036854775807.4", "9223372036854775807"),
    ("to8|-9223372036854775808.5", "22003: bigint out of range"),
    ("to8|1e50", "22003: bigint out of range"),
    ("tof8|0.1", "0.1"),
    ("tof8|1e308", "1e+308"),
    ("tof8|123456789012345678901234567890", "1.2345678901234568e+29"),
    ("tof4|0.1", "0.1"),
    ("tof4|1e39", "22003: \"1000000000000000000000000000000000000000\" is out of range for type real"),
    ("fromf8|0.1", "0.1"),
    ("fromf8|1e15", "1000000000000000"),
    ("fromf8|123456789.123456789", "123456789.123457"),
    ("fromf8|1.5", "1.5"),
    ("fromf8|NaN", "NaN"),
    ("fromf8|-Infinity", "-Infinity"),
    ("fromf8|0.30000000000000004", "0.3"),
    ("fromf4|0.1", "0.1"),
    ("fromf4|1234567", "1234570"),
    ("fromf4|1e20", "100000000000000000000"),
    ("fromf4|16777216", "16777200"),
    ("sqrt|2", "1.414213562373095"),
    ("sqrt|0.0001", "0.01000000000000000"),
    ("sqrt|1e20", "10000000000.00000"),
    ("sqrt|15241578753238836750495351562536198787501905199875019052100", "123456789012345678901234567890"),
    ("sqrt|-1", "2201F: cannot take square root of a negative number"),
    ("sqrt|Infinity", "Infinity"),
    ("sqrt|0.00", "0.000000000000000"),
    ("sqrt|1e-50", "0.00000000000000000000000010000000000000000000000000"),
    ("exp|1", "2.7182818284590452"),
    ("exp|0", "1.0000000000000000"),
    ("exp|-1.5", "0.2231301601484298"),
    ("exp|100", "26881171418161354484126255515800135873611119"),
    ("exp|6000", "22003: value overflows numeric format"),
    ("exp|-Infinity", "0"),
    ("exp|0.000000001", "1.0000000010000000"),
    ("ln|2", "0.6931471805599453"),
    ("ln|1", "0.0000000000000000"),
    ("ln|10", "2.3025850929940457"),
    ("ln|1.0000000001", "0.00000000009999999999500000"),
    ("ln|0.5", "-0.6931471805599453"),
    ("ln|1e131071", "301802.13072382256"),
    ("ln|0", "2201E: cannot take logarithm of zero"),
    ("ln|-1", "2201E: cannot take logarithm of a negative number"),
    ("log|1000", "3.0000000000000000"),
    ("log|2.5", "0.3979400086720376"),
    ("logb|2|1024", "10.0000000000000000"),
    ("logb|10|0.001", "-3.0000000000000000"),
    ("logb|0.5|3.00", "-1.5849625007211562"),
    ("logb|1|5", "22012: division by zero"),
    ("logb|Infinity|2", "0"),
    ("power|2|0.5", "1.4142135623730950"),
    ("power|2|100", "1267650600228229401496703205376"),
    ("power|1.1|-3", "0.7513148009015778"),
    ("power|10|-20", "0.000000000000000000010000000000000000"),
    ("power|0|0", "1.0000000000000000"),
    ("power|0|0.5", "0.0000000000000000"),
    ("power|0|-1", "2201F: zero raised to a negative power is undefined"),
    ("power|-8|0.333", "2201F: a negative number raised to a non-integer power yields a complex result"),
    ("power|-2|3", "-8.0000000000000000"),
    ("power|1.000000001|1000000", "1.0010005001662078"),
    ("power|10|131072", "22003: value overflows numeric format"),
    ("power|-Infinity|3", "-Infinity"),
    ("power|NaN|0", "1"),
    ("power|4|-0.5", "0.5000000000000000"),
    ("power|-3|4294967297", "22003: value overflows numeric format"),
    ("power|-1|4294967297", "-1.0000000000000000"),
    ("fac|0", "1"),
    ("fac|20", "2432902008176640000"),
    ("fac|34", "295232799039604140847618609643520000000"),
    ("fac|-1", "22003: factorial of a negative number is undefined"),
    ("fac|32178", "22003: value overflows numeric format"),
    ("nwb|5.35|0.024|10.06|5", "3"),
    ("nwb|-1|10|0|4", "5"),
    ("nwb|0|0|10|3", "1"),
    ("nwb|10|0|10|2147483647", "22003: integer out of range"),
    ("nwb|1|1|1|3", "2201G: lower bound cannot equal upper bound"),
    ("nwb|1|0|2|0", "2201G: count must be greater than zero"),
    ("nwb|NaN|0|2|3", "2201G: operand, lower bound, and upper bound cannot be NaN"),
    ("nwb|1|0|Infinity|3", "2201G: lower and upper bounds must be finite"),
    ("nagg|", "NULL/NULL/NULL/NULL/NULL/NULL"),
    ("nagg|1", "1/1.00000000000000000000/0/NULL/0/NULL"),
    ("nagg|1,2.50,3", "6.50/2.1666666666666667/0.72222222222222222222/1.08333333333333333333/0.84983658559879747167/1.04083299973306636764"),
    ("nagg|NaN,1", "NaN/NaN/NaN/NaN/NaN/NaN"),
    ("nagg|Infinity,-Infinity", "NaN/NaN/NaN/NaN/NaN/NaN"),
    ("nagg|1e131071,-1e131071,3", "22003: value overflows numeric format"),
    ("nagg|9e131071,9e131071", "22003: value overflows numeric format"),
    ("nagg|0.1,0.2,0.3", "0.6/0.20000000000000000000/0.00666666666666666667/0.01000000000000000000/0.08164965809277260329/0.10000000000000000000"),
    ("nagg|5.5,5.50", "11.00/5.5000000000000000/0/0/0/0"),
    ("nagg|600,470,170,430,300", "1970/394.0000000000000000/21704.000000000000/27130.000000000000/147.322774885623/164.711869639076"),
];
