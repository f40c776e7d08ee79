//! Ranges and multiranges as PostgreSQL 17 computes them.

use super::*;

/// As `daterange`, of days: infinity has no successor.
struct Days;

impl Subtype for Days {
    type Value = i32;

    fn read(&self, text: &str) -> Result<i32> {
        match text {
            "infinity" => Ok(i32::MAX),
            "-infinity" => Ok(i32::MIN),
            _ => text.parse().map_err(|_| ValueError::invalid_text("date", text)),
        }
    }

    fn print(&self, value: &i32, out: &mut String) {
        match *value {
            i32::MAX => out.push_str("infinity"),
            i32::MIN => out.push_str("-infinity"),
            day => out.push_str(&day.to_string()),
        }
    }

    fn compare(&self, a: &i32, b: &i32) -> Ordering {
        a.cmp(b)
    }

    fn successor(&self, value: &i32) -> Option<Result<i32>> {
        if [i32::MIN, i32::MAX].contains(value) { None } else { Some(Ok(value + 1)) }
    }

    fn sort_key(&self, value: &i32, out: &mut Vec<u8>) {
        Int4.sort_key(value, out);
    }
}

/// As a range of texts, which isn't discrete.
struct Texts;

impl Subtype for Texts {
    type Value = String;

    fn read(&self, text: &str) -> Result<String> {
        Ok(text.to_owned())
    }

    fn print(&self, value: &String, out: &mut String) {
        out.push_str(value);
    }

    fn compare(&self, a: &String, b: &String) -> Ordering {
        a.cmp(b)
    }

    fn sort_key(&self, value: &String, out: &mut Vec<u8>) {
        out.extend(value.bytes());
        out.push(0);
    }
}

/// A range or a multirange.
fn spans<S: Subtype>(subtype: &S, text: &str) -> Vec<Span<S::Value>> {
    match text.starts_with('{') {
        true => parse_multirange(subtype, text).unwrap(),
        false => parse_range(subtype, text).unwrap().into_iter().collect(),
    }
}

fn range_text<S: Subtype>(subtype: &S, range: Result<Range<S::Value>>) -> String {
    let mut text = String::new();
    match range {
        Ok(range) => print_range(subtype, range.as_ref(), &mut text),
        Err(error) => text = error.detail.unwrap_or(error.message),
    }
    text
}

fn multirange_text(ranges: Result<Multirange<i32>>) -> String {
    let mut text = String::new();
    match ranges {
        Ok(ranges) => print_multirange(&Int4, &ranges, &mut text),
        Err(error) => text = error.detail.unwrap_or(error.message),
    }
    text
}

#[test]
fn ranges_are_read_and_printed() {
    for (text, printed) in [
        ("[1,5]", "[1,6)"),
        ("(1,5)", "[2,5)"),
        ("(4,5)", "empty"),
        (" Empty ", "empty"),
        (" [ 1 , 2 ] ", "[1,3)"),
        ("[,]", "(,)"),
        ("[\"1\",0x10)", "[1,16)"),
        ("[1,2147483647]", "integer out of range"),
        ("[5,1]", "range lower bound must be less than or equal to range upper bound"),
        ("[a,1]", "invalid input syntax for type integer: \"a\""),
        ("[1,99999999999]", "value \"99999999999\" is out of range for type integer"),
        ("1,2]", "Missing left parenthesis or bracket."),
        ("empty x", "Junk after \"empty\" key word."),
        ("[1]", "Missing comma after lower bound."),
        ("[1,2,3]", "Too many commas."),
        ("[1,2] x", "Junk after right parenthesis or bracket."),
        ("[1,2", "Unexpected end of input."),
    ] {
        assert_eq!(range_text(&Int4, parse_range(&Int4, text)), printed, "{text}");
    }
    for (text, printed) in [
        ("[a b,\"c\"\"\\d\")", "[\"a b\",\"c\"\"d\")"),
        ("[\"\",é]", "[\"\",é]"),
        ("(a,\\)", "Unexpected end of input."),
        ("(a,b\\\\)", "(a,\"b\\\\\")"),
    ] {
        assert_eq!(range_text(&Texts, parse_range(&Texts, text)), printed, "{text}");
    }
    for (text, printed) in [("[-infinity,infinity]", "[-infinity,infinity]"), ("(1,infinity)", "[2,infinity)")] {
        assert_eq!(range_text(&Days, parse_range(&Days, text)), printed, "{text}");
    }
    assert_eq!(range_text(&Int8, parse_range(&Int8, "[1,9223372036854775807]")), "bigint out of range");
}

