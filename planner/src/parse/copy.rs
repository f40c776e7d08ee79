//! `COPY ... TO STDOUT` and its options (documentation, "COPY").

use datafusion::sql::sqlparser::tokenizer::Token;

use weir_encode::{CopyFormat, CopyOptions, ForceQuote};

use super::tokens::Tokens;
use super::{Kind, Query, Refusal, parse_tree, split};
use crate::PlanError;

/// A query whose rows go out as a file's contents.
#[derive(Debug, Clone)]
pub struct Copy {
    pub query: Query,
    pub options: CopyOptions,
}

/// What follows COPY.
pub(super) fn copy(tokens: &mut Tokens<'_>) -> Result<Kind, PlanError> {
    let query = match tokens.take_token(&Token::LParen) {
        true => {
            let within = tokens.enclosed()?;
            tokens.piece(within).and_then(|piece| parse_tree(tokens.sql, piece))?
        }
        // Read only once it is sure that it isn't COPY FROM, whose columns mean something else.
        false => match table(tokens)? {
            Some(sql) => parse_whole(&sql)?,
            None => return Ok(Kind::Refused(Refusal::ReadOnly("COPY FROM"))),
        },
    };
    tokens.expect("TO")?;
    if !tokens.take("STDOUT") {
        // Neither a file nor a program of the server's is anyone's to write.
        let program = tokens.take("PROGRAM");
        let Some(Token::SingleQuotedString(_)) = tokens.peek() else { return Err(tokens.error()) };
        let what = if program { "COPY to an external program" } else { "COPY to a file" };
        return Err(PlanError::Forbidden { what: what.to_owned() });
    }
    let options = Options::read(tokens)?.checked()?;
    tokens.end()?;
    Ok(match query {
        Kind::Query(query) => Kind::Copy(Copy { query, options }),
        refused @ Kind::Refused(_) => refused,
        _ => Kind::Refused(Refusal::Unsupported("COPY of anything but a query")),
    })
}

/// `table` or `table (column, ...)` as the query that reads it; `None` if rows are to be copied into it.
fn table(tokens: &mut Tokens<'_>) -> Result<Option<String>, PlanError> {
    let from = tokens.at;
    tokens.setting_name()?;
    let name = tokens.piece(from..tokens.at)?.text;
    let columns = match tokens.take_token(&Token::LParen) {
        true => {
            let within = tokens.enclosed()?;
            tokens.piece(within)?.text
        }
        false => "*",
    };
    Ok(if tokens.peek_is("FROM") { None } else { Some(format!("SELECT {columns} FROM {name}")) })
}

fn parse_whole(sql: &str) -> Result<Kind, PlanError> {
    let mut pieces = split::split(sql)?;
    match (pieces.pop(), pieces.is_empty()) {
        (Some(piece), true) => parse_tree(sql, piece),
        _ => Err(PlanError::Syntax { message: "syntax error".to_owned(), detail: None, position: None }),
    }
}

/// Options as they are written.
#[derive(Default)]
struct Options {
    format: Option<CopyFormat>,
    delimiter: Option<String>,
    null: Option<String>,
    header: Option<bool>,
    quote: Option<String>,
    escape: Option<String>,
    force_quote: Option<ForceQuote>,
}

impl Options {
    /// `(FORMAT csv, HEADER)`, or the words of before PostgreSQL 9.0: `CSV HEADER`.
    fn read(tokens: &mut Tokens<'_>) -> Result<Self, PlanError> {
        let mut options = Self::default();
        tokens.take("WITH");
        if tokens.take_token(&Token::LParen) {
            loop {
                options.named(tokens)?;
                if !tokens.take_token(&Token::Comma) {
                    break;
                }
            }
            return if tokens.take_token(&Token::RParen) { Ok(options) } else { Err(tokens.error()) };
        }
        while tokens.peek().is_some() {
            options.word(tokens)?;
        }
        Ok(options)
    }

    fn named(&mut self, tokens: &mut Tokens<'_>) -> Result<(), PlanError> {
        let name = tokens.name()?;
        match name.as_str() {
            "format" => set(&mut self.format, &name, format(&tokens.value()?)?),
            "delimiter" => set(&mut self.delimiter, &name, tokens.value()?),
            "null" => set(&mut self.null, &name, tokens.value()?),
            "quote" => set(&mut self.quote, &name, tokens.value()?),
            "escape" => set(&mut self.escape, &name, tokens.value()?),
            "header" => {
                let bare = matches!(tokens.peek(), Some(Token::Comma | Token::RParen));
                let header = if bare { true } else { flag(&name, &tokens.value()?)? };
                set(&mut self.header, &name, header)
            }
            "encoding" => encoding(&tokens.value()?),
            "force_quote" => {
                let columns = match tokens.take_token(&Token::Mul) {
                    true => ForceQuote::All,
                    false if tokens.take_token(&Token::LParen) => {
                        let columns = columns(tokens)?;
                        if !tokens.take_token(&Token::RParen) {
                            return Err(tokens.error());
                        }
                        columns
                    }
                    false => return Err(invalid("argument to option \"force_quote\" must be a list of column names")),
                };
                set(&mut self.force_quote, &name, columns)
            }
            "freeze" | "on_error" | "log_verbosity" | "force_not_null" | "force_null" | "default" => {
                Err(invalid(&format!("COPY {} cannot be used with COPY TO", name.to_uppercase())))
            }
            _ => Err(syntax(format!("option \"{name}\" not recognized"))),
        }
    }

