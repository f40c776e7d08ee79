//! Tables of calls and what PostgreSQL 17 gives.

use super::path::*;
use super::*;
use crate::Result;

/// A result, or an error as `SQLSTATE message (detail) [hint]`.
fn shown<T: ToString>(result: Result<T>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => {
            let mut text = format!("{} {}", error.code, error.message);
            error.detail.iter().for_each(|detail| text.push_str(&format!(" ({detail})")));
            error.hint.iter().for_each(|hint| text.push_str(&format!(" [{hint}]")));
            text
        }
    }
}

fn nullable<T: ToString>(result: Result<Option<T>>) -> String {
    shown(result.map(|value| value.map_or("NULL".to_string(), |value| value.to_string())))
}

/// A path; `NULL` stands for null.
fn steps(path: &str) -> Vec<Option<&str>> {
    path.split_terminator(',').map(|step| (step != "NULL").then_some(step)).collect()
}

#[test]
fn input() {
    let bad = |detail: &str| format!("22P02 invalid input syntax for type json ({detail})");
    for (text, detail) in [
        ("", "The input string ended unexpectedly."),
        ("[1", "The input string ended unexpectedly."),
        ("{\"a\":1", "The input string ended unexpectedly."),
        ("1 2", "Expected end of input, but found \"2\"."),
        ("{\"a\" 1}", "Expected \":\", but found \"1\"."),
        ("{\"a\":1,}", "Expected string, but found \"}\"."),
        ("{1:2}", "Expected string or \"}\", but found \"1\"."),
        ("{\"a\":1 \"b\":2}", "Expected \",\" or \"}\", but found \"\"b\"\"."),
        ("[1,]", "Expected JSON value, but found \"]\"."),
        ("[1 2]", "Expected \",\" or \"]\", but found \"2\"."),
        ("tru", "Token \"tru\" is invalid."),
        ("01", "Token \"01\" is invalid."),
        ("1.", "Token \"1.\" is invalid."),
        ("é", "Token \"é\" is invalid."),
        ("\"a", "Token \"\"a\" is invalid."),
        ("\"a\nb\"", "Character with value 0x0a must be escaped."),
        ("\"\\q\"", "Escape sequence \"\\q\" is invalid."),
        ("\"\\é\"", "Escape sequence \"\\é\" is invalid."),
        ("\"\\u12\"", "\"\\u\" must be followed by four hexadecimal digits."),
    ] {
        assert_eq!(shown(json_in(text).map(|()| "")), bad(detail), "{text}");
        assert_eq!(shown(jsonb_in(text)), bad(detail), "{text}");
    }
    for text in ["\"\\ud800\"", "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\""] {
        assert_eq!(shown(json_in(text).map(|()| "")), "", "{text}");
        assert_eq!(shown(jsonb_in(text)), bad("Unicode low surrogate must follow a high surrogate."), "{text}");
    }
    for (text, canonical) in [
        (" { \"bb\" : 1 , \"c\":[ ], \"bb\":{ } , \"a\":null} ", "{\"a\": null, \"c\": [], \"bb\": {}}"),
        ("[1.50,-0,-0.0,1e3,1.5e-3,0e5]", "[1.50, 0, 0.0, 1000, 0.0015, 0]"),
        ("\"\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\\u001f\\ud83d\\ude00\"", "\"A/\\b\\f\\n\\r\\t\\\"\\\\\\u001f\u{1F600}\""),
        ("\"\\u0000\"", "22P05 unsupported Unicode escape sequence (\\u0000 cannot be converted to text.)"),
        ("1e200000", "22003 value overflows numeric format"),
    ] {
        assert_eq!(shown(jsonb_in(text)), canonical, "{text}");
    }
}

/// Runs a test on a stack that is enough by far where frames are small.
fn on_stack(test: fn()) {
    let size = if cfg!(debug_assertions) { 16 << 20 } else { 1 << 20 };
    std::thread::Builder::new().stack_size(size).spawn(test).unwrap().join().unwrap();
}

#[test]
fn nesting() {
    on_stack(deep_values);
    on_stack(hostile_paths);
}

