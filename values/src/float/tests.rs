//! Each call and what PostgreSQL 17 prints for it.

use super::*;
use crate::Result;
use crate::numeric::integer;

fn call(call: &str) -> Result<String> {
    let arguments: Vec<&str> = call.split('|').collect();
    let text = |at: usize| arguments.get(at).copied().unwrap_or_default();
    let float = |at: usize| parse_f64(text(at));
    let int = |at: usize| text(at).parse::<i32>().unwrap();
    let big = |at: usize| text(at).parse::<i64>().unwrap();
    let result = match text(0) {
        "f8" => float(1)?,
        "fadd" => add_f64(float(1)?, float(2)?)?,
        "fmul" => mul_f64(float(1)?, float(2)?)?,
        "fdiv" => div_f64(float(1)?, float(2)?)?,
        "fpow" => power(float(1)?, float(2)?)?,
        "fsqrt" => sqrt(float(1)?)?,
        "fexp" => exp(float(1)?)?,
        "fln" => ln(float(1)?)?,
        "flog" => log10(float(1)?)?,
        "fcbrt" => cbrt(float(1)?)?,
        "fround" => round(float(1)?),
        "fsign" => sign(float(1)?),
        "fsin" => sin(float(1)?)?,
        "fcot" => cot(float(1)?)?,
        "fasin" => asin(float(1)?)?,
        "facosh" => acosh(float(1)?)?,
        "fatanh" => atanh(float(1)?)?,
        "fasinh" => asinh(float(1)?),
        "fsinh" => sinh(float(1)?),
        "ftanh" => tanh(float(1)?),
        "fsind" => sind(float(1)?)?,
        "fcosd" => cosd(float(1)?)?,
        "ftand" => tand(float(1)?)?,
        "fcotd" => cotd(float(1)?)?,
        "fasind" => asind(float(1)?)?,
        "facosd" => acosd(float(1)?)?,
        "fatand" => atand(float(1)?),
        "fatan2d" => atan2d(float(1)?, float(2)?),
        "fdegrees" => degrees(float(1)?)?,
        "fradians" => radians(float(1)?)?,
        "ferf" => erf(float(1)?),
        "ferfc" => erfc(float(1)?),
        "f4" => return parse_f32(text(1)).map(format_f32),
        "f8tof4" => return f64_to_f32(float(1)?).map(format_f32),
        "fcmp" => f64::from(compare_f64(float(1)?, float(2)?) as i32),
        "fwb" => f64::from(width_bucket(float(1)?, float(2)?, float(3)?, int(4))?),
        "f8to2" => return f64_to_i16(float(1)?).map(|value| value.to_string()),
        "f8to4" => return f64_to_i32(float(1)?).map(|value| value.to_string()),
        "f8to8" => return f64_to_i64(float(1)?).map(|value| value.to_string()),
        "fagg" => return moments(text(1)),
        "pagg" => return pair_moments(text(1)),
        "i2" => return integer::parse_i16(text(1)).map(|value| value.to_string()),
        "i4" => return integer::parse_i32(text(1)).map(|value| value.to_string()),
        "i8" => return integer::parse_i64(text(1)).map(|value| value.to_string()),
        "hex4" => return Ok(integer::to_hex_i32(int(1))),
        "bin4" => return Ok(integer::to_bin_i32(int(1))),
        "oct8" => return Ok(integer::to_oct_i64(big(1))),
        "igcd4" => return integer::gcd_i32(int(1), int(2)).map(|value| value.to_string()),
        "ilcm4" => return integer::lcm_i32(int(1), int(2)).map(|value| value.to_string()),
        "igcd8" => return integer::gcd_i64(big(1), big(2)).map(|value| value.to_string()),
        "ilcm8" => return integer::lcm_i64(big(1), big(2)).map(|value| value.to_string()),
        "shl2" => return Ok(integer::shift_left_i16(int(1) as i16, int(2)).to_string()),
        "shl4" => return Ok(integer::shift_left_i32(int(1), int(2)).to_string()),
        "shr4" => return Ok(integer::shift_right_i32(int(1), int(2)).to_string()),
        "shl8" => return Ok(integer::shift_left_i64(big(1), int(2)).to_string()),
        other => unreachable!("{other}"),
    };
    Ok(format_f64(result))
}

