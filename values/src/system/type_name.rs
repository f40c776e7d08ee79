//! How type names are read, as `regtype` and casts write them.

use super::type_format::INTERVAL_FIELDS;
use super::type_table::{array_type_of, builtin_by_name};
use super::type_token::{Placed, Token, is_keyword, syntax_error, tokens};
use super::typmod::{
    INTERVAL_FULL_RANGE, bit_typmod, character_typmod, interval_typmod, not_allowed, numeric_typmod, time_typmod,
};
use crate::{Result, ValueError, code};

/// A built-in type and its modifier, -1 if it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeName {
    pub oid: u32,
    pub typmod: i32,
}

/// `timestamp(3) with time zone`, `int[]`, `pg_catalog.int4`, ...: 42704 if there is no such built-in type.
pub fn parse_type(text: &str) -> Result<TypeName> {
    let mut reader = Reader { text, tokens: tokens(text)?, at: 0 };
    if reader.tokens.is_empty() {
        return Err(ValueError::new(code::SYNTAX_ERROR, format!("invalid type name \"{text}\"")));
    }
    if reader.peek_word("setof") {
        reader.at += 1;
        reader.type_name()?;
        return Err(ValueError::new(code::SYNTAX_ERROR, format!("invalid type name \"{text}\"")));
    }
    reader.type_name()
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Placed>,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|placed| &placed.token)
    }

    fn peek_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word { name, quoted: false }) if name == word)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek_word(word);
        self.at += usize::from(found);
        found
    }

    fn take_symbol(&mut self, symbol: char) -> bool {
        let found = self.peek() == Some(&Token::Symbol(symbol));
        self.at += usize::from(found);
        found
    }

    fn expect_word(&mut self, word: &str) -> Result<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn expect_symbol(&mut self, symbol: char) -> Result<()> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> ValueError {
        let near = self.tokens.get(self.at).and_then(|placed| self.text.get(placed.start..placed.end));
        syntax_error(near.unwrap_or_default())
    }

    fn number(&mut self) -> Result<i32> {
        let negative = self.take_symbol('-');
        let Some(Token::Number(number)) = self.peek() else { return Err(self.unexpected()) };
        let number = *number;
        self.at += 1;
        Ok(if negative { -number } else { number })
    }

    /// A type, perhaps an array one, to the end of the text.
    fn type_name(&mut self) -> Result<TypeName> {
        let element = self.simple_type()?;
        let mut is_array = false;
        if self.take_word("array") {
            is_array = true;
            if self.take_symbol('[') {
                self.number()?;
                self.expect_symbol(']')?;
            }
        } else {
            while self.take_symbol('[') {
                is_array = true;
                if self.peek() != Some(&Token::Symbol(']')) {
                    self.number()?;
                }
                self.expect_symbol(']')?;
            }
        }
        if self.at < self.tokens.len() {
            return Err(self.unexpected());
        }
        Parsed { is_array, ..element }.resolve()
    }

    fn simple_type(&mut self) -> Result<Parsed> {
        let (word, quoted) = match self.peek() {
            Some(Token::Word { name, quoted }) => (name.clone(), *quoted),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        if quoted || self.peek() == Some(&Token::Symbol('.')) {
            return self.generic(word);
        }
        let system = |name: &str| Parsed::system(name, Vec::new());
        match word.as_str() {
            "int" | "integer" => Ok(system("int4")),
            "smallint" => Ok(system("int2")),
            "bigint" => Ok(system("int8")),
            "real" => Ok(system("float4")),
            "boolean" => Ok(system("bool")),
            "double" if self.take_word("precision") => Ok(system("float8")),
            // What SQL says of these is a syntax.
            "json" => Ok(system("json")),
            "float" => self.float(),
            "decimal" | "dec" | "numeric" => Ok(Parsed::system("numeric", self.modifiers()?)),
            "bit" => {
                let varying = self.take_word("varying");
                let modifiers = self.modifiers()?;
                // A bit alone is one of length 1.
                let modifiers = if modifiers.is_empty() && !varying { vec![1] } else { modifiers };
                Ok(Parsed::system(if varying { "varbit" } else { "bit" }, modifiers))
            }
            "character" | "char" | "nchar" => self.character(),
            "national" => {
                if !self.take_word("character") && !self.take_word("char") {
                    return Err(self.unexpected());
                }
                self.character()
            }
            "varchar" => Ok(Parsed::system("varchar", self.length()?)),
            "time" | "timestamp" => {
                let modifiers = self.length()?;
                let with_zone = self.time_zone()?;
                let name = match (word.as_str(), with_zone) {
                    ("time", false) => "time",
                    ("time", true) => "timetz",
                    (_, false) => "timestamp",
                    (_, true) => "timestamptz",
                };
                Ok(Parsed::system(name, modifiers))
            }
            "interval" => self.interval(),
            _ if is_keyword(&word) => {
                self.at -= 1;
                Err(self.unexpected())
            }
            _ => self.generic(word),
        }
    }

    fn float(&mut self) -> Result<Parsed> {
        let name = match self.length()?.as_slice() {
            [precision] if *precision < 1 => {
                return Err(ValueError::invalid_parameter("precision for type float must be at least 1 bit"));
            }
            [1..=24] => "float4",
            [] | [25..=53] => "float8",
            _ => return Err(ValueError::invalid_parameter("precision for type float must be less than 54 bits")),
        };
        Ok(Parsed::system(name, Vec::new()))
    }

    fn character(&mut self) -> Result<Parsed> {
        let varying = self.take_word("varying");
        let length = self.length()?;
        // A character alone is one of length 1.
        let length = if length.is_empty() && !varying { vec![1] } else { length };
        Ok(Parsed::system(if varying { "varchar" } else { "bpchar" }, length))
    }

    fn time_zone(&mut self) -> Result<bool> {
        let with = self.peek_word("with");
        if !with && !self.peek_word("without") {
            return Ok(false);
        }
        // The word is taken only with the next one.
        self.at += 1;
        if !self.take_word("time") {
            self.at -= 1;
            return Err(self.unexpected());
        }
        self.expect_word("zone").map(|()| with)
    }

    fn interval(&mut self) -> Result<Parsed> {
        if self.peek() == Some(&Token::Symbol('(')) {
            let precision = self.length()?.first().copied();
            return Ok(Parsed {
                interval: Some((INTERVAL_FULL_RANGE, precision)),
                ..Parsed::system("interval", Vec::new())
            });
        }
        let word = |reader: &Self| match reader.peek() {
            Some(Token::Word { name, quoted: false }) => name.clone(),
            _ => String::new(),
        };
        let mut fields = word(self);
        if !INTERVAL_FIELDS.iter().any(|(_, name)| *name == fields) {
            return Ok(Parsed::system("interval", Vec::new()));
        }
        self.at += 1;
        if !matches!(fields.as_str(), "month" | "second") && self.take_word("to") {
            fields = format!("{fields} to {}", word(self));
            if !INTERVAL_FIELDS.iter().any(|(_, name)| *name == fields) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        let precision = if fields.ends_with("second") { self.length()?.first().copied() } else { None };
        let range =
            INTERVAL_FIELDS.iter().find(|(_, name)| *name == fields).map_or(INTERVAL_FULL_RANGE, |(mask, _)| *mask);
        Ok(Parsed { interval: Some((range, precision)), ..Parsed::system("interval", Vec::new()) })
    }

    /// A name, perhaps with its schema.
    fn generic(&mut self, first: String) -> Result<Parsed> {
        let mut names = vec![first];
        while self.take_symbol('.') {
            let Some(Token::Word { name, .. }) = self.peek() else { return Err(self.unexpected()) };
            names.push(name.clone());
            self.at += 1;
        }
        Ok(Parsed { names, modifiers: self.modifiers()?, interval: None, is_array: false })
    }

    /// `(10, 2)`, or nothing.
    fn modifiers(&mut self) -> Result<Vec<i32>> {
        let mut modifiers = Vec::new();
        if self.take_symbol('(') {
            loop {
                if let Some(Token::Word { name, .. }) = self.peek() {
                    return Err(ValueError::invalid_text("integer", name));
                }
                modifiers.push(self.number()?);
                if !self.take_symbol(',') {
                    break;
                }
            }
            self.expect_symbol(')')?;
        }
        Ok(modifiers)
    }

    /// `(10)`, or nothing.
    fn length(&mut self) -> Result<Vec<i32>> {
        let mut length = Vec::new();
        if self.take_symbol('(') {
            let Some(Token::Number(number)) = self.peek() else { return Err(self.unexpected()) };
            length.push(*number);
            self.at += 1;
            self.expect_symbol(')')?;
        }
        Ok(length)
    }
}

/// A type as it is written.
struct Parsed {
    names: Vec<String>,
    modifiers: Vec<i32>,
    /// The fields and the precision of an interval.
    interval: Option<(i32, Option<i32>)>,
    is_array: bool,
}

impl Parsed {
    fn system(name: &str, modifiers: Vec<i32>) -> Self {
        Self { names: vec![name.to_owned()], modifiers, interval: None, is_array: false }
    }

    fn shown(&self) -> String {
        self.names.join(".") + if self.is_array { "[]" } else { "" }
    }

    fn resolve(&self) -> Result<TypeName> {
        let missing = || ValueError::new(code::UNDEFINED_OBJECT, format!("type \"{}\" does not exist", self.shown()));
        let name = match self.names.as_slice() {
            [name] => name,
            [schema, name] if schema == "pg_catalog" => name,
            [_, _, _] => {
                let message = format!("cross-database references are not implemented: {}", self.shown());
                return Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message));
            }
            [_, _, _, _, ..] => {
                let message = format!("improper qualified name (too many dotted names): {}", self.shown());
                return Err(ValueError::new(code::SYNTAX_ERROR, message));
            }
            _ => return Err(missing()),
        };
        let name = cut_name(name);
        let oid = match (builtin_by_name(name), name.strip_prefix('_').and_then(builtin_by_name)) {
            (Some(builtin), _) => builtin.oid,
            (None, Some(item)) if item.array_oid != 0 => item.array_oid,
            _ => return Err(missing()),
        };
        let oid = if self.is_array { array_type_of(oid).ok_or_else(missing)? } else { oid };
        Ok(TypeName { oid, typmod: self.typmod(name)? })
    }

    fn typmod(&self, name: &str) -> Result<i32> {
        if let Some((range, precision)) = self.interval {
            return interval_typmod(range, precision);
        }
        let modifiers = self.modifiers.as_slice();
        if modifiers.is_empty() {
            return Ok(-1);
        }
        match name.strip_prefix('_').unwrap_or(name) {
            "numeric" => numeric_typmod(modifiers),
            "varchar" => character_typmod("varchar", modifiers),
            "bpchar" => character_typmod("char", modifiers),
            "bit" => bit_typmod("bit", modifiers),
            "varbit" => bit_typmod("varbit", modifiers),
            "time" => time_typmod("TIME", "", modifiers),
            "timetz" => time_typmod("TIME", " WITH TIME ZONE", modifiers),
            "timestamp" => time_typmod("TIMESTAMP", "", modifiers),
            "timestamptz" => time_typmod("TIMESTAMP", " WITH TIME ZONE", modifiers),
            _ => Err(not_allowed(&self.shown())),
        }
    }
}