fn deep_values() {
    let deep = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let text = deep(MAX_TREE_DEPTH);
    let canonical = jsonb_in(&text).unwrap();
    assert_eq!(canonical, text);
    assert_eq!(jsonb_cmp(&text, &format!("{text} ")).unwrap(), std::cmp::Ordering::Equal);
    assert!(jsonb_contains(&text, &text).unwrap());
    assert!(jsonb_pretty(&text).unwrap().len() > text.len());
    assert!(jsonb_sort_key(&text).is_ok() && jsonb_strip_nulls(&text).is_ok() && json_strip_nulls(&text).is_ok());
    assert_eq!(jsonb_in(&deep(MAX_TREE_DEPTH + 1)).unwrap_err().code, "54001");
    assert_eq!(json_in(&deep(MAX_TEXT_DEPTH + 1)).unwrap_err().code, "54001");
    let query = |path: &str| jsonb_path_query(&text, &JsonPath::parse(path).unwrap(), None, false);
    assert_eq!(query("$.**").unwrap_err().code, "54001");
    assert_eq!(query("$.**{300}").unwrap().len(), 1);
}

fn hostile_paths() {
    let nested = |depth| format!("{}$.a == 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(JsonPath::parse(&nested(90)).is_ok());
    assert_eq!(JsonPath::parse(&nested(5000)).unwrap_err().code, "54001");
    assert_eq!(JsonPath::parse(&format!("${}", ".a".repeat(5000))).unwrap_err().code, "54001");
    assert_eq!(JsonPath::parse(&format!("1{}", " + 1".repeat(5000))).unwrap_err().code, "54001");
    assert_eq!(JsonPath::parse(&format!("{}1", "-".repeat(5000))).unwrap_err().code, "54001");
    let sum = JsonPath::parse(&format!("1{}", " + 1".repeat(290))).unwrap();
    assert_eq!(jsonb_path_query("1", &sum, None, false).unwrap(), ["291"]);
    let long = JsonPath::parse(&format!("${}", "[*]".repeat(190))).unwrap();
    assert_eq!(jsonb_path_query("1", &long, None, false).unwrap(), ["1"]);
    let numbers = format!("[{}]", vec!["1e131000"; 1000].join(","));
    assert_eq!(jsonb_in(&numbers).unwrap_err().code, "54000");
    assert!(JsonPath::parse("$ like_regex \"(((a{1000}){1000}){1000})\"").is_err());
}

#[test]
fn fields() {
    use Kind::{Json, Jsonb};
    for (kind, text, key, field, field_text) in [
        (Json, " {\"a\" : [1 ,2] , \"b\":\"x\\n\", \"a\" : 3.0}", "a", "3.0", "3.0"),
        (Json, " {\"a\" : [1 ,2] , \"b\":\"x\\n\"}", "a", "[1 ,2]", "[1 ,2]"),
        (Json, "{\"b\":\"x\\u0041\"}", "b", "\"x\\u0041\"", "xA"),
        (Json, "{\"\\u0061\":null}", "a", "null", "NULL"),
        (Json, "{\"a\":1}", "b", "NULL", "NULL"),
        (Json, "[1]", "a", "NULL", "NULL"),
        (Json, "1", "a", "NULL", "NULL"),
        (Jsonb, "{\"b\": \"}\\\"\", \"aa\": {\"x\": [1, 2]}}", "aa", "{\"x\": [1, 2]}", "{\"x\": [1, 2]}"),
        (Jsonb, "{\"b\": \"}\\\"\", \"aa\": {\"x\": [1, 2]}}", "b", "\"}\\\"\"", "}\""),
        (Jsonb, "{\"aa\": 1}", "a", "NULL", "NULL"),
    ] {
        assert_eq!(nullable(object_field(kind, text, key)), field, "{text} -> {key}");
        assert_eq!(nullable(object_field_text(kind, text, key)), field_text, "{text} ->> {key}");
    }
    assert_eq!(
        nullable(object_field(Json, "{\"a\":1, \"b\":\"\\u0000\"}", "a")),
        "22P05 unsupported Unicode escape sequence (\\u0000 cannot be converted to text.)"
    );
    for (kind, text, index, element) in [
        (Json, "[1, [2 ,3], \"a\"]", 1, "[2 ,3]"),
        (Json, "[1, [2 ,3], \"a\"]", -1, "\"a\""),
        (Json, "[1, [2 ,3], \"a\"]", -4, "NULL"),
        (Json, "[1, [2 ,3], \"a\"]", i32::MIN, "NULL"),
        (Json, "{\"0\":1}", 0, "NULL"),
        (Json, "1", 0, "NULL"),
        (Jsonb, "\"x\"", 0, "\"x\""),
        (Jsonb, "\"x\"", -1, "\"x\""),
        (Jsonb, "\"x\"", 1, "NULL"),
    ] {
        assert_eq!(nullable(array_element(kind, text, index)), element, "{text} -> {index}");
    }
    for (kind, text, path, value) in [
        (Json, " [1 ] ", "", "[1 ]"),
        (Json, "{\"a\":[{\"b\":\"x\"}]}", "a,0,b", "\"x\""),
        (Jsonb, "{\"a\": [1, {\"b\": 2}]}", "a,-1,b", "2"),
        (Jsonb, "[1, 2]", " 1", "2"),
        (Jsonb, "[1, 2]", "1 ", "NULL"),
        (Jsonb, "[1, 2]", "NULL", "NULL"),
        (Jsonb, "1", "0", "NULL"),
    ] {
        assert_eq!(nullable(extract_path(kind, text, &steps(path))), value, "{text} #> {path}");
    }
}

#[test]
fn parts() {
    use Kind::{Json, Jsonb};
    assert_eq!(
        ["{}", " []", "\"a\"", "1", "null", "true"].map(type_of),
        ["object", "array", "string", "number", "null", "boolean"]
    );
    assert_eq!(shown(array_length("[1, [2, 3], \"a,b\"]")), "3");
    assert_eq!(shown(array_length("{}")), "22023 cannot get array length of a non-array");
    assert_eq!(shown(array_length("1")), "22023 cannot get array length of a scalar");
    let elements = |kind, text| shown(array_elements(kind, "f", text).map(|e| e.collect::<Vec<_>>().join("|")));
    assert_eq!(elements(Json, "[1 , {\"a\" :2}, null]"), "1|{\"a\" :2}|null");
    assert_eq!(elements(Json, "{}"), "22023 cannot call f on a non-array");
    assert_eq!(elements(Jsonb, "1"), "22023 cannot extract elements from a scalar");
    assert_eq!(array_elements_text(Jsonb, "[null, \"a\"]").unwrap(), [None, Some("a".into())]);
    let pairs = |kind, text| {
        let pairs = each(kind, "f", text).and_then(|pairs| pairs.collect::<Result<Vec<_>>>());
        shown(pairs.map(|pairs| format!("{pairs:?}")))
    };
    assert_eq!(pairs(Json, "{\"a\":1,\"a\": [2]}"), "[(\"a\", \"1\"), (\"a\", \"[2]\")]");
    assert_eq!(pairs(Json, "[]"), "22023 cannot deconstruct an array as an object");
    assert_eq!(pairs(Jsonb, "1"), "22023 cannot call f on a non-object");
    assert_eq!(object_keys(Json, "{\"b\":1,\"\\u0061\":2,\"b\":3}").unwrap(), ["b", "a", "b"]);
    assert_eq!(shown(object_keys(Jsonb, "[]").map(|_| "")), "22023 cannot call jsonb_object_keys on an array");
    let nulls = "{\"a\" : null, \"b\" : [ 1, null, {\"c\":null} ], \"b\": \"\\u0041\"}";
    assert_eq!(shown(json_strip_nulls(nulls)), "{\"b\":[1,null,{}],\"b\":\"A\"}");
    assert_eq!(shown(jsonb_strip_nulls(nulls)), "{\"b\": \"A\"}");
    assert_eq!(
        shown(jsonb_pretty("{\"a\":[],\"b\":[1,{\"c\":2}]}")),
        "{\n    \"a\": [\n    ],\n    \"b\": [\n        1,\n        {\n            \"c\": 2\n        }\n    ]\n}"
    );
}

#[test]
fn order() {
    // From the least to the greatest; equal ones share a line.
    let ordered: [&[&str]; 25] = [
        &["[]"],
        &["null"],
        &["\"\""],
        &["\"a\""],
        &["\"aa\""],
        &["\"b\""],
        &["-1e400"],
        &["-100.5"],
        &["-0.1", "-1e-1"],
        &["0", "0.00", "-0"],
        &["1e-400"],
        &["0.01"],
        &["0.1", "0.10"],
        &["1", "1.0", "10e-1"],
        &["9"],
        &["10"],
        &["false"],
        &["true"],
        &["[null]"],
        &["[1]", "[1.0]"],
        &["[[]]"],
        &["[1, 2]"],
        &["{}"],
        &["{\"a\": {}}"],
        &["{\"a\": 1, \"b\": 1}"],
    ];
    for (i, a) in ordered.iter().enumerate() {
        for (j, b) in ordered.iter().enumerate() {
            for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (a, b))) {
                assert_eq!(jsonb_cmp(a, b).unwrap(), i.cmp(&j), "{a} {b}");
                assert_eq!(jsonb_sort_key(a).unwrap().cmp(&jsonb_sort_key(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
    }
}

#[test]
fn containment() {
    for (whole, part, contains) in [
        ("{\"a\": 1, \"b\": [1, 2]}", "{\"b\": [2]}", true),
        ("{\"a\": 1}", "{\"a\": 1.0}", true),
        ("{\"a\": {\"b\": 1, \"c\": 2}}", "{\"a\": {\"c\": 2}}", true),
        ("{\"a\": [1]}", "{\"a\": 1}", false),
        ("{\"a\": 1}", "{\"a\": [1]}", false),
        ("{\"a\": []}", "{\"a\": {}}", false),
        ("[1, [2, 3]]", "[[3]]", true),
        ("[1, [2, 3]]", "[2]", false),
        ("[1, 2]", "1", true),
        ("1", "[1]", false),
        ("[1]", "[1, 1, 1]", true),
        ("{}", "[]", false),
        ("\"a\"", "\"a\"", true),
    ] {
        assert_eq!(jsonb_contains(whole, part).unwrap(), contains, "{whole} @> {part}");
    }
    let numbers = (0..2000).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    assert!(jsonb_contains(&format!("[{numbers}]"), &format!("[1999.0, {numbers}]")).unwrap());
    assert!(!jsonb_contains(&format!("[{numbers}]"), &format!("[2000, {numbers}]")).unwrap());
    for (text, key, exists) in [
        ("{\"a\": 1}", "a", true),
        ("{\"b\": {\"a\": 1}}", "a", false),
        ("[\"a\", 1]", "a", true),
        ("[\"a\", 1]", "1", false),
        ("\"a\"", "a", true),
        ("1", "1", false),
    ] {
        assert_eq!(jsonb_exists(text, key).unwrap(), exists, "{text} ? {key}");
    }
    assert!(jsonb_exists_any("{\"a\": 1}", &[None, Some("a")]).unwrap());
    assert!(!jsonb_exists_all("{\"a\": 1}", &[Some("b"), Some("a")]).unwrap());
}

#[test]
fn changes() {
    for (a, b, joined) in [
        ("{\"a\": 1, \"b\": 2}", "{\"b\": 3, \"c\": 4}", "{\"a\": 1, \"b\": 3, \"c\": 4}"),
        ("[1]", "[2]", "[1, 2]"),
        ("1", "2", "[1, 2]"),
        ("1", "{\"a\": 1}", "[1, {\"a\": 1}]"),
        ("[]", "{}", "[{}]"),
    ] {
        assert_eq!(shown(jsonb_concat(a, b)), joined);
    }
    assert_eq!(shown(jsonb_delete("{\"a\": 1, \"b\": 2}", "a")), "{\"b\": 2}");
    assert_eq!(shown(jsonb_delete("[\"a\", 1, \"a\"]", "a")), "[1]");
    assert_eq!(shown(jsonb_delete("1", "a")), "22023 cannot delete from scalar");
    assert_eq!(shown(jsonb_delete_index("[1, 2, 3]", -1)), "[1, 2]");
    assert_eq!(shown(jsonb_delete_index("[1, 2, 3]", i32::MIN)), "[1, 2, 3]");
    assert_eq!(shown(jsonb_delete_index("{}", 0)), "22023 cannot delete from object using integer index");
    assert_eq!(shown(jsonb_delete_path("{\"a\": [1, {\"b\": 2}]}", &steps("a,1,b"))), "{\"a\": [1, {}]}");
    assert_eq!(shown(jsonb_delete_path("1", &steps("a"))), "22023 cannot delete path in scalar");
    for (target, path, create, result) in [
        ("{\"a\": 1}", "a", true, "{\"a\": 9}"),
        ("{\"a\": 1}", "b", true, "{\"a\": 1, \"b\": 9}"),
        ("{\"a\": 1}", "b", false, "{\"a\": 1}"),
        ("{\"a\": 1}", "b,c", true, "{\"a\": 1}"),
        ("[1, 2]", "-3", true, "[9, 1, 2]"),
        ("[1, 2]", "5", true, "[1, 2, 9]"),
        ("[1, 2]", "-1", true, "[1, 9]"),
        ("[1]", "x", true, "22P02 path element at position 1 is not an integer: \"x\""),
        ("[1]", "NULL", true, "22004 path element at position 1 is null"),
        ("1", "a", true, "22023 cannot set path in scalar"),
    ] {
        assert_eq!(shown(jsonb_set(target, &steps(path), "9", create)), result, "{target} {path}");
    }
    assert_eq!(shown(jsonb_insert("[1, 2]", &steps("1"), "9", false)), "[1, 9, 2]");
    assert_eq!(shown(jsonb_insert("[1, 2]", &steps("1"), "9", true)), "[1, 2, 9]");
    assert_eq!(
        shown(jsonb_insert("{\"a\": 1}", &steps("a"), "9", true)),
        "22023 cannot replace existing key [Try using the function jsonb_set to replace key value.]"
    );
    let lax = |treatment| shown(jsonb_set_lax("{\"a\": 1}", &steps("a"), None, true, treatment));
    assert_eq!(lax(Some("use_json_null")), "{\"a\": null}");
    assert_eq!(lax(Some("delete_key")), "{}");
    assert_eq!(lax(Some("return_target")), "{\"a\": 1}");
    assert!(lax(Some("raise_exception")).starts_with("22004 JSON value must not be null (Exception was raised"));
    assert!(lax(None).starts_with("22023 null_value_treatment must be"));
}

#[test]
fn building() {
    use Arg::{Bool, Composite, Json, Null, Number, Text};
    let values = [Number("1"), Text("a\"b"), Null, Bool(true), Json("{\"x\" :1}"), Number("NaN"), Number("1e+20")];
    assert_eq!(
        shown(build_array(Kind::Json, &values, false)),
        "[1, \"a\\\"b\", null, true, {\"x\" :1}, \"NaN\", 1e+20]"
    );
    assert_eq!(
        shown(build_array(Kind::Jsonb, &values, true)),
        "[1, \"a\\\"b\", true, {\"x\": 1}, \"NaN\", 100000000000000000000]"
    );
    let args = [Text("b"), Number("1"), Number("2"), Null, Text("b"), Number("3")];
    assert_eq!(shown(build_object(Kind::Json, &args)), "{\"b\" : 1, \"2\" : null, \"b\" : 3}");
    assert_eq!(shown(build_object(Kind::Jsonb, &args)), "{\"2\": null, \"b\": 3}");
    assert_eq!(shown(object(Kind::Json, &args, true, true)), "22030 duplicate JSON object key value: \"b\"");
    assert_eq!(
        shown(build_object(Kind::Jsonb, &[Text("a")])),
        "22023 argument list must have even number of elements [The arguments of jsonb_build_object() must consist of \
         alternating keys and values.]"
    );
    assert_eq!(shown(build_object(Kind::Json, &[Null, Null])), "22004 null value not allowed for object key");
    assert_eq!(shown(build_object(Kind::Jsonb, &[Null, Null])), "22023 argument 1: key must not be null");
    assert_eq!(
        shown(build_object(Kind::Json, &[Json("1"), Null])),
        "22023 key value must be scalar, not array, composite, or json"
    );
    let texts = [Some("a"), None, Some("b"), Some("c\"d")];
    assert_eq!(shown(object_from_array(Kind::Json, &texts, &[4])), "{\"a\" : null, \"b\" : \"c\\\"d\"}");
    assert_eq!(shown(object_from_array(Kind::Jsonb, &texts, &[2, 2])), "{\"a\": null, \"b\": \"c\\\"d\"}");
    assert_eq!(shown(object_from_array(Kind::Json, &texts, &[1])), "2202E array must have even number of elements");
    assert_eq!(shown(object_from_array(Kind::Json, &texts, &[1, 4])), "2202E array must have two columns");
    assert_eq!(shown(object_from_arrays(Kind::Json, &texts, &[], (1, 1))), "2202E mismatched array dimensions");
    let numbers = [Number("1"), Number("2"), Number("3"), Number("4")];
    assert_eq!(shown(array_to_json(&numbers, &[2, 2], false)), "[[1,2],[3,4]]");
    assert_eq!(shown(array_to_json(&numbers, &[2, 2], true)), "[[1,2],\n [3,4]]");
    assert_eq!(shown(array_to_json(&[], &[], true)), "[]");
    let fields = || [("f1", Number("1")), ("f2", Composite("[1,2]"))];
    assert_eq!(shown(row_to_json(fields(), false)), "{\"f1\":1,\"f2\":[1,2]}");
    assert_eq!(shown(row_to_json(fields(), true)), "{\"f1\":1,\n \"f2\":[1,2]}");
}

#[test]
fn aggregates() {
    let mut array = ArrayAgg::default();
    assert_eq!(array.finish(), None);
    for value in [Arg::Composite("[1,2]"), Arg::Json("{\"a\":1}"), Arg::Composite("[3]"), Arg::Null] {
        array.push(Kind::Json, value).unwrap();
    }
    assert_eq!(array.finish().unwrap(), "[[1,2], {\"a\":1}, \n [3], null]");
    let mut absent = ArrayAgg::default();
    absent.skip();
    assert_eq!(absent.finish().unwrap(), "[]");
    let mut object = ObjectAgg::default();
    let mut other = ObjectAgg::default();
    for kind in [Kind::Json, Kind::Jsonb] {
        object = ObjectAgg::default();
        object.push(kind, Arg::Text("b"), Arg::Number("1"), false, false).unwrap();
        object.push(kind, Arg::Text("a"), Arg::Null, false, false).unwrap();
        other = ObjectAgg::default();
        other.push(kind, Arg::Text("b"), Arg::Json("[2,3]"), false, false).unwrap();
        object.merge(kind, other.clone(), false).unwrap();
        let expected = match kind {
            Kind::Json => "{ \"b\" : 1, \"a\" : null, \"b\" : [2,3] }",
            Kind::Jsonb => "{\"a\": null, \"b\": [2, 3]}",
        };
        assert_eq!(object.finish(kind).unwrap().unwrap(), expected);
    }
    let null = object.push(Kind::Jsonb, Arg::Null, Arg::Null, false, false);
    assert_eq!(shown(null.map(|()| "")), "22023 field name must not be null");
    other.push(Kind::Json, Arg::Text("x"), Arg::Null, false, true).unwrap();
    let twice = other.push(Kind::Json, Arg::Text("x"), Arg::Null, false, true);
    assert_eq!(shown(twice.map(|()| "")), "22030 duplicate JSON object key value: \"x\"");
}

#[test]
fn casts() {
    assert_eq!(shown(jsonb_bool("true")), "true");
    assert_eq!(shown(jsonb_bool("1")), "22023 cannot cast jsonb numeric to type boolean");
    assert_eq!(shown(jsonb_number("1.5", "integer")), "1.5");
    assert_eq!(shown(jsonb_number("\"x\"", "numeric")), "22023 cannot cast jsonb string to type numeric");
    assert_eq!(shown(jsonb_number("[]", "real")), "22023 cannot cast jsonb array to type real");
}

#[test]
fn sql_json() {
    assert!(
        is_json("{\"a\":1,\"a\":2}", JsonItem::Object, false) && !is_json("{\"a\":1,\"a\":2}", JsonItem::Value, true)
    );
    assert!(is_json("[]", JsonItem::Array, true) && is_json(" 1", JsonItem::Scalar, true));
    assert!(!is_json("[]", JsonItem::Scalar, false) && !is_json("x", JsonItem::Value, false));
    let json = jsonb_parse("{\"a\": [1, \"x\"], \"b\": null, \"c\": \"y\"}").unwrap();
    let loud = Options::default();
    let silent = Options { silent: true, ..loud };
    let path = |text| JsonPath::parse(text).unwrap();
    let value = |text, options| {
        let path = path(text);
        shown(json_value(&json, &path, options, None).map(|outcome| format!("{outcome:?}")))
    };
    assert_eq!(value("$.c", loud), "Value(String(\"y\"))");
    assert_eq!(value("$.b", loud), "Null");
    assert_eq!(value("$.x", loud), "Empty");
    assert_eq!(value("strict $.x", silent), "Error");
    assert_eq!(value("$.a", loud), "2203F JSON path expression in JSON_VALUE must return single scalar item");
    assert_eq!(value("$.a[*]", loud), "22034 JSON path expression in JSON_VALUE must return single scalar item");
    assert_eq!(value("$.a[*]", silent), "Error");
    let query = |text, wrapper| {
        let path = path(text);
        shown(json_query(&json, &path, loud, wrapper, Some("c")).map(|outcome| format!("{outcome:?}")))
    };
    assert_eq!(query("$.a", Wrapper::Without), "Value(\"[1, \\\"x\\\"]\")");
    assert_eq!(query("$.a[*]", Wrapper::Conditional), "Value(\"[1, \\\"x\\\"]\")");
    assert_eq!(query("$.a[0]", Wrapper::Unconditional), "Value(\"[1]\")");
    assert_eq!(query("$.x", Wrapper::Unconditional), "Empty");
    assert!(query("$.a[*]", Wrapper::Without).starts_with("22034 JSON path expression for column \"c\" must return"));
}

#[test]
fn path_texts() {
    for (text, canonical) in [
        ("$", "$"),
        ("strict $.a.\"b c\"[*]", "strict $.\"a\".\"b c\"[*]"),
        ("lax $.**{2 to last}.*", "$.**{2 to last}.*"),
        ("$.**{0 to last}.**{last}.**{3}", "$.**.**{last}.**{3}"),
        ("$[0,last - 1 to last]", "$[0,last - 1 to last]"),
        (
            "$.a ? (@.b > 1 && (@.c == \"x\" || !(@.d < 2)))",
            "$.\"a\"?(@.\"b\" > 1 && (@.\"c\" == \"x\" || !(@.\"d\" < 2)))",
        ),
        ("($.a > 1) is unknown", "($.\"a\" > 1) is unknown"),
        ("exists($.a)", "exists ($.\"a\")"),
        ("$ ? (@ like_regex \"^a\" flag \"xqi\")", "$?(@ like_regex \"^a\" flag \"ixq\")"),
        ("$ ? (@ starts with $\"x y\")", "$?(@ starts with $\"x y\")"),
        ("1 + 2 * 3 - -4", "((1 + 2 * 3) - -4)"),
        ("-$.a.abs()", "(-$.\"a\".abs())"),
        ("(1).type()", "(1).type()"),
        ("($.a + 1).abs()", "($.\"a\" + 1).abs()"),
        ("0x1F + 1_000 + .5", "((31 + 1000) + 0.5)"),
        ("$.decimal(+10, -2).time(3).datetime(\"HH24\")", "$.decimal(10,-2).time(3).datetime(\"HH24\")"),
        ("$.size().last", "$.size().\"last\""),
        ("\"\\u0041\\x42\\u{1F600}\"", "\"AB\u{1F600}\""),
        ("", "22P02 invalid input syntax for type jsonpath: \"\""),
        ("$.", "42601 syntax error at end of jsonpath input"),
        ("$.a b c", "42601 syntax error at or near \" \" of jsonpath input"),
        ("$[1", "42601 syntax error at end of jsonpath input"),
        ("1 2", "42601 syntax error at or near \"2\" of jsonpath input"),
        ("1a", "42601 trailing junk after numeric literal at or near \"1a\" of jsonpath input"),
        ("@", "42601 @ is not allowed in root expressions"),
        ("last", "42601 LAST is allowed only in array subscripts"),
        ("\"a", "42601 unterminated quoted string at end of jsonpath input"),
        ("\"\\u00\"", "42601 invalid Unicode escape sequence at or near \"\\u00\" of jsonpath input"),
        ("/* a", "42601 unexpected end of comment at end of jsonpath input"),
        ("$ like_regex \"(\"", "2201B invalid regular expression: parentheses () not balanced"),
        ("$ like_regex \"a\" flag \"x\"", "0A000 XQuery \"x\" flag (expanded regular expressions) is not implemented"),
        (
            "$ like_regex \"a\" flag \"z\"",
            "42601 invalid input syntax for type jsonpath (Unrecognized flag character \"z\" in LIKE_REGEX predicate.)",
        ),
    ] {
        assert_eq!(shown(jsonpath_in(text)), canonical, "{text}");
    }
}

fn query(json: &str, path: &str) -> String {
    let vars = jsonb_parse("{\"x\": 2, \"y\": {\"a\": {\"b\": 1}}}").unwrap();
    let found = JsonPath::parse(path).and_then(|path| jsonb_path_query(json, &path, Some(&vars), false));
    shown(found.map(|found| found.join("|")))
}

#[test]
fn path_queries() {
    for (json, path, found) in [
        ("{\"a\": [1, 2, {\"b\": 3}]}", "$.a[*]", "1|2|{\"b\": 3}"),
        ("{\"a\": [1, 2, {\"b\": 3}]}", "$.a.b", "3"),
        (
            "{\"a\": [1, 2, {\"b\": 3}]}",
            "strict $.a.b",
            "2203A jsonpath member accessor can only be applied to an object",
        ),
        ("{\"a\": [1, 2, {\"b\": 3}]}", "strict $.b", "2203A JSON object does not contain key \"b\""),
        ("{\"a\": [1, 2, {\"b\": 3}]}", "$.**{2}", "1|2|{\"b\": 3}"),
        ("{\"a\": [1, 2, {\"b\": 3}]}", "$.**{last}", "1|2|3"),
        ("[1, 2, 3]", "$[last, 0 to 1]", "3|1|2"),
        ("[1, 2, 3]", "strict $[5]", "22033 jsonpath array subscript is out of bounds"),
        ("[1, 2, 3]", "$[\"a\"]", "22033 jsonpath array subscript is not a single numeric value"),
        ("[1, 2, 3]", "$ ? (@ >= $x)", "2|3"),
        ("[1, 2, 3]", "$ > 2", "true"),
        ("[1, \"a\"]", "strict $[*] > 0", "null"),
        ("[null, 1]", "$[*] ? (@ != null)", "1"),
        ("[\"abc\", \"b\", 1]", "$[*] ? (@ starts with \"a\")", "\"abc\""),
        ("[\"abc\", \"B\", 1]", "$[*] ? (@ like_regex \"^b\" flag \"i\")", "\"B\""),
        ("[{\"a\": 1}, {\"b\": 2}]", "$[*] ? (exists(@.a))", "{\"a\": 1}"),
        ("[1, \"a\"]", "$[*] ? ((@ > 0) is unknown)", "\"a\""),
        ("[1, 2]", "-$[*]", "-1|-2"),
        ("[1, 2]", "$[0] / 3 + $[1] * 2.5", "5.33333333333333333333"),
        ("[1, 2]", "$[*] + 1", "22038 left operand of jsonpath operator + is not a single numeric value"),
        ("[1, 0]", "$[0] / $[1]", "22012 division by zero"),
        ("1", "$z", "42704 could not find jsonpath variable \"z\""),
        ("[1.7, -1.2]", "$.floor()", "1|-2"),
        ("[1.7, -1.2]", "$.ceiling().abs()", "2|1"),
        ("[1, \"1.5\", true]", "$[*].string()", "\"1\"|\"1.5\"|\"true\""),
        ("\"1.50\"", "$.number()", "1.50"),
        (
            "\"1e400\"",
            "$.double()",
            "22036 argument \"1e400\" of jsonpath item method .double() is invalid for type double precision",
        ),
        ("\"inf\"", "$.double()", "22036 NaN or Infinity is not allowed for jsonpath item method .double()"),
        ("1234.567", "$.decimal(6, 1)", "1234.6"),
        ("2.5", "$.integer()", "3"),
        (
            "2147483648",
            "$.integer()",
            "22036 argument \"2147483648\" of jsonpath item method .integer() is invalid for type integer",
        ),
        ("[\"t\", 0, \"off\"]", "$.boolean()", "true|false|false"),
        ("[1, [2]]", "$.size()", "2"),
        ("[1, [2]]", "strict $[0].size()", "22039 jsonpath item method .size() can only be applied to an array"),
        ("[1, \"a\", null, {}]", "$[*].type()", "\"number\"|\"string\"|\"null\"|\"object\""),
        (
            "[{\"a\":1},{\"b\":[1.5,\"x\"]}]",
            "$[*].keyvalue()",
            "{\"id\": 12, \"key\": \"a\", \"value\": 1}|{\"id\": 36, \"key\": \"b\", \"value\": [1.5, \"x\"]}",
        ),
        ("1", "$y.a.keyvalue().id", "10000000048"),
        ("{\"a\": {\"b\": 1}}", "$.keyvalue().value.keyvalue().id", "20000000048"),
        ("\"2023-08-15\"", "$.datetime().type()", "\"date\""),
        ("\"2023-08-15 12:34:56 +05:30\"", "$.datetime()", "\"2023-08-15T12:34:56+05:30\""),
        ("\"12:34:56.789\"", "$.time(1)", "\"12:34:56.8\""),
        (
            "\"2023-08-15\"",
            "$.timestamp_tz()",
            "0A000 cannot convert value from date to timestamptz without time zone usage [Use *_tz() function for time zone \
             support.]",
        ),
        (
            "\"x\"",
            "$.datetime()",
            "22031 datetime format is not recognized: \"x\" [Use a datetime template argument to specify the input data \
             format.]",
        ),
        ("[\"2023-08-15\", \"2023-08-16 01:00:00\"]", "$[0].datetime() < $[1].datetime()", "true"),
    ] {
        assert_eq!(query(json, path), found, "{json} {path}");
    }
    let path = |text| JsonPath::parse(text).unwrap();
    assert_eq!(nullable(jsonb_path_exists("[1]", &path("$[*] ? (@ > 1)"), None, false)), "false");
    assert_eq!(nullable(jsonb_path_exists("1", &path("strict $.a"), None, true)), "NULL");
    assert_eq!(nullable(jsonb_path_match("1", &path("$ == 1"), None, false)), "true");
    assert_eq!(nullable(jsonb_path_match("1", &path("$"), None, false)), "22038 single boolean result is expected");
    assert_eq!(nullable(jsonb_path_match("1", &path("$"), None, true)), "NULL");
    assert_eq!(shown(jsonb_path_query_array("[1, 2]", &path("$[*]"), None, false)), "[1, 2]");
    assert_eq!(nullable(jsonb_path_query_first("[1, 2]", &path("$[*]"), None, false)), "1");
    let vars = jsonb_parse("1").unwrap();
    assert!(shown(jsonb_path_query_array("1", &path("$"), Some(&vars), true)).starts_with("22023 \"vars\" argument"));
}
