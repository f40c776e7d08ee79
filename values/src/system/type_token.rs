//! The words and symbols of a type name.

use crate::{Result, ValueError, code};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, folded to lower case unless it is quoted.
    Word {
        name: String,
        quoted: bool,
    },
    Number(i32),
    Symbol(char),
}

pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

pub(super) fn syntax_error(near: &str) -> ValueError {
    let message = match near {
        "" => String::from("syntax error at end of input"),
        _ => format!("syntax error at or near \"{near}\""),
    };
    ValueError::new(code::SYNTAX_ERROR, message)
}

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>> {
    let mut tokens = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let token = match character {
            ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c' => continue,
            '"' => {
                let mut name = String::new();
                loop {
                    match characters.next() {
                        None => {
                            let near = text.get(start..).unwrap_or_default();
                            let message = format!("unterminated quoted identifier at or near \"{near}\"");
                            return Err(ValueError::new(code::SYNTAX_ERROR, message));
                        }
                        Some((_, '"')) if characters.next_if(|&(_, next)| next == '"').is_none() => break,
                        Some((_, other)) => name.push(other),
                    }
                }
                if name.is_empty() {
                    let message = "zero-length delimited identifier at or near \"\"\"\"";
                    return Err(ValueError::new(code::SYNTAX_ERROR, message));
                }
                Token::Word { name, quoted: true }
            }
            'a'..='z' | 'A'..='Z' | '_' | '\u{80}'.. => {
                let mut name = String::from(character.to_ascii_lowercase());
                let in_word = |next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '$' | '\u{80}'..);
                while let Some((_, next)) = characters.next_if(|&(_, next)| in_word(next)) {
                    name.push(next.to_ascii_lowercase());
                }
                Token::Word { name, quoted: false }
            }
            '0'..='9' => {
                let mut number = character.to_digit(10);
                while let Some((_, next)) = characters.next_if(|(_, next)| next.is_ascii_digit()) {
                    let digit = next.to_digit(10).unwrap_or(0);
                    number = number.and_then(|number| number.checked_mul(10)?.checked_add(digit));
                }
                let end = characters.peek().map_or(text.len(), |&(at, _)| at);
                let number = number.and_then(|number| i32::try_from(number).ok());
                Token::Number(number.ok_or_else(|| syntax_error(text.get(start..end).unwrap_or_default()))?)
            }
            other => Token::Symbol(other),
        };
        let end = characters.peek().map_or(text.len(), |&(at, _)| at);
        tokens.push(Placed { token, start, end });
    }
    Ok(tokens)
}

/// The words that aren't type names, unless they are quoted or SQL gives them a meaning of their own.
const KEYWORDS: &str = "all analyse analyze and any array as asc asymmetric between bigint bit boolean both case cast char character \
    check coalesce collate column constraint create current_catalog current_date current_role current_time \
    current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists \
    extract false fetch float for foreign from grant greatest group grouping having in initially inout int \
    integer intersect interval into json json_array json_arrayagg json_exists json_object json_objectagg \
    json_query json_scalar json_serialize json_table json_value lateral leading least limit localtime \
    localtimestamp merge_action national nchar none normalize not null nullif numeric offset on only or order \
    out overlay placing position precision primary real references returning row select session_user setof \
    smallint some substring symmetric system_user table then time timestamp to trailing treat trim true union \
    unique user using values varchar variadic when where window with xmlattributes xmlconcat xmlelement \
    xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.split_ascii_whitespace().any(|keyword| keyword == word)
}
