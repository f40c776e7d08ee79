//! Takes the text of `weir.toml` apart, and knows where each part stands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, KINDS, Places, SourceConfig};

/// What the text of `file` says; nothing is read beside it.
pub fn parse(file: &Path, text: &str) -> Result<Config, ConfigError> {
    let reader = Reader { file, text };
    let mut root = DeTable::parse(text).map_err(|error| reader.toml(&error, 0..0))?.into_inner();
    let places = reader.places(&root);
    let config = Config {
        server: reader.section(&mut root, "server")?.unwrap_or_default(),
        tls: reader.section(&mut root, "tls")?,
        policies: reader
            .section(&mut root, "policies")?
            .ok_or_else(|| reader.at(0..0, "expected a section [policies] with path = \"...\"".to_owned()))?,
        audit: reader.section(&mut root, "audit")?.unwrap_or_default(),
        limits: reader.section(&mut root, "limits")?.unwrap_or_default(),
        sources: reader.sources(&mut root)?,
        places,
    };
    match root.into_iter().next() {
        Some((key, _)) => Err(reader.at(
            key.span(),
            format!(
                "unknown section `{}`, expected one of `server`, `tls`, `policies`, `audit`, `limits`, `sources`",
                key.get_ref()
            ),
        )),
        None => Ok(config),
    }
}

/// Takes the file apart and knows where each part stands.
struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn section<T: for<'de> Deserialize<'de>>(
        &self,
        root: &mut DeTable<'a>,
        name: &str,
    ) -> Result<Option<T>, ConfigError> {
        root.remove(name).map(|value| self.typed(value)).transpose()
    }

    fn typed<T: for<'de> Deserialize<'de>>(&self, value: Spanned<DeValue<'a>>) -> Result<T, ConfigError> {
        let section = value.span();
        // What is wrong with keys as a whole has no place of its own.
        T::deserialize(toml::de::ValueDeserializer::from(value)).map_err(|error| self.toml(&error, section))
    }

    fn sources(&self, root: &mut DeTable<'a>) -> Result<BTreeMap<String, SourceConfig>, ConfigError> {
        let Some(value) = root.remove("sources") else { return Ok(BTreeMap::new()) };
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            return Err(self.at(span, "expected sections [sources.NAME]".to_owned()));
        };
        table.into_iter().map(|(name, value)| Ok((name.get_ref().to_string(), self.source(&name, value)?))).collect()
    }

    fn places(&self, root: &DeTable<'a>) -> Places {
        let section = |name: &str| root.get(name).and_then(|value| value.get_ref().as_table());
        let named = |(name, _): (&Spanned<Cow<'a, str>>, _)| (name.get_ref().to_string(), self.line(name.span()));
        let key = |name: &str, wanted: &str| {
            let (key, _) = section(name)?.iter().find(|(key, _)| key.get_ref() == wanted)?;
            Some(self.line(key.span()))
        };
        Places {
            file: self.file.to_owned(),
            listen: key("server", "listen"),
            http: key("server", "http"),
            hash_key: key("policies", "hash_key"),
            sources: section("sources").map(|sources| sources.iter().map(named).collect()).unwrap_or_default(),
        }
    }

    fn source(&self, name: &Spanned<Cow<'a, str>>, value: Spanned<DeValue<'a>>) -> Result<SourceConfig, ConfigError> {
        let reserved = ["pg_catalog", "information_schema", "weir"];
        if reserved.contains(&name.get_ref().as_ref()) {
            return Err(self.at(name.span(), format!("the source name `{}` is reserved", name.get_ref())));
        }
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            return Err(self.at(span, format!("expected a section [sources.{}]", name.get_ref())));
        };
        let kind = table
            .remove("kind")
            .ok_or_else(|| self.at(name.span(), format!("source `{}` needs kind = {KINDS}", name.get_ref())))?;
        let kind_span = kind.span();
        let body = Spanned::new(span, DeValue::Table(table));
        match kind.get_ref().as_str() {
            Some("delta") => Ok(SourceConfig::Delta(self.typed(body)?)),
            Some("postgres") => Ok(SourceConfig::Postgres(self.typed(body)?)),
            Some("avro") => Ok(SourceConfig::Avro(self.typed(body)?)),
            _ => Err(self.at(kind_span, format!("unknown kind, expected {KINDS}"))),
        }
    }

    /// A mistake within `section`, at its own place if it has one.
    fn toml(&self, error: &toml::de::Error, section: Range<usize>) -> ConfigError {
        self.at(error.span().unwrap_or(section), error.message().trim_end().replace('\n', ", "))
    }

    fn at(&self, span: Range<usize>, message: String) -> ConfigError {
        ConfigError { file: self.file.to_owned(), line: Some(self.line(span)), message }
    }

    fn line(&self, span: Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.bytes().filter(|&byte| byte == b'\n').count() + 1
    }
}