fn join(results: &[Option<f64>]) -> String {
    let texts: Vec<String> = results.iter().map(|result| result.map_or("NULL".to_owned(), format_f64)).collect();
    texts.join("/")
}

fn moments(values: &str) -> Result<String> {
    let mut state = Moments::default();
    for value in values.split(',').filter(|value| !value.is_empty()) {
        state.add(parse_f64(value)?)?;
    }
    Ok(join(&[state.avg(), state.var_pop(), state.var_samp(), state.stddev_pop(), state.stddev_samp()]))
}

/// Of pairs y:x.
fn pair_moments(values: &str) -> Result<String> {
    let mut state = PairMoments::default();
    for pair in values.split(',').filter(|value| !value.is_empty()) {
        let (y, x) = pair.split_once(':').unwrap();
        state.add(parse_f64(y)?, parse_f64(x)?)?;
    }
    Ok(join(&[
        Some(state.regr_count() as f64),
        state.regr_sxx(),
        state.regr_syy(),
        state.regr_sxy(),
        state.regr_avgx(),
        state.regr_avgy(),
        state.covar_pop(),
        state.covar_samp(),
        state.corr(),
        state.regr_r2(),
        state.regr_slope(),
        state.regr_intercept(),
    ]))
}

#[test]
fn calls() {
    for (text, expected) in CALLS {
        let result = call(text).unwrap_or_else(|error| format!("{}: {}", error.code, error.message));
        assert_eq!(result, *expected, "{text}");
    }
}

#[test]
fn partial_states_merge() {
    let values = [1.0, 2.5, -4.0, 8.0, 16.0, 0.25];
    let (mut all, mut left, mut right) = (Moments::default(), Moments::default(), Moments::default());
    let (mut all_pairs, mut left_pairs, mut right_pairs) =
        (PairMoments::default(), PairMoments::default(), PairMoments::default());
    for (at, value) in values.into_iter().enumerate() {
        let square = value * value;
        all.add(value).unwrap();
        all_pairs.add(square, value).unwrap();
        let (part, pairs) = if at < 2 { (&mut left, &mut left_pairs) } else { (&mut right, &mut right_pairs) };
        part.add(value).unwrap();
        pairs.add(square, value).unwrap();
    }
    left.merge(&Moments::from_parts(right.to_parts())).unwrap();
    left_pairs.merge(&PairMoments::from_parts(right_pairs.to_parts())).unwrap();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} {b}");
    left.to_parts().into_iter().zip(all.to_parts()).for_each(|(a, b)| near(a, b));
    left_pairs.to_parts().into_iter().zip(all_pairs.to_parts()).for_each(|(a, b)| near(a, b));
}

