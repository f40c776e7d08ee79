//! Arrays as PostgreSQL 17 reads and prints them.

use super::*;

fn ints(text: &str) -> Array<i32> {
    Array::parse_with(text, b',', |item| item.parse().map_err(|_| ValueError::invalid_text("integer", item))).unwrap()
}

fn shown(array: &Array<i32>) -> String {
    let mut text = String::new();
    print_array(array, b',', &mut text, |item, out| out.push_str(&item.to_string())).unwrap();
    text
}

fn shown_or_error(array: Result<Array<i32>>) -> String {
    array.map_or_else(|error| error.detail.unwrap_or(error.message), |array| shown(&array))
}

#[test]
fn arrays_are_read_and_printed() {
    for (text, printed) in [
        ("{}", "{}"),
        ("{{},{}}", "{}"),
        (" { 1 , a b } ", "{1,\"a b\"}"),
        ("{NULL,null,\"NULL\",NU\\LL}", "{NULL,NULL,\"NULL\",\"NULL\"}"),
        (r#"{"a\"b",c\\d,"",\{}"#, r#"{"a\"b","c\\d","","{"}"#),
        ("{a\\ ,é}", "{\"a \",é}"),
        ("{{1,2},{3,4}}", "{{1,2},{3,4}}"),
        ("[2:3]={a,b}", "[2:3]={a,b}"),
        ("[1:2]={a,b}", "{a,b}"),
        ("[0:1][-1:0] = {{a,b},{c,d}}", "[0:1][-1:0]={{a,b},{c,d}}"),
    ] {
        assert_eq!(Array::parse(text).unwrap().print().unwrap(), printed, "{text}");
    }
}

#[test]
fn malformed_arrays_are_told_in_detail() {
    for (text, detail) in [
        ("", "Array value must start with \"{\" or dimension information."),
        ("{1", "Unexpected end of input."),
        ("{}}", "Junk after closing right brace."),
        ("{1,}", "Unexpected \"}\" character."),
        ("{,1}", "Unexpected \",\" character."),
        ("{1,{2}}", "Multidimensional arrays must have sub-arrays with matching dimensions."),
        ("{{1},{2,3}}", "Multidimensional arrays must have sub-arrays with matching dimensions."),
        ("{a{b}}", "Unexpected \"{\" character."),
        ("{\"a\"b}", "Incorrectly quoted array element."),
        ("{{1} 2}", "Unexpected array element."),
        ("[1:2]={1}", "Specified array dimensions do not match array contents."),
        ("[1:2]{1}", "Missing \"=\" after array dimensions."),
        ("[1:2]=1", "Array contents must start with \"{\"."),
        ("[1:]={1}", "Missing array dimension value."),
        ("[1={1}", "Missing \"]\" after array dimensions."),
        ("[]={1}", "\"[\" must introduce explicitly-specified array dimensions."),
    ] {
        let error = Array::parse(text).unwrap_err();
        assert_eq!((error.code, error.message), ("22P02", format!("malformed array literal: \"{text}\"")));
        assert_eq!(error.detail.unwrap(), detail, "{text}");
    }
    for (text, code, message) in [
        ("[3:1]={}", "2202E", "upper bound cannot be less than lower bound"),
        ("[1:99999999999]={1}", "54000", "array bound is out of integer range"),
        ("[1:2147483647]={1}", "54000", "array upper bound is too large: 2147483647"),
        ("[-2147483648:1]={1}", "54000", "array size exceeds the maximum allowed (134217727)"),
        ("{{{{{{{1}}}}}}}", "54000", "number of array dimensions exceeds the maximum allowed (6)"),
    ] {
        let error = Array::parse(text).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (code, message), "{text}");
    }
}

#[test]
fn an_item_s_error_comes_before_those_of_what_follows() {
    let error =
        Array::parse_with("{x,{", b',', |item| -> Result<()> { Err(ValueError::invalid_text("integer", item)) });
    assert_eq!(error.unwrap_err().message, "invalid input syntax for type integer: \"x\"");
}