#[test]
fn multiranges_are_read_and_printed() {
    for (text, printed) in [
        ("{}", "{}"),
        (" { [5,6] , empty, [1,3), [3,4) } ", "{[1,4),[5,7)}"),
        ("[1,2}", "Missing left brace."),
        ("{1}", "Expected range start."),
        ("{[1,2],}", "Expected range start."),
        ("{[1,2] [3,4]}", "Expected comma or end of multirange."),
        ("{[1,2]} x", "Junk after closing right brace."),
        ("{[1,2}", "Unexpected end of input."),
        ("{[1]}", "Missing comma after lower bound."),
    ] {
        assert_eq!(multirange_text(parse_multirange(&Int4, text)), printed, "{text}");
    }
}

#[test]
fn ranges_are_constructed() {
    assert_eq!(range_text(&Int4, range(&Int4, Some(1), Some(5), Some("[]"))), "[1,6)");
    assert_eq!(range_text(&Int4, range(&Int4, None, Some(5), Some("()"))), "(,5)");
    let error = range(&Int4, Some(1), None, Some("x")).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), ("42601", "invalid range bound flags"));
    let error = range(&Int4, Some(1), None, None).unwrap_err();
    assert_eq!(error.message, "range constructor flags argument must not be null");
    let error = multirange(&Int4, [None]).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), ("22004", "multirange values cannot contain null members"));
}

#[test]
fn bounds_are_told() {
    let spans = spans(&Int4, "{(,3),[5,6)}");
    assert_eq!((lower(&spans), upper(&spans)), (None, Some(&6)));
    assert_eq!(
        (lower_inc(&spans), upper_inc(&spans), lower_inf(&spans), upper_inf(&spans)),
        (false, false, true, false)
    );
    assert!(!isempty(&spans) && !lower_inf::<i32>(&[]) && isempty::<i32>(&[]));
}

#[test]
fn ranges_are_related() {
    type Relation = fn(&Int4, &[Span<i32>], &[Span<i32>]) -> bool;
    let relations: [(&str, Relation); 7] = [
        ("@>", contains),
        ("&&", overlaps),
        ("<<", before),
        (">>", after),
        ("&<", overleft),
        ("&>", overright),
        ("-|-", adjacent),
    ];
    for (a, b, holding) in [
        ("[1,5)", "[2,3)", "@> &&"),
        ("[1,5)", "[5,6)", "<< &< -|-"),
        ("[1,5)", "empty", "@>"),
        ("empty", "[1,5)", ""),
        ("{[1,3),[5,9)}", "[6,7)", "@> &&"),
        ("{[1,3),[5,9)}", "[2,6)", "&&"),
        ("[2,6)", "{[1,3),[5,9)}", "&& &< &>"),
        ("{[1,3),[5,9)}", "{[3,5),[9,10)}", "&<"),
        ("(,)", "{[1,3),[5,9)}", "@> &&"),
        ("[7,9)", "{[1,3),[5,6)}", ">> &>"),
    ] {
        let (x, y) = (spans(&Int4, a), spans(&Int4, b));
        let found: Vec<&str> =
            relations.iter().filter(|(_, holds)| holds(&Int4, &x, &y)).map(|(name, _)| *name).collect();
        let expected: Vec<&str> = holding.split_ascii_whitespace().collect();
        assert_eq!(found, expected, "{a} {b}");
    }
    let ranges = spans(&Int4, "{[1,3),[5,9)}");
    let inside: Vec<i32> = (0..11).filter(|element| contains_element(&Int4, &ranges, element)).collect();
    assert_eq!(inside, [1, 2, 5, 6, 7, 8]);
}

