//! Tables of what PostgreSQL 17 answers.

use super::*;
use crate::ValueError;

/// The groups of the first match, or of all, with `~` for NULL.
fn rows(text: &str, pattern: &str, flags: &str) -> String {
    let regex = Regex::compile(pattern, flags).unwrap();
    let rows = regex.regexp_matches(text).unwrap();
    let row = |row: &Vec<Option<&str>>| row.iter().map(|part| part.unwrap_or("~")).collect::<Vec<_>>().join(",");
    rows.iter().map(row).collect::<Vec<_>>().join(";")
}

#[test]
#[rustfmt::skip]
fn groups_match_what_they_match_in_postgresql() {
    for (text, pattern, result) in [
        // The longest match, divided from left to right; repeated groups as a repetition and the last round.
        ("abc", "a|ab|abc", "abc"), ("aaaa", "(aa|a)+", "a"), ("ab", "(a?)(ab)?", ",ab"), ("abab", "(ab|a|b)*", "ab"),
        ("abcde", "(a|ab)(c|bcd)(d*)", "ab,c,d"), ("aaaaa", "(aaa|aa){0,3}", "aa"), ("a,b,c", "([^,]*,)*", "b,"),
        ("ab", "(?:(a)|b)*", "~"), ("ab", "(?:(a)|(b))+", "~,b"), ("aba", "((a)|b)*", "a,a"), ("foo", "(o*)*", ""),
        ("xy", "(z)?x", "~"), ("aab", "(a*)(a*)(b?)", "aa,,b"),
        // Preferences.
        ("XY1234Z", "Y*([0-9]{1,3})", "123"), ("XY1234Z", "Y*?([0-9]{1,3})", "1"),
        ("abc01234xyz", "(.*)(\\d+)(.*)", "abc0123,4,xyz"), ("abc01234xyz", "(.*?)(\\d+)(.*)", "abc,0,"),
        ("abc01234xyz", "(?:(.*?)(\\d+)(.*)){1,1}", "abc,01234,xyz"), ("<b>x</b><b>y</b>", "<b>(.*?)</b>", "x"),
        ("a@b@c", "^(.*?)@(.*)$", "a,b@c"), ("aaa", "(a{1,2}?)(a*)", "a,"), ("aaa", "(?:a*){1,1}?a", "a"),
        ("foo", "(f|o)*?$", "o"),
        // Back references.
        ("aXbXc", "(.)\\w\\1", "X"), ("abcabcabc", "(abc)\\1{2}", "abc"), ("aaaa", "(a*)\\1", "aa"),
        ("aaaa", "(a*?)\\1", ""), ("abba", "(a)(b)\\2\\1", "a,b"), ("xX", "(?i)(x)\\1", "x"),
        ("bbbaab", "(bb+|bx)\\1|b+", "~"),
        // Lookaround and other constraints.
        ("foobarbar", "foo(?=bar)", "foo"), ("xyz", "(?<!x)y|z", "z"),
        ("price: 100 USD", "(?<=: )\\d+(?= USD)", "100"), ("aXb", "(?<=a(?=X))X", "X"),
        ("foobar", "(?!foo)...", "oob"), ("ab cd", "\\mcd\\M", "cd"), ("ab", "[[:<:]]a\\Yb[[:>:]]", "ab"),
        ("äb b", "\\yb", "b"), ("a\nb", "(?n)^b", "b"), ("a\nb", "(?w)a.b$", "a\nb"), ("a\nb", "(?n)[^x]+", "a"),
        ("a\nb", "(?n)\\W", "\n"), ("a\nb", "(?p)a.b|b$", "b"),
        // Dialects and options.
        ("ABC", "(?i)[a-c]+", "ABC"), ("ab", "(?x) a b # c", "ab"), ("a.c", "***=a.c", "a.c"), ("a+", "(?q)a+", "a+"),
        ("ab", "a(?#x)b", "ab"), ("aab", "(?b)\\(a\\)\\1b", "a"), ("*a", "(?b)*a", "*a"), ("a)", "(?e)a)", "a)"),
        ("a{x", "a{x", "a{x"), ("abc", "***:(?i)B", "b"),
        // Classes and escapes.
        ("éà٣", "[[:alpha:]]+", "éà٣"), ("12٣", "\\d+", "12"), ("a]b", "[]]", "]"), ("a\\b", "[\\\\]", "\\"),
        ("a\tb", "[[.tab.]]", "\t"), ("ab9 ", "[^\\W\\d]+", "ab"), ("a-b", "[a-]+", "a-"), ("ax", "[[=x=]]", "x"),
        ("a", "\\x61", "a"), ("a", "\\u0061\\Z", "a"), ("a", "\\141", "a"), ("ß", "(?i)ẞ", "ß"),
        ("a", "a\\U00110000?", "a"), ("ab", "(c){0}b", "~"),
    ] {
        let found = Regex::compile(pattern, "").and_then(|regex| regex.is_match(text));
        assert_eq!((rows(text, pattern, "").as_str(), found), (result, Ok(true)), "{text:?} {pattern}");
    }
}