#[test]
fn shapes_are_told() {
    let array = ints("[0:1][2:4]={{1,2,3},{4,5,6}}");
    assert_eq!(array.array_dims().unwrap(), "[0:1][2:4]");
    assert_eq!((array.array_ndims(), array.cardinality()), (Some(2), 6));
    assert_eq!((array.array_length(2), array.array_lower(2), array.array_upper(2)), (Some(3), Some(2), Some(4)));
    assert_eq!((array.array_length(0), array.array_length(3), array.array_length(-1)), (None, None, None));
    assert_eq!(array.generate_subscripts(2, true).collect::<Vec<_>>(), [4, 3, 2]);
    assert_eq!((ints("{}").array_dims(), ints("{}").array_ndims(), ints("{}").cardinality()), (None, None, 0));
}

#[test]
fn elements_and_slices() {
    let array = ints("[0:1][2:4]={{1,2,3},{4,5,6}}");
    for (subscripts, element) in [(&[0, 2][..], Some(&1)), (&[1, 4], Some(&6)), (&[0], None), (&[2, 2], None)] {
        assert_eq!(array.element(subscripts), element);
    }
    let slice = |lower, upper| Slice { lower, upper };
    for (slices, result) in [
        (&[slice(Some(1), Some(1))][..], "{{4,5,6}}"),
        (&[slice(None, None), slice(Some(3), None)], "{{2,3},{5,6}}"),
        (&[slice(Some(i32::MIN), Some(0)), slice(None, Some(2))], "{{1}}"),
        (&[slice(Some(2), Some(1))], "{}"),
        (&[slice(None, None), slice(None, None), slice(None, None)], "{}"),
    ] {
        assert_eq!(shown(&array.slice(slices)), result);
    }
}

#[test]
fn arrays_are_put_together() {
    for (a, b, result) in [
        ("{1}", "{2,3}", "{1,2,3}"),
        ("[3:4]={1,2}", "{3}", "[3:5]={1,2,3}"),
        ("{1,2}", "{{3,4}}", "{{1,2},{3,4}}"),
        ("{{3,4}}", "{1,2}", "{{3,4},{1,2}}"),
        ("{}", "{{1}}", "{{1}}"),
        ("{1}", "{{2,3}}", "Arrays with differing dimensions are not compatible for concatenation."),
        ("{{1}}", "{{2,3}}", "Arrays with differing element dimensions are not compatible for concatenation."),
        ("{1}", "{{{2}}}", "Arrays of 1 and 3 dimensions are not compatible for concatenation."),
    ] {
        assert_eq!(shown_or_error(ints(a).array_cat(ints(b))), result, "{a} {b}");
    }
    assert_eq!(shown_or_error(ints("[3:4]={1,2}").array_append(Some(3))), "[3:5]={1,2,3}");
    assert_eq!(shown_or_error(Array::array_prepend(None, ints("[3:4]={1,2}"))), "[3:5]={NULL,1,2}");
    let message = "argument must be empty or one-dimensional array";
    assert_eq!(shown_or_error(ints("{{1}}").array_append(Some(3))), message);
    assert_eq!(shown_or_error(Array::of_arrays(vec![Some(ints("{1}")), Some(ints("{2}"))])), "{{1},{2}}");
    let message = "multidimensional arrays must have array expressions with matching dimensions";
    assert_eq!(shown_or_error(Array::of_arrays(vec![Some(ints("{1}")), None])), message);
}

