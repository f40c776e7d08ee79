//! Test results in the XML that JUnit's Ant task began and CI servers read.

use std::fmt::Write;

use super::test::TestResult;

/// One `testsuite` with a `testcase` per test.
pub fn report(results: &[TestResult]) -> String {
    let failed = results.iter().filter(|result| result.failed()).count();
    let seconds: f64 = results.iter().map(|result| result.duration.as_secs_f64()).sum();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"policies\" tests=\"{}\" failures=\"{failed}\" time=\"{seconds:.3}\">\n",
        results.len()
    );
    for result in results {
        // Writing into a string can't fail.
        let _ = case(result, &mut xml);
    }
    xml + "</testsuite>\n"
}

fn case(result: &TestResult, xml: &mut String) -> std::fmt::Result {
    let (name, file, line) = (escaped(&result.name), escaped(&result.file), result.line);
    let seconds = result.duration.as_secs_f64();
    write!(
        xml,
        "  <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\" time=\"{seconds:.3}\""
    )?;
    if !result.failed() {
        return writeln!(xml, "/>");
    }
    writeln!(xml, ">")?;
    for failure in &result.failures {
        writeln!(xml, "    <failure message=\"{}\"/>", escaped(failure))?;
    }
    for name in &result.unchecked {
        writeln!(xml, "    <failure message=\"{}: its source can&#39;t be reached\"/>", escaped(name))?;
    }
    writeln!(xml, "  </testcase>")
}

/// A text as the value of an attribute. Characters that XML can't hold are shown as what stands for the unknown.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\r' => safe.push_str("&#13;"),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}
