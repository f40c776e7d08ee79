//! SQL/JSON over columns, IS JSON and the functions that ask a path: see [`weir_values::json`].

use arrow::array::{ArrayRef, new_empty_array};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::json::path::Options;
use weir_values::json::{self, Json, JsonItem, JsonPath, Outcome, Wrapper, jsonb_parse};
use weir_values::{ValueError, code};

use super::columns::{Args, Source, Text, bounded, external, map2, map4};
use super::json::{Checked, checked};
use super::json_path::{Clock, Paths, Variables};
use super::{
    Proc, evaluate, find, find_value_error, giving_nulls, of_session, of_session_seeing_nulls, strict, string,
};

pub(super) const PROCS: &[Proc] = &[
    strict("is_json", |args| {
        map2::<Text, Text, _>(args, |text, asked| {
            let item = match asked.as_bytes().first() {
                Some(b'o') => JsonItem::Object,
                Some(b'a') => JsonItem::Array,
                Some(b's') => JsonItem::Scalar,
                _ => JsonItem::Value,
            };
            Ok(json::is_json(text, item, asked.ends_with('u')))
        })
    }),
    strict("json_unique", |args| {
        checked(args, |text| {
            json::json_in(text)?;
            json::check_unique_keys(text)
        })
    }),
    giving_nulls(of_session("sqljson_exists", exists)),
    of_session_seeing_nulls("sqljson_query", queried),
];

/// JSON_EXISTS of a value, a path, variables, and a letter that tells what it gives on an error.
fn exists(args: &Args<'_>) -> Result<ArrayRef> {
    let clock = Clock::of(args);
    let mut paths = Paths::of(args);
    let mut variables = Variables::of(args, 2);
    map4::<Text, Text, Text, Text, _>(args, |text, path, vars, on_error| {
        let tree = jsonb_parse(text)?;
        let vars = Some(variables.tree(vars)?);
        let options = Options { vars, silent: on_error != "e", zone: Some(&clock) };
        let found = json::json_exists(&tree, paths.path(path)?, options)?;
        Ok(found.or(match on_error {
            "t" => Some(true),
            "n" => None,
            _ => Some(false),
        }))
    })
}

/// What JSON_VALUE or JSON_QUERY is asked for: a letter each for the function, its wrapper, what becomes of quotes,
/// what it gives where there is nothing, and on an error; behind a colon, the function that reads the result's type.
struct Query<'q> {
    is_value: bool,
    /// What is found becomes an array.
    is_array: bool,
    wrapper: Wrapper,
    keeps_quotes: bool,
    on_empty: Instead,
    on_error: Instead,
    /// Each takes what the one before gives, and may have a modifier behind `=`.
    inputs: &'q str,
    column: Option<&'q str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Instead {
    Null,
    Error,
    /// What an argument says.
    Default,
}

/// What a row has.
enum Answer {
    Value(ScalarValue),
    Empty,
    Error,
    Null,
}

impl<'q> Query<'q> {
    fn parse(text: &'q str) -> Self {
        let (letters, rest) = text.split_once(':').unwrap_or((text, ""));
        let (inputs, column) = rest.split_once(':').unwrap_or((rest, ""));
        let letter = |at: usize| letters.as_bytes().get(at).copied().unwrap_or_default();
        let instead = |at: usize| match letter(at) {
            b'e' => Instead::Error,
            b'd' => Instead::Default,
            _ => Instead::Null,
        };
        Self {
            is_value: letter(0) == b'v',
            is_array: letter(0) == b'a',
            wrapper: match letter(1) {
                b'c' => Wrapper::Conditional,
                b'u' => Wrapper::Unconditional,
                _ => Wrapper::Without,
            },
            keeps_quotes: letter(2) == b'k',
            on_empty: instead(3),
            on_error: instead(4),
            inputs,
            column: Some(column).filter(|column| !column.is_empty()),
        }
    }