#[test]
#[rustfmt::skip]
fn faults_are_told() {
    for (pattern, what) in [
        ("(a", "parentheses () not balanced"), ("a)", "parentheses () not balanced"),
        ("(?=", "parentheses () not balanced"), ("[a", "brackets [] not balanced"),
        ("[]", "brackets [] not balanced"), ("[[.", "brackets [] not balanced"), ("a{1", "braces {} not balanced"),
        ("a{1a}", "invalid repetition count(s)"), ("a{2,1}", "invalid repetition count(s)"),
        ("a{256}", "invalid repetition count(s)"), ("[b-a]", "invalid character range"),
        ("[a-\\d]", "invalid character range"), ("[a-a-b]", "invalid character range"),
        ("[[:foo:]]", "invalid character class"), ("[[.foo.]]", "invalid collating element"),
        ("*a", "quantifier operand invalid"), ("a**", "quantifier operand invalid"),
        ("^*", "quantifier operand invalid"), ("(?<a)", "quantifier operand invalid"),
        ("***a", "quantifier operand invalid"), ("\\", "invalid escape \\ sequence"),
        ("\\q", "invalid escape \\ sequence"), ("[\\y]", "invalid escape \\ sequence"),
        ("\\u12", "invalid escape \\ sequence"), ("\\1", "invalid backreference number"),
        ("(?=(a)\\1)", "invalid backreference number"), ("(a\\1)", "invalid backreference number"),
        ("***?", "invalid regexp (reg version 0.8)"), ("(?z)a", "invalid embedded option"),
        ("(?i", "invalid embedded option"), ("((a{1,255}){1,255}){1,255}", "regular expression is too complex"),
    ] {
        let message = format!("invalid regular expression: {what}");
        assert_eq!(Regex::compile(pattern, "").unwrap_err(), ValueError::new("2201B", message), "{pattern}");
    }
    let message = "invalid regular expression: invalid argument to regex function";
    assert_eq!(Regex::compile("a", "qx").unwrap_err().message, message);
    let message = "invalid regular expression option: \"z\"";
    assert_eq!(Regex::compile("a", "z").unwrap_err(), ValueError::new("22023", message));
    let error = Flags::parse_for("ig", "regexp_match()").unwrap_err();
    assert_eq!(error.message, "regexp_match() does not support the \"global\" option");
    assert_eq!(error.hint.as_deref(), Some("Use the regexp_matches function instead."));
    assert!(Flags::parse_for_replace("1").unwrap_err().hint.is_some());
}

