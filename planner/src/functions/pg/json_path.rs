//! jsonpath over columns: see [`weir_values::json::JsonPath`].

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::ValueError;
use weir_values::datetime::{SECOND, Zone};
use weir_values::json::path::{Options, SessionZone};
use weir_values::json::{Json, JsonPath, jsonb_parse, path};

use super::columns::{Args, Bool, Ret, Text, map1, map2, map4};
use super::compiled::Compiled;
use super::json::{Checked, is_constant, lasting};
use super::{Proc, giving_nulls, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("jsonpath_in", |args| map1::<Text, _>(args, path::jsonpath_in)),
    giving_nulls(strict("jsonb_path_exists", |args| by_path(args, None, JsonPath::exists))),
    giving_nulls(strict("jsonb_path_exists_opr", |args| by_path(args, None, JsonPath::exists))),
    giving_nulls(strict("jsonb_path_match", |args| by_path(args, None, JsonPath::matches))),
    giving_nulls(strict("jsonb_path_match_opr", |args| by_path(args, None, JsonPath::matches))),
    strict("jsonb_path_query", |args| by_path(args, None, all)),
    strict("jsonb_path_query_array", |args| by_path(args, None, array)),
    strict("jsonb_path_query_first", |args| by_path(args, None, first)),
    giving_nulls(of_session("jsonb_path_exists_tz", |args| by_path(args, Some(&Clock::of(args)), JsonPath::exists))),
    giving_nulls(of_session("jsonb_path_match_tz", |args| by_path(args, Some(&Clock::of(args)), JsonPath::matches))),
    of_session("jsonb_path_query_tz", |args| by_path(args, Some(&Clock::of(args)), all)),
    of_session("jsonb_path_query_array_tz", |args| by_path(args, Some(&Clock::of(args)), array)),
    of_session("jsonb_path_query_first_tz", |args| by_path(args, Some(&Clock::of(args)), first)),
];

/// What a row of one value may give at most.
const MAX_FOUND_BYTES: usize = 64 << 20;

/// The clocks of the session's zone.
pub(super) struct Clock(Zone);

impl Clock {
    pub fn of(args: &Args<'_>) -> Self {
        Self(args.session.zone())
    }
}

impl SessionZone for Clock {
    fn offset_at_local(&self, micros: i64) -> i32 {
        self.0.offset_of_local(micros.div_euclid(SECOND))
    }

    fn offset_at(&self, micros: i64) -> i32 {
        self.0.offset_at(micros.div_euclid(SECOND))
    }
}

/// Paths that were read before.
pub(super) struct Paths<'a>(Compiled<'a, JsonPath>);

impl<'a> Paths<'a> {
    pub fn of(args: &Args<'a>) -> Self {
        Self(Compiled::of(args))
    }

    pub fn path(&mut self, text: &str) -> Checked<&JsonPath> {
        self.0.get(text, "", || JsonPath::parse(text))
    }
}

/// Variables, read once if they are a constant.
pub(super) struct Variables {
    is_constant: bool,
    known: Option<Json<'static>>,
}

impl Variables {
    pub fn of(args: &Args<'_>, at: usize) -> Self {
        Self { is_constant: is_constant(args, at), known: None }
    }

    pub fn tree(&mut self, text: &str) -> Checked<&Json<'static>> {
        if !self.is_constant || self.known.is_none() {
            self.known = Some(lasting(jsonb_parse(text)?));
        }
        let tree: &Json<'static> = self.known.get_or_insert(Json::Null);
        Ok(tree)
    }
}

/// What a path finds in a value.
type Find<R> = for<'v> fn(&'v JsonPath, &'v Json<'v>, Options<'v>) -> Checked<R>;

/// What a path finds in each value: with variables, and whether errors are suppressed, or as operators do.
fn by_path<R: Ret>(args: &Args<'_>, zone: Option<&dyn SessionZone>, find: Find<R>) -> Result<ArrayRef> {
    let mut paths = Paths::of(args);
    match args.values.len() {
        2 => map2::<Text, Text, R>(args, |json, path| {
            let json = jsonb_parse(json)?;
            find(paths.path(path)?, &json, Options { vars: None, silent: true, zone })
        }),
        _ => {
            let mut variables = Variables::of(args, 2);
            map4::<Text, Text, Text, Bool, R>(args, |json, path, vars, silent| {
                let json = jsonb_parse(json)?;
                let vars = Some(variables.tree(vars)?);
                find(paths.path(path)?, &json, Options { vars, silent, zone })
            })
        }
    }
}

fn all<'v>(path: &'v JsonPath, json: &'v Json<'v>, options: Options<'v>) -> Checked<Vec<Option<String>>> {
    let mut bytes = 0_usize;
    let texts = path.query(json, options)?.into_iter().map(|found| {
        let text = found.json().to_text()?;
        bytes = bytes.saturating_add(text.len());
        if bytes > MAX_FOUND_BYTES { Err(ValueError::too_long()) } else { Ok(Some(text)) }
    });
    texts.collect()
}

fn array<'v>(path: &'v JsonPath, json: &'v Json<'v>, options: Options<'v>) -> Checked<String> {
    path::array_text(&path.query(json, options)?)
}

fn first<'v>(path: &'v JsonPath, json: &'v Json<'v>, options: Options<'v>) -> Checked<Option<String>> {
    path.query(json, options)?.first().map(|found| found.json().to_text()).transpose()
}