    /// The text of what is found.
    fn found<'v>(&self, json: &'v Json<'v>, path: &'v JsonPath, options: Options<'v>) -> Checked<Outcome<String>> {
        if !self.is_value {
            return Ok(match json::json_query(json, path, options, self.wrapper, self.column)? {
                Outcome::Value(text) if !self.keeps_quotes && !self.is_array && text.starts_with('"') => {
                    Outcome::Value(json::value_text(&text)?.unwrap_or_default().into_owned())
                }
                other => other,
            });
        }
        Ok(match json::json_value(json, path, options, self.column)? {
            Outcome::Value(value) if self.keeps_quotes => Outcome::Value(value.to_text()?),
            Outcome::Value(Json::Bool(flag)) => Outcome::Value(if flag { "t" } else { "f" }.to_owned()),
            Outcome::Value(Json::String(text) | Json::Number(text)) => Outcome::Value(text.into_owned()),
            Outcome::Value(other) => Outcome::Value(other.to_text()?),
            Outcome::Null => Outcome::Null,
            Outcome::Empty => Outcome::Empty,
            Outcome::Error => Outcome::Error,
        })
    }

    /// The text as a value of the result's type.
    fn read(&self, text: String, args: &Args<'_>) -> Result<Answer> {
        let read = match (self.is_array, args.result) {
            (true, DataType::List(item)) => self.read_items(&text, item.data_type(), args),
            _ => self.read_text(text, args.result, args).map(Answer::Value),
        };
        match read {
            Err(error) if self.on_error != Instead::Error => match find_value_error(&error) {
                // What isn't known here is no error of the value.
                Some(wrong) if wrong.code != code::FEATURE_NOT_SUPPORTED => Ok(Answer::Error),
                _ => Err(error),
            },
            read => read,
        }
    }

    fn read_items(&self, text: &str, item: &DataType, args: &Args<'_>) -> Result<Answer> {
        let is_json = self.inputs.starts_with("json");
        let items = json::array_items(text, is_json, !self.keeps_quotes).map_err(external)?;
        let null = ScalarValue::try_from(item)?;
        let items = items.into_iter().map(|text| match text {
            Some(text) => self.read_text(text, item, args),
            None => Ok(null.clone()),
        });
        let items = items.collect::<Result<Vec<_>>>()?;
        Ok(Answer::Value(ScalarValue::List(ScalarValue::new_list_nullable(&items, item))))
    }

    fn read_text(&self, text: String, result: &DataType, args: &Args<'_>) -> Result<ScalarValue> {
        let mut value = ScalarValue::Utf8(Some(text));
        let mut inputs = self.inputs.split(',').filter(|input| !input.is_empty()).peekable();
        while let Some(input) = inputs.next() {
            let (name, modifier) = input.split_once('=').unwrap_or((input, ""));
            let function = find(name).ok_or_else(|| DataFusionError::Internal(format!("no function {name}")))?;
            let mut arguments = vec![value];
            if let Ok(modifier) = modifier.parse::<i32>() {
                arguments.extend([ScalarValue::Int32(Some(modifier)), ScalarValue::Boolean(Some(false))]);
            }
            // What is read in several steps is a text until the last.
            let result = if inputs.peek().is_some() { &DataType::Utf8 } else { result };
            value = evaluate(function.name, &arguments, result, args.session)?;
        }
        Ok(value)
    }
}

/// JSON_VALUE or JSON_QUERY of a value, a path, variables, a [`Query`], and what they give by default where there is
/// nothing and on an error.
fn queried(args: &Args<'_>) -> Result<ArrayRef> {
    let query = args.short(3)?;
    let query = Query::parse(string(&query)?.iter().flatten().next().unwrap_or_default());
    let (documents, paths, variables) = (args.short(0)?, args.short(1)?, args.short(2)?);
    let documents = Source::<Text>::new(&documents, args.rows)?;
    let paths = Source::<Text>::new(&paths, args.rows)?;
    let variables = Source::<Text>::new(&variables, args.rows)?;
    let defaults = [args.array(4)?, args.array(5)?];
    let clock = Clock::of(args);
    let (mut known_paths, mut known_variables) = (Paths::of(args), Variables::of(args, 2));
    let null = ScalarValue::try_from(args.result)?;
    let mut results = Vec::with_capacity(args.rows);
    let mut bytes = 0_usize;
    for row in 0..args.rows {
        let answer = match documents.is_null(row) || paths.is_null(row) || variables.is_null(row) {
            true => Answer::Null,
            false => {
                let tree = jsonb_parse(documents.get(row).map_err(external)?).map_err(external)?;
                let path = known_paths.path(paths.get(row).map_err(external)?).map_err(external)?;
                let vars = known_variables.tree(variables.get(row).map_err(external)?).map_err(external)?;
                let silent = query.on_error != Instead::Error;
                let options = Options { vars: Some(vars), silent, zone: Some(&clock) };
                match query.found(&tree, path, options).map_err(external)? {
                    Outcome::Value(text) => query.read(text, args)?,
                    Outcome::Null => Answer::Null,
                    Outcome::Empty => Answer::Empty,
                    Outcome::Error => Answer::Error,
                }
            }
        };
        let [on_empty, on_error] = &defaults;
        let value = match answer {
            Answer::Value(value) => value,
            Answer::Null => null.clone(),
            Answer::Empty => match query.on_empty {
                Instead::Null => null.clone(),
                Instead::Default => ScalarValue::try_from_array(on_empty, row)?,
                Instead::Error => return Err(external(nothing_found(query.column))),
            },
            Answer::Error => match query.on_error {
                Instead::Default => ScalarValue::try_from_array(on_error, row)?,
                _ => null.clone(),
            },
        };
        bytes = bytes.saturating_add(value.size());
        bounded(bytes)?;
        results.push(value);
    }
    match results.is_empty() {
        true => Ok(new_empty_array(args.result)),
        false => ScalarValue::iter_to_array(results),
    }
}

fn nothing_found(column: Option<&str>) -> ValueError {
    let message = "no SQL/JSON item found for specified path";
    let message = column.map_or(message.to_owned(), |column| format!("{message} of column \"{column}\""));
    ValueError::new(code::SQL_JSON_NOT_FOUND, message)
}
