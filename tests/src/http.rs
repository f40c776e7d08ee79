//! A plain HTTP client: what goes over the socket is what the test says. And what a page of metrics says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than any answer takes, and than the server bears with a silent client.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// The lines of the head, as they came.
    pub head: String,
    pub body: String,
}

impl Answer {
    /// A field of the head, whatever the case of its name.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The answer to GET.
pub fn get(port: u16, path: &str) -> Answer {
    request(port, "GET", path).unwrap_or_else(|e| panic!("GET {path}: {e}"))
}

/// The answer to a request without a body; an error if the server breaks off.
pub fn request(port: u16, method: &str, path: &str) -> io::Result<Answer> {
    let mut stream = connect(port)?;
    stream.write_all(format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, format!("no whole answer: {text:?}"));
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// A connection on which nothing was said yet.
pub fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// The numbers of a page of metrics, by name and labels as they are written: `weir_x_total{outcome="ok"}`. The page must
/// be whole and sound: each family is declared once, before its numbers, which stand together and once each.
pub fn numbers(page: &str) -> BTreeMap<String, f64> {
    let page = page.strip_suffix("# EOF\n").expect("a page that ends with # EOF");
    let (mut declared, mut numbers) = (BTreeSet::new(), BTreeMap::new());
    let mut family = ("", "");
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            family = rest.split_once(' ').expect("a name and a type");
            assert!(declared.insert(family.0), "declared twice: {line}");
        } else if !line.starts_with("# ") {
            let (name, number) = line.rsplit_once(' ').expect("a name and a number");
            assert!(is_of(name, family), "{line} under {family:?}");
            let number = number.parse().unwrap_or_else(|e| panic!("{line}: {e}"));
            assert!(numbers.insert(name.to_owned(), number).is_none(), "there twice: {line}");
        }
    }
    numbers
}

/// Whether a number's name, with its labels, is one that its family's type allows.
fn is_of(name: &str, (family, kind): (&str, &str)) -> bool {
    let bare = name.split('{').next().unwrap_or_default();
    let labels = &name[bare.len()..];
    let quoted = |label: &str| label.split_once("=\"").is_some_and(|(_, value)| value.ends_with('"'));
    let inner = labels.strip_prefix('{').and_then(|labels| labels.strip_suffix('}'));
    let sound = labels.is_empty() || inner.is_some_and(|inner| inner.split(',').all(quoted));
    let suffixes: &[&str] = match kind {
        "counter" => &["_total"],
        "gauge" => &[""],
        "info" => &["_info"],
        "histogram" => &["_bucket", "_count", "_sum"],
        _ => &[],
    };
    sound && bare.strip_prefix(family).is_some_and(|suffix| suffixes.contains(&suffix))
}