/// A name is cut to 63 bytes.
fn cut_name(name: &str) -> &str {
    const LONGEST: usize = 63;
    name.get(..name.floor_char_boundary(LONGEST)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        for (text, oid, typmod) in [
            ("int", 23, -1),
            (" INTEGER [3][] ", 1007, -1),
            ("\"char\"", 18, -1),
            ("char", 1042, 5),
            ("character varying(5)", 1043, 9),
            ("varchar[]", 1015, -1),
            ("decimal(10, 2)", 1700, (10 << 16 | 2) + 4),
            ("numeric(5,-2)", 1700, (5 << 16 | (-2 & 0x7ff)) + 4),
            ("float(24)", 700, -1),
            ("double precision", 701, -1),
            ("bit", 1560, 1),
            ("bit varying", 1562, -1),
            ("timestamp(3) with time zone", 1184, 3),
            ("time without time zone", 1083, -1),
            ("interval", 1186, -1),
            ("interval day to second(3)", 1186, (8 | 1024 | 2048 | 4096) << 16 | 3),
            ("interval year to month array", 1187, 6 << 16 | 0xffff),
            ("pg_catalog.int4", 23, -1),
            ("_text", 1009, -1),
        ] {
            assert_eq!(parse_type(text), Ok(TypeName { oid, typmod }), "{text}");
        }
    }

    #[test]
    fn wrong_names_are_told() {
        for (text, code, message) in [
            ("", "42601", "invalid type name \"\""),
            ("setof int", "42601", "invalid type name \"setof int\""),
            ("foo", "42704", "type \"foo\" does not exist"),
            ("\"Foo\"[]", "42704", "type \"Foo[]\" does not exist"),
            ("int x", "42601", "syntax error at or near \"x\""),
            ("int[", "42601", "syntax error at end of input"),
            ("select", "42601", "syntax error at or near \"select\""),
            ("text(3)", "42601", "type modifier is not allowed for type \"text\""),
            ("varchar(0)", "22023", "length for type varchar must be at least 1"),
            ("char(10485761)", "22023", "length for type char cannot exceed 10485760"),
            ("numeric(0)", "22023", "NUMERIC precision 0 must be between 1 and 1000"),
            ("numeric(5,1001)", "22023", "NUMERIC scale 1001 must be between -1000 and 1000"),
            ("numeric(1,2,3)", "22023", "invalid NUMERIC type modifier"),
            ("float(54)", "22023", "precision for type float must be less than 54 bits"),
            ("a.b.c.d", "42601", "improper qualified name (too many dotted names): a.b.c.d"),
        ] {
            let error = parse_type(text).unwrap_err();
            assert_eq!((error.code, error.message.as_str()), (code, message), "{text}");
        }
    }
}