/// Function and arguments, and the result: a text, or SQLSTATE and message.
#[rustfmt::skip]
const CALLS: &[(&str, &str)] = &[
    ("f8|0.1", "0.1"),
    ("f8| 1e15 ", "1e+15"),
    ("f8|999999999999999", "999999999999999"),
    ("f8|0.0001", "0.0001"),
    ("f8|0.00001", "1e-05"),
    ("f8|123456789012345678", "1.2345678901234568e+17"),
    ("f8|1e23", "9.999999999999999e+22"),
    ("f8|9007199254740993", "9.007199254740992e+15"),
    ("f8|5e-324", "5e-324"),
    ("f8|-0", "-0"),
    ("f8|nan", "NaN"),
    ("f8|-INF", "-Infinity"),
    ("f8|0x1.8p3", "12"),
    ("f8|0x1p-1075", "22003: \"0x1p-1075\" is out of range for type double precision"),
    ("f8|1e400", "22003: \"1e400\" is out of range for type double precision"),
    ("f8|1e-400", "22003: \"1e-400\" is out of range for type double precision"),
    ("f8|", "22P02: invalid input syntax for type double precision: \"\""),
    ("f8|1x", "22P02: invalid input syntax for type double precision: \"1x\""),
    ("f8|1e", "22P02: invalid input syntax for type double precision: \"1e\""),
    ("f8|nan(", "22P02: invalid input syntax for type double precision: \"nan(\""),
    ("f8|1_0", "22P02: invalid input syntax for type double precision: \"1_0\""),
    ("f8|2251799813685248.75", "2.251799813685249e+15"),
    ("f8|1.7976931348623157e308", "1.7976931348623157e+308"),
    ("f8|0e-999", "0"),
    ("f8|6e21", "6e+21"),
    ("f8|9e15", "9e+15"),
    ("f4|0.1", "0.1"),
    ("f4|1e6", "1e+06"),
    ("f4|999999", "999999"),
    ("f4|0.0001", "0.0001"),
    ("f4|0.00001", "1e-05"),
    ("f4|16777217", "1.6777216e+07"),
    ("f4|33554432", "3.3554432e+07"),
    ("f4|3.5e38", "22003: \"3.5e38\" is out of range for type real"),
    ("f4|1e-46", "22003: \"1e-46\" is out of range for type real"),
    ("f4|x", "22P02: invalid input syntax for type real: \"x\""),
    ("f4|1e-45", "1e-45"),
    ("f4|8388608.5", "8.388608e+06"),
    ("fadd|1e308|1e308", "22003: value out of range: overflow"),
    ("fadd|Infinity|-Infinity", "NaN"),
    ("fmul|1e-200|1e-200", "22003: value out of range: underflow"),
    ("fmul|1e200|1e200", "22003: value out of range: overflow"),
    ("fmul|0.1|3", "0.30000000000000004"),
    ("fdiv|1|0", "22012: division by zero"),
    ("fdiv|NaN|0", "NaN"),
    ("fdiv|1e-300|1e300", "22003: value out of range: underflow"),
    ("fdiv|1|Infinity", "0"),
    ("fcmp|NaN|Infinity", "1"),
    ("fcmp|NaN|NaN", "0"),
    ("fcmp|-0|0", "0"),
    ("f8to2|32767.5", "22003: smallint out of range"),
    ("f8to2|-32768.5", "-32768"),
    ("f8to2|2.5", "2"),
    ("f8to2|3.5", "4"),
    ("f8to2|NaN", "22003: smallint out of range"),
    ("f8to4|2147483647.4", "2147483647"),
    ("f8to4|2147483647.5", "22003: integer out of range"),
    ("f8to8|9223372036854775807", "22003: bigint out of range"),
    ("f8to8|-9223372036854775808", "-9223372036854775808"),
    ("f8tof4|0.1", "0.1"),
    ("f8tof4|1e39", "22003: value out of range: overflow"),
    ("f8tof4|1e-50", "22003: value out of range: underflow"),
    ("fpow|2|0.5", "1.4142135623730951"),
    ("fpow|0|-1", "2201F: zero raised to a negative power is undefined"),
    ("fpow|-8|0.5", "2201F: a negative number raised to a non-integer power yields a complex result"),
    ("fpow|10|400", "22003: value out of range: overflow"),
    ("fpow|10|-400", "22003: value out of range: underflow"),
    ("fpow|NaN|0", "1"),
    ("fpow|1|NaN", "1"),
    ("fpow|-1|Infinity", "1"),
    ("fpow|-Infinity|-3", "-0"),
    ("fpow|-Infinity|3", "-Infinity"),
    ("fpow|0.5|-Infinity", "Infinity"),
    ("fsqrt|2", "1.4142135623730951"),
    ("fsqrt|-1", "2201F: cannot take square root of a negative number"),
    ("fexp|1", "2.718281828459045"),
    ("fexp|710", "22003: value out of range: overflow"),
    ("fexp|-800", "22003: value out of range: underflow"),
    ("fexp|-Infinity", "0"),
    ("fln|0", "2201E: cannot take logarithm of zero"),
    ("fln|-1", "2201E: cannot take logarithm of a negative number"),
    ("fln|10", "2.302585092994046"),
    ("fln|1", "0"),
    ("flog|1000", "3"),
    ("flog|0", "2201E: cannot take logarithm of zero"),
    ("fcbrt|27", "3"),
    ("fcbrt|-8", "-2"),
    ("fround|2.5", "2"),
    ("fround|3.5", "4"),
    ("fround|-0.4", "-0"),
    ("fsign|-3", "-1"),
    ("fsign|NaN", "0"),
    ("fsign|-0", "0"),
    ("fsin|Infinity", "22003: input is out of range"),
    ("fsin|1", "0.8414709848078965"),
    ("fcot|0", "Infinity"),
    ("fasin|1.5", "22003: input is out of range"),
    ("fasin|1", "1.5707963267948966"),
    ("facosh|0.5", "22003: input is out of range"),
    ("facosh|2", "1.3169578969248166"),
    ("fatanh|1", "Infinity"),
    ("fatanh|2", "22003: input is out of range"),
    ("fatanh|0.5", "0.5493061443340548"),
    ("fasinh|0.3", "0.29567304756342244"),
    ("fasinh|-1e10", "-23.7189981105004"),
    ("fsinh|1000", "Infinity"),
    ("ftanh|0.5", "0.46211715726000974"),
    ("fsind|0", "0"),
    ("fcosd|0", "1"),
    ("ftand|0", "0"),
    ("fcotd|0", "Infinity"),
    ("fsind|30", "0.5"),
    ("fcosd|30", "0.8660254037844387"),
    ("ftand|30", "0.5773502691896257"),
    ("fcotd|30", "1.7320508075688774"),
    ("fsind|45", "0.7071067811865475"),
    ("fcosd|45", "0.7071067811865475"),
    ("ftand|45", "1"),
    ("fcotd|45", "1"),
    ("fsind|60", "0.8660254037844387"),
    ("fcosd|60", "0.5"),
    ("ftand|60", "1.7320508075688774"),
    ("fcotd|60", "0.5773502691896257"),
    ("fsind|90", "1"),
    ("fcosd|90", "0"),
    ("ftand|90", "Infinity"),
    ("fcotd|90", "0"),
    ("fsind|120", "0.8660254037844387"),
    ("fcosd|120", "-0.5"),
    ("ftand|120", "-1.7320508075688774"),
    ("fcotd|120", "-0.5773502691896257"),
    ("fsind|135", "0.7071067811865475"),
    ("fcosd|135", "-0.7071067811865475"),
    ("ftand|135", "-1"),
    ("fcotd|135", "-1"),
    ("fsind|150", "0.5"),
    ("fcosd|150", "-0.8660254037844387"),
    ("ftand|150", "-0.5773502691896257"),
    ("fcotd|150", "-1.7320508075688774"),
    ("fsind|180", "0"),
    ("fcosd|180", "-1"),
    ("ftand|180", "0"),
    ("fcotd|180", "-Infinity"),
    ("fsind|270", "-1"),
    ("fcosd|270", "0"),
    ("ftand|270", "-Infinity"),
    ("fcotd|270", "0"),
    ("fsind|330", "-0.5"),
    ("fcosd|330", "0.8660254037844387"),
    ("ftand|330", "-0.5773502691896257"),
    ("fcotd|330", "-1.7320508075688774"),
    ("fsind|360", "0"),
    ("fcosd|360", "1"),
    ("ftand|360", "0"),
    ("fcotd|360", "Infinity"),
    ("fsind|-30", "-0.5"),
    ("fcosd|-30", "0.8660254037844387"),
    ("ftand|-30", "-0.5773502691896257"),
    ("fcotd|-30", "-1.7320508075688774"),
    ("fasind|0.5", "30"),
    ("fasind|-1", "-90"),
    ("fasind|2", "22003: input is out of range"),
    ("facosd|0.5", "60"),
    ("facosd|-0.5", "120"),
    ("fatand|1", "45"),
    ("fatan2d|1|-1", "135"),
    ("fatan2d|0|-1", "180"),
    ("fdegrees|1", "57.29577951308232"),
    ("fradians|180", "3.141592653589793"),
    ("ferf|0.5", "0.5204998778130465"),
    ("ferfc|0", "1"),
    ("fwb|5.35|0.024|10.06|5", "3"),
    ("fwb|1|1|1|3", "2201G: lower bound cannot equal upper bound"),
    ("fwb|1|0|2|0", "2201G: count must be greater than zero"),
    ("fwb|NaN|0|2|3", "2201G: operand, lower bound, and upper bound cannot be NaN"),
    ("fwb|Infinity|0|2|3", "4"),
    ("fwb|0|-1e308|1e308|10", "6"),
    ("fwb|2|2|0|2", "1"),
    ("fagg|", "NULL/NULL/NULL/NULL/NULL"),
    ("fagg|1", "1/0/NULL/0/NULL"),
    ("fagg|1,2,4", "2.3333333333333335/1.5555555555555556/2.3333333333333335/1.247219128924647/1.5275252316519468"),
    ("fagg|NaN", "NaN/NaN/NULL/NaN/NULL"),
    ("fagg|Infinity,1", "Infinity/NaN/NaN/NaN/NaN"),
    ("fagg|1e308,1e308", "22003: value out of range: overflow"),
    ("pagg|", "0/NULL/NULL/NULL/NULL/NULL/NULL/NULL/NULL/NULL/NULL/NULL"),
    ("pagg|1:2", "1/0/0/0/2/1/0/NULL/NULL/NULL/NULL/NULL"),
    ("pagg|1:2,1:3", "2/0.5/0/0/2.5/1/0/0/NULL/1/0/1"),
    ("pagg|NaN:1,2:2", "2/0.5/NaN/NaN/1.5/NaN/NaN/NaN/NaN/NaN/NaN/NaN"),
    ("i2|32767", "32767"),
    ("i2|-32768", "-32768"),
    ("i2|32768", "22003: value \"32768\" is out of range for type smallint"),
    ("i2|99999999999x", "22003: value \"99999999999x\" is out of range for type smallint"),
    ("i2|32769x", "22P02: invalid input syntax for type smallint: \"32769x\""),
    ("i2| 7 ", "7"),
    ("i2|0x7fff", "32767"),
    ("i4|2147483648", "22003: value \"2147483648\" is out of range for type integer"),
    ("i4|-0x80000000", "-2147483648"),
    ("i4|1_000", "1000"),
    ("i4|_1", "22P02: invalid input syntax for type integer: \"_1\""),
    ("i4|0x_f", "15"),
    ("i4|0b102", "22P02: invalid input syntax for type integer: \"0b102\""),
    ("i4|", "22P02: invalid input syntax for type integer: \"\""),
    ("i4|1.0", "22P02: invalid input syntax for type integer: \"1.0\""),
    ("i4|99999999999x", "22003: value \"99999999999x\" is out of range for type integer"),
    ("i8|-9223372036854775808", "-9223372036854775808"),
    ("i8|9223372036854775808", "22003: value \"9223372036854775808\" is out of range for type bigint"),
    ("i8|0o777", "511"),
    ("hex4|-1", "ffffffff"),
    ("hex4|255", "ff"),
    ("bin4|5", "101"),
    ("oct8|-1", "1777777777777777777777"),
    ("igcd4|12|-18", "6"),
    ("igcd4|-2147483648|0", "22003: integer out of range"),
    ("ilcm4|12|-18", "36"),
    ("ilcm4|2147483647|2", "22003: integer out of range"),
    ("igcd8|0|0", "0"),
    ("ilcm8|-9223372036854775808|1", "22003: bigint out of range"),
    ("shl4|1|33", "2"),
    ("shl4|1|-1", "-2147483648"),
    ("shr4|-8|1", "-4"),
    ("shl2|1|15", "-32768"),
    ("shl2|1|17", "0"),
    ("shl8|1|63", "-9223372036854775808"),
];