#[test]
fn ranges_are_combined() {
    for (operator, a, b, result) in [
        ("+", "[1,3)", "[3,5)", "[1,5)"),
        ("+", "[1,3)", "[4,5)", "result of range union would not be contiguous"),
        ("+", "empty", "[4,5)", "[4,5)"),
        ("-", "[1,9)", "[5,20)", "[1,5)"),
        ("-", "[1,9)", "[2,3)", "result of range difference would not be contiguous"),
        ("-", "[1,9)", "[1,9)", "empty"),
        ("*", "[1,9)", "[5,20)", "[5,9)"),
        ("*", "[1,2)", "[5,20)", "empty"),
    ] {
        let (x, y) = (parse_range(&Int4, a).unwrap(), parse_range(&Int4, b).unwrap());
        let range = match operator {
            "+" => range_union(&Int4, &x, &y),
            "-" => range_minus(&Int4, &x, &y),
            _ => Ok(range_intersect(&Int4, &x, &y)),
        };
        assert_eq!(range_text(&Int4, range), result, "{a} {operator} {b}");
    }
    let (a, b) = (spans(&Int4, "{[1,5),[10,20)}"), spans(&Int4, "{[3,12),[15,16)}"));
    assert_eq!(multirange_text(Ok(union(&Int4, &a, &b))), "{[1,20)}");
    assert_eq!(multirange_text(Ok(minus(&Int4, &a, &b))), "{[1,3),[12,15),[16,20)}");
    assert_eq!(multirange_text(Ok(intersect(&Int4, &a, &b))), "{[3,5),[10,12),[15,16)}");
    assert_eq!(range_text(&Int4, Ok(range_merge(&Int4, &a, &b))), "[1,20)");
}

#[test]
fn ranges_are_aggregated() {
    let mut sum = RangeAgg::default();
    assert_eq!(sum.clone().finish(&Int4), None);
    for start in 0..5000 {
        sum.add(&Int4, range(&Int4, Some(start), Some(start + 1), Some("[)")).unwrap().as_slice());
    }
    assert_eq!(multirange_text(Ok(sum.finish(&Int4).unwrap())), "{[0,5000)}");
    let common = range_intersect_agg(&Int4, None, &spans(&Int4, "[1,5)"));
    let common = range_intersect_agg(&Int4, Some(common), &spans(&Int4, "[3,7)"));
    assert_eq!(multirange_text(Ok(common)), "{[3,5)}");
}

#[test]
fn ranges_are_ordered() {
    let ordered = ["empty", "(,1)", "(,)", "[1,2)", "[1,3)", "[1,)", "[2,3)", "{[2,3),[5,6)}"];
    for (at, a) in ordered.iter().enumerate() {
        for (other, b) in ordered.iter().enumerate() {
            let (x, y) = (spans(&Int4, a), spans(&Int4, b));
            assert_eq!(compare(&Int4, &x, &y), at.cmp(&other), "{a} {b}");
            let (mut x_key, mut y_key) = (Vec::new(), Vec::new());
            sort_key(&Int4, &x, &mut x_key);
            sort_key(&Int4, &y, &mut y_key);
            assert_eq!(x_key.cmp(&y_key), at.cmp(&other), "{a} {b}");
        }
    }
    let (inclusive, exclusive) = (spans(&Texts, "[a,b]"), spans(&Texts, "[a,b)"));
    assert_eq!(compare(&Texts, &inclusive, &exclusive), Ordering::Greater);
}