#[test]
fn arrays_are_filled_and_trimmed() {
    for (lengths, bounds, result) in [
        ("{3}", None, "{7,7,7}"),
        ("{2,1}", Some("{0,5}"), "[0:1][5:5]={{7},{7}}"),
        ("{}", None, "{}"),
        ("{0,99}", None, "{}"),
        ("{-1}", None, "array size exceeds the maximum allowed (134217727)"),
        ("{134217727}", None, "requested length too large"),
        ("{2}", Some("{1,2}"), "Low bound array has different size than dimensions array."),
        ("{{2}}", None, "Dimension array must be one dimensional."),
        ("{1}", Some("{2147483647}"), "array lower bound is too large: 2147483647"),
        ("{1,1,1,1,1,1,1}", None, "number of array dimensions (7) exceeds the maximum allowed (6)"),
    ] {
        let bounds = bounds.map(ints);
        assert_eq!(shown_or_error(array_fill(Some(7), 0, &ints(lengths), bounds.as_ref())), result, "{lengths}");
    }
    assert_eq!(shown_or_error(ints("[5:8]={1,2,3,4}").trim_array(1)), "{1,2,3}");
    let message = "number of elements to trim must be between 0 and 2";
    assert_eq!(shown_or_error(ints("{1,2}").trim_array(3)), message);
}

#[test]
fn items_are_found() {
    let array = ints("[5:8]={3,NULL,3,4}");
    let position = |item: Option<i32>, start| array.array_position(item.as_ref(), start, i32::eq).unwrap();
    assert_eq!(
        (position(Some(3), None), position(Some(3), Some(6)), position(None, None)),
        (Some(5), Some(7), Some(6))
    );
    assert_eq!((position(Some(9), None), position(Some(3), Some(i32::MAX))), (None, None));
    assert_eq!(array.array_positions(Some(&3), i32::eq).unwrap(), [5, 7]);
    assert_eq!(shown_or_error(array.clone().array_remove(Some(&3), i32::eq)), "[5:6]={NULL,4}");
    assert_eq!(shown(&array.array_replace(None, Some(&1), i32::eq)), "[5:8]={3,1,3,4}");
    let message = "searching for elements in multidimensional arrays is not supported";
    assert_eq!(ints("{{1}}").array_position(Some(&1), None, i32::eq).unwrap_err().message, message);
    let message = "removing elements from multidimensional arrays is not supported";
    assert_eq!(shown_or_error(ints("{{1}}").array_remove(Some(&1), i32::eq)), message);
}

#[test]
fn arrays_are_compared() {
    use std::cmp::Ordering::{Equal, Greater, Less};
    for (a, b, order) in [
        ("{1,2}", "{1,2}", Equal),
        ("{1}", "{1,2}", Less),
        ("{2}", "{1,2}", Greater),
        ("{NULL}", "{9}", Greater),
        ("{1,2}", "{{1,2}}", Less),
        ("{{1,2}}", "{{1},{2}}", Less),
        ("{1}", "[2:2]={1}", Less),
        ("{}", "{NULL}", Less),
    ] {
        assert_eq!(ints(a).compare_by(&ints(b), i32::cmp), order, "{a} {b}");
        assert_eq!(ints(a).equals_by(&ints(b), i32::eq), order == Equal);
    }
    for (a, b, contains, overlaps) in [
        ("{1,2,3}", "{3,1,3}", true, true),
        ("{1,NULL}", "{NULL}", false, false),
        ("{1}", "{}", true, false),
        ("{1,2}", "{2,9}", false, true),
        ("{{1},{2}}", "{2}", true, true),
    ] {
        assert_eq!((ints(a).contains(&ints(b)), ints(a).overlaps(&ints(b))), (contains, overlaps), "{a} {b}");
    }
    let many = Array::from((0..100).map(Some).collect::<Vec<_>>());
    assert!(many.contains(&many) && many.overlaps(&many) && !many.contains(&ints("{1,2,500}")));
}

#[test]
fn arrays_become_texts() {
    let array = Array::parse("{{a,NULL},{b,c}}").unwrap();
    assert_eq!(array.array_to_string(", ", None).unwrap(), "a, b, c");
    assert_eq!(array.array_to_string("", Some("*")).unwrap(), "a*bc");
    let long = Array::from(vec![Some("x".repeat(65 << 20))]);
    assert_eq!(long.array_to_string(",", None).unwrap_err(), ValueError::too_long());
    assert_eq!(long.print().unwrap_err(), ValueError::too_long());
}