#[test]
fn functions_count_as_postgresql_does() {
    assert_eq!(rows("abcab", "(a)(b)?", "g"), "a,b;a,b");
    assert_eq!(rows("abc", "b*", "g"), ";b;;");
    let new = |pattern, flags| Regex::compile(pattern, flags).unwrap();
    assert_eq!(new("foo(b..)", "").substring("foobar").unwrap(), Some("bar"));
    assert_eq!(new("o.b", "").substring("foobar").unwrap(), Some("oob"));
    assert_eq!(new("(z)?o", "").substring("foobar").unwrap(), None);
    assert_eq!(new("b..", "").regexp_match("foobarbaz").unwrap(), Some(vec![Some("bar")]));
    for (text, pattern, flags, replacement, result) in [
        ("foobarbaz", "b..", "", "X", "fooXbaz"),
        ("foobarbaz", "b(..)", "g", "X\\1Y", "fooXarYXazY"),
        ("abc", "x*", "g", "-", "-a-b-c-"),
        ("abc", "(b)(z)?", "", "<\\&|\\1|\\2|\\9|\\\\|\\x\\", "a<b|b|||\\|\\x\\c"),
        ("ABC", "b", "i", "é", "AéC"),
    ] {
        assert_eq!(new(pattern, flags).replace(text, replacement).as_deref(), Ok(result));
    }
    let replace = |start, n| new("b", "").replace_nth("abbbb", "X", Wanted::for_replace(start, n)?);
    assert_eq!((replace(3, Some(2)).as_deref(), replace(3, Some(0)).as_deref()), (Ok("abbXb"), Ok("abXXX")));
    assert_eq!(replace(99, None).as_deref(), Ok("abbbb"));
    assert_eq!(replace(0, None).unwrap_err().message, "invalid value for parameter \"start\": 0");
    assert_eq!(replace(1, Some(-1)).unwrap_err().message, "invalid value for parameter \"n\": -1");
    for (text, pattern, parts) in [
        ("hello world", "\\s+", "hello|world"),
        ("abc", "", "a|b|c"),
        ("aXbX", "X", "a|b|"),
        ("", "x", ""),
        ("ab  cd", "\\s*", "a|b|c|d"),
    ] {
        assert_eq!(new(pattern, "").split(text).unwrap().join("|"), parts);
    }
    let from = |start| Wanted::for_count(start).unwrap();
    assert_eq!((new("é.", "").count("éaébé", from(1)), new("", "").count("abc", from(3))), (Ok(2), Ok(2)));
    assert_eq!(Wanted::for_count(0).unwrap_err().message, "invalid value for parameter \"start\": 0");
    let instr = |n, end, group| new("(b)(.)", "").instr("éabcabd", Wanted::for_instr(1, n, end, group)?);
    assert_eq!(
        (instr(1, 0, 0), instr(2, 1, 0), instr(2, 0, 2), instr(3, 0, 0), instr(1, 0, 3)),
        (Ok(3), Ok(8), Ok(7), Ok(0), Ok(0))
    );
    assert_eq!(instr(1, 2, 0).unwrap_err().message, "invalid value for parameter \"endoption\": 2");
    assert_eq!(instr(1, 0, -1).unwrap_err().message, "invalid value for parameter \"subexpr\": -1");
    assert_eq!(new("b", "").instr("ab", Wanted::for_instr(1, 1, 0, 1).unwrap()), Ok(2));
    let substr = |group| new("b(.)", "").substr("abcabd", Wanted::for_substr(1, 2, group)?);
    assert_eq!((substr(0), substr(1)), (Ok(Some("bd")), Ok(Some("d"))));
}

#[test]
fn nothing_hostile_takes_long_or_deep() {
    let nested = |count: usize| "(".repeat(count) + "a" + &")".repeat(count);
    assert!(Regex::compile(&nested(150), "").and_then(|regex| regex.is_match("a")).is_ok());
    for pattern in [
        "(a)".repeat(5000),
        nested(100_000),
        "[\\w\\W]".repeat(20_000),
        "(?i)".to_owned() + &"[\u{1}-\u{ffff}]".repeat(100),
    ] {
        assert!(Regex::compile(&pattern, "").is_err());
    }
    for (pattern, text) in
        [("(x+x+)+y", "x".repeat(5000)), ("(a*)*\\1b", "a".repeat(60)), ("(?=(a|b)*c)", "ab".repeat(5000))]
    {
        assert_eq!(Regex::compile(pattern, "").and_then(|regex| regex.is_match(&text)), Ok(false));
    }
}