    fn word(&mut self, tokens: &mut Tokens<'_>) -> Result<(), PlanError> {
        let at = tokens.at;
        let name = tokens.name()?;
        let value = |tokens: &mut Tokens<'_>| {
            tokens.take("AS");
            tokens.value()
        };
        match name.as_str() {
            "binary" => set(&mut self.format, "format", CopyFormat::Binary),
            "csv" => set(&mut self.format, "format", CopyFormat::Csv),
            "header" => set(&mut self.header, &name, true),
            "delimiter" | "delimiters" => set(&mut self.delimiter, "delimiter", value(tokens)?),
            "null" => set(&mut self.null, &name, value(tokens)?),
            "quote" => set(&mut self.quote, &name, value(tokens)?),
            "escape" => set(&mut self.escape, &name, value(tokens)?),
            "encoding" => encoding(&tokens.value()?),
            "force" => {
                tokens.expect("QUOTE")?;
                let columns = if tokens.take_token(&Token::Mul) { ForceQuote::All } else { columns(tokens)? };
                set(&mut self.force_quote, "force_quote", columns)
            }
            _ => {
                tokens.at = at;
                Err(tokens.error())
            }
        }
    }

    /// With what isn't said, if all of it can be.
    fn checked(self) -> Result<CopyOptions, PlanError> {
        let format = self.format.unwrap_or(CopyFormat::Text);
        let (csv, binary) = (format == CopyFormat::Csv, format == CopyFormat::Binary);
        let in_binary = [("DELIMITER", self.delimiter.is_some()), ("NULL", self.null.is_some())];
        if let Some((name, _)) = in_binary.into_iter().find(|(_, given)| binary && *given) {
            return Err(syntax(format!("cannot specify {name} in BINARY mode")));
        }
        if binary && self.header == Some(true) {
            return Err(invalid("cannot specify HEADER in BINARY mode"));
        }
        let of_csv = [
            ("QUOTE", self.quote.is_some()),
            ("ESCAPE", self.escape.is_some()),
            ("FORCE_QUOTE", self.force_quote.is_some()),
        ];
        if let Some((name, _)) = of_csv.into_iter().find(|(_, given)| !csv && *given) {
            return Err(invalid(&format!("COPY {name} requires CSV mode")));
        }
        let delimiter = one_byte("delimiter", self.delimiter.as_deref().unwrap_or(if csv { "," } else { "\t" }))?;
        let quote = one_byte("quote", self.quote.as_deref().unwrap_or("\""))?;
        let escape = self.escape.as_deref().map_or(Ok(quote), |escape| one_byte("escape", escape))?;
        let null = self.null.unwrap_or_else(|| if csv { String::new() } else { "\\N".to_owned() });
        if matches!(delimiter, b'\n' | b'\r') {
            return Err(parameter("COPY delimiter cannot be newline or carriage return"));
        }
        if !csv && (delimiter.is_ascii_lowercase() || delimiter.is_ascii_digit() || matches!(delimiter, b'\\' | b'.')) {
            return Err(parameter(&format!("COPY delimiter cannot be \"{}\"", char::from(delimiter))));
        }
        if null.contains(['\n', '\r']) {
            return Err(parameter("COPY null representation cannot use newline or carriage return"));
        }
        if null.as_bytes().contains(&delimiter) && !binary {
            return Err(invalid("COPY delimiter character must not appear in the NULL specification"));
        }
        if csv && delimiter == quote {
            return Err(parameter("COPY delimiter and quote must be different"));
        }
        if csv && null.as_bytes().contains(&quote) {
            return Err(invalid("CSV quote character must not appear in the NULL specification"));
        }
        let force_quote = self.force_quote.unwrap_or(ForceQuote::Columns(Vec::new()));
        Ok(CopyOptions { format, delimiter, null, header: self.header.unwrap_or(false), quote, escape, force_quote })
    }
}

fn set<T>(option: &mut Option<T>, name: &str, value: T) -> Result<(), PlanError> {
    match option.replace(value) {
        None => Ok(()),
        Some(_) => Err(syntax(format!("conflicting or redundant options: {name}"))),
    }
}

fn format(name: &str) -> Result<CopyFormat, PlanError> {
    match name {
        "text" => Ok(CopyFormat::Text),
        "csv" => Ok(CopyFormat::Csv),
        "binary" => Ok(CopyFormat::Binary),
        _ => Err(parameter(&format!("COPY format \"{name}\" not recognized"))),
    }
}

fn encoding(name: &str) -> Result<(), PlanError> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.eq_ignore_ascii_case("utf8") || plain.eq_ignore_ascii_case("unicode") {
        true => Ok(()),
        false => Err(PlanError::Unsupported { what: format!("the encoding \"{name}\"") }),
    }
}

fn columns(tokens: &mut Tokens<'_>) -> Result<ForceQuote, PlanError> {
    let mut names = vec![tokens.name()?];
    while tokens.take_token(&Token::Comma) {
        names.push(tokens.name()?);
    }
    Ok(ForceQuote::Columns(names))
}

fn flag(name: &str, value: &str) -> Result<bool, PlanError> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Ok(true),
        "false" | "off" | "0" => Ok(false),
        "match" => Err(invalid("cannot use \"match\" with HEADER in COPY TO")),
        _ => Err(syntax(format!("{name} requires a Boolean value or \"match\""))),
    }
}

fn one_byte(what: &str, text: &str) -> Result<u8, PlanError> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ => Err(invalid(&format!("COPY {what} must be a single one-byte character"))),
    }
}

fn syntax(message: String) -> PlanError {
    PlanError::Syntax { message, detail: None, position: None }
}

/// Sound by itself, but not here.
fn invalid(message: &str) -> PlanError {
    PlanError::InvalidOption { message: message.to_owned(), unsupported: true }
}

fn parameter(message: &str) -> PlanError {
    PlanError::InvalidOption { message: message.to_owned(), unsupported: false }
}
