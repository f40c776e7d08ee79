//! Functions that make JSON of values of any types. What kind a value is, its PostgreSQL type tells and its column
//! doesn't: it is handed over as the text that is printed of it, and a letter in a constant says the kind
//! (`functions/pg/json_build.rs`).

use std::fmt::Display;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Case, Expr, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{FuncCall, Node};

use super::aggregates::Clauses;
use super::arrays::flat;
use super::resolve::Undecided;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Named, Result, Typed, catalog, not_yet};
use crate::PlanError;
use crate::functions::pg::{call, fold};

/// A value as JSON is made of it: its text, and its kind. There are `n`umbers, `b`ooleans, `j`son, `c`omposites and
/// `t`exts.
pub(super) struct Part {
    pub text: Expr,
    pub letter: char,
}

/// How a function begins what it is told to build.
pub(super) fn flags(to: Base) -> String {
    String::from(if to == Base::Jsonb { "b" } else { "" })
}

/// What is to be built, and of values of which kinds.
fn plan(flags: &str, letters: impl Display) -> Typed {
    Typed::new(lit(format!("{flags}:{letters}")), Base::Text)
}

fn text(expr: Expr) -> Typed {
    Typed::new(expr, Base::Text)
}

fn texts_type() -> DataType {
    DataType::new_list(DataType::Utf8, true)
}

impl Binder<'_> {
    /// A call of a function that makes JSON of values of any types; `None` is left to the rules for all functions, as
    /// are calls that no such function takes.
    pub(super) fn json_call(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let to = match name.split('_').find(|part| part.starts_with("json")) {
            Some("jsonb") => Base::Jsonb,
            Some("json") => Base::Json,
            _ => return Ok(None),
        };
        let has_name = |arg: &Node| matches!(arg.node, Some(NodeEnum::NamedArgExpr(_)));
        let is_plain = !node.agg_within_group && !node.agg_star && !node.args.iter().any(has_name);
        if !is_plain || catalog::functions(name).is_empty() {
            return Ok(None);
        }
        if node.func_variadic {
            return self.json_of_items(name, node, to, scope);
        }
        let bare = name.strip_prefix("jsonb_").or_else(|| name.strip_prefix("json_")).unwrap_or(name);
        match (bare, node.args.as_slice()) {
            ("to_json" | "to_jsonb", [value]) => {
                self.only_scalar(node, name)?;
                let value = self.determined(node, value, scope)?;
                match value.ty.is(to) {
                    true => Ok(Some(value)),
                    false => {
                        let part = self.json_part(value)?;
                        self.json_of(part, to).map(Some)
                    }
                }
            }
            ("row_to_json", [value, pretty @ ..]) if pretty.len() <= 1 => {
                self.only_scalar(node, name)?;
                let record = self.expr_of(Some(value), scope)?;
                if !record.ty.is(Base::Record) {
                    return Ok(None);
                }
                let is_pretty = self.constant_flag(pretty.first(), scope)?;
                let part = self.json_row(&record, is_pretty)?;
                Ok(Some(Typed::new(part.text, Base::Json)))
            }
            ("array_to_json", [value, pretty @ ..]) if pretty.len() <= 1 => {
                self.only_scalar(node, name)?;
                let value = self.expr_of(Some(value), scope)?;
                if !value.ty.is_array {
                    return Ok(None);
                }
                let is_pretty = self.constant_flag(pretty.first(), scope)?;
                self.json_array(value, is_pretty).map(|part| Some(Typed::new(part.text, Base::Json)))
            }
            ("build_array" | "build_object", values) => {
                self.only_scalar(node, name)?;
                let source = if bare == "build_array" { "json_array_of" } else { "json_build_object_of" };
                let parts = values.iter().map(|value| self.json_argument(value, scope)).collect::<Result<_>>()?;
                self.json_built(source, &flags(to), parts, to.into()).map(Some)
            }
            ("agg" | "agg_strict", [value]) => {
                let value = self.determined(node, value, scope)?;
                let strict = if bare == "agg_strict" { "a" } else { "" };
                self.json_aggregate(node, value, &(flags(to) + strict), to, scope).map(Some)
            }
            ("object_agg" | "object_agg_strict" | "object_agg_unique" | "object_agg_unique_strict", [key, value]) => {
                let (key, value) = (self.expr_of(Some(key), scope)?, self.expr_of(Some(value), scope)?);
                let strict = if bare.ends_with("_strict") { "a" } else { "" };
                let unique = if bare.contains("_unique") { "u" } else { "" };
                self.json_object_aggregate(node, [key, value], &(flags(to) + strict + unique), to, scope).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `json_build_array(VARIADIC array)`
    fn json_of_items(&mut self, name: &str, node: &FuncCall, to: Base, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let source = match name {
            "json_build_array" | "jsonb_build_array" => "json_array_of_items",
            "json_build_object" | "jsonb_build_object" => "json_build_object_of_items",
            _ => return Ok(None),
        };
        let [array] = node.args.as_slice() else { return Ok(None) };
        self.only_scalar(node, name)?;
        let array = self.expr_of(Some(array), scope)?;
        if !array.ty.is_array {
            return Ok(None);
        }
        let (list, letter) = self.json_items(array)?;
        self.procedure(source, vec![plan(&flags(to), letter), flat(list)?], to.into()).map(Some)
    }

    /// A boolean that is written out; false if there is none.
    fn constant_flag(&mut self, node: Option<&Node>, scope: &Scope<'_>) -> Result<bool> {
        let Some(node) = node else { return Ok(false) };
        let flag = self.expr_of(Some(node), scope)?;
        match self.coerce(flag, Base::Bool.into(), Coercion::Implicit, -1)?.expr {
            Expr::Literal(ScalarValue::Boolean(Some(flag)), _) => Ok(flag),
            _ => Err(not_yet("line breaks in JSON that are computed")),
        }
    }

    /// An argument whose type must be known.
    fn determined(&mut self, node: &FuncCall, value: &Node, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(Some(value), scope)?;
        match value.ty.is(Base::Unknown) {
            true => Err(self.no_function(node, &[value.ty], Undecided::Undetermined)),
            false => Ok(value),
        }
    }

    fn json_argument(&mut self, node: &Node, scope: &Scope<'_>) -> Result<Part> {
        let value = self.expr_of(Some(node), scope)?;
        self.json_part(value)
    }

    /// The text and the kind of a value (`json_categorize_type`).
    pub(super) fn json_part(&mut self, value: Typed) -> Result<Part> {
        let value = self.settled(value)?;
        if value.ty.is_array {
            return self.json_array(value, false);
        }
        if value.ty.is(Base::Record) {
            return self.json_row(&value, false);
        }
        let letter = match value.ty.base {
            Base::Bool => 'b',
            base if base.is_integer() || base.is_float() || base == Base::Numeric => 'n',
            Base::Json | Base::Jsonb => 'j',
            Base::Void | Base::Opaque => return Err(not_yet("a value of this type as JSON")),
            _ => 't',
        };
        let printed = match value.ty.base {
            Base::Date | Base::Timestamp | Base::Timestamptz => {
                self.procedure("json_moment", vec![value], Base::Text.into())?
            }
            _ => self.printed(value)?,
        };
        Ok(Part { text: printed.expr, letter })
    }

    /// The texts of an array's items, and their kind.
    fn json_items(&mut self, array: Typed) -> Result<(Typed, char)> {
        let mut letter = 't';
        let texts = self.each_of(array, |binder, item| {
            let part = binder.json_part(item)?;
            letter = part.letter;
            Ok(Typed::new(part.text, Base::Text))
        })?;
        Ok((texts, letter))
    }

    fn json_array(&mut self, array: Typed, is_pretty: bool) -> Result<Part> {
        let (list, letter) = self.json_items(array)?;
        let plan = plan(if is_pretty { "p" } else { "" }, letter);
        let made = self.procedure("json_items", vec![plan, list], Base::Json.into())?;
        Ok(Part { text: made.expr, letter: 'c' })
    }

    fn json_row(&mut self, record: &Typed, is_pretty: bool) -> Result<Part> {
        let (fields, missing) = self.fields_for_json(record)?;
        let mut parts = Vec::with_capacity(2 * fields.len());
        for Named { name, typed } in fields {
            parts.push(Part { text: lit(name), letter: 't' });
            parts.push(self.json_part(typed)?);
        }
        let made = self.json_built("json_row_of", if is_pretty { "p" } else { "" }, parts, Base::Json.into())?;
        let text = match missing {
            Some(missing) => {
                let null = Expr::Literal(ScalarValue::Utf8(None), None);
                Expr::Case(Case::new(None, vec![(Box::new(missing), Box::new(null))], Some(Box::new(made.expr))))
            }
            None => made.expr,
        };
        Ok(Part { text, letter: 'c' })
    }

    /// One value as json or jsonb.
    pub(super) fn json_of(&mut self, part: Part, to: Base) -> Result<Typed> {
        match (part.letter, to) {
            ('c' | 'j', Base::Json) => Ok(Typed::new(part.text, Base::Json)),
            _ => self.json_built("json_value_of", &flags(to), vec![part], to.into()),
        }
    }

    /// The call of a function that is told what to build, and of which values.
    pub(super) fn json_built(
        &mut self,
        source: &'static str,
        flags: &str,
        parts: Vec<Part>,
        to: PgType,
    ) -> Result<Typed> {
        let letters: String = parts.iter().map(|part| part.letter).collect();
        let mut arguments = vec![plan(flags, letters)];
        arguments.extend(parts.into_iter().map(|part| text(part.text)));
        self.procedure(source, arguments, to)
    }

    /// `json_agg(value)` and its kin. Where an order is asked for, or what differs, the values are collected by the
    /// engine first: it keeps their order whatever parts it computes in.
    pub(super) fn json_aggregate(
        &mut self,
        node: &FuncCall,
        value: Typed,
        flags: &str,
        to: Base,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let clauses = self.clauses(node, scope)?;
        let value = [self.settled(value)?];
        self.of_its_query(value, clauses, scope, |binder, [value], clauses| {
            binder.json_collected(value, flags, to, clauses, scope)
        })
    }

    fn json_collected(
        &mut self,
        value: Typed,
        flags: &str,
        to: Base,
        mut clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let node = clauses.node;
        let (array, letter) = match node.agg_distinct {
            true => {
                self.not_nested(&value.expr, node)?;
                if node.over.is_none() {
                    self.check_distinct_order(node, scope)?;
                }
                if value.ty.is_array {
                    let (array, letter) = self.json_apart(value, &clauses, scope)?;
                    return self.procedure("json_agg_items", vec![plan(flags, letter), array], to.into());
                }
                if value.ty.is(Base::Record) {
                    let array = self.distinct_records(value, clauses)?;
                    let (array, letter) = self.json_items(array)?;
                    return self.procedure("json_agg_items", vec![plan(flags, letter), array], to.into());
                }
                if clauses.order_by.is_empty() && node.over.is_none() {
                    clauses.order_by.push(self.key(value.clone())?.sort(true, false));
                }
                let array = self.collected(value, clauses, scope)?;
                self.json_items(array)?
            }
            false => {
                let part = self.json_part(value)?;
                self.not_nested(&part.text, node)?;
                if clauses.order_by.is_empty() {
                    let function = fold("json_agg_of", DataType::Utf8).ok_or_else(|| not_yet("this aggregate"))?;
                    let arguments = vec![plan(flags, part.letter).expr, part.text];
                    return self.with_clauses(function, arguments, Typed::new(lit(true), to), clauses, scope);
                }
                (self.collected(text(part.text), clauses, scope)?, part.letter)
            }
        };
        self.procedure("json_agg_items", vec![plan(flags, letter), array], to.into())
    }

    /// The texts of the arrays that differ, in the arrays' order, and their kind.
    fn json_apart(&mut self, array: Typed, clauses: &Clauses<'_>, scope: &Scope<'_>) -> Result<(Typed, char)> {
        let again = self.copy(&array)?;
        let key = self.key(again)?;
        let part = self.json_part(array)?;
        let expr = self.arrays_apart(vec![key], vec![text(part.text)], clauses, scope)?.swap_remove(0);
        let texts = Typed { expr, ty: PgType::from(Base::Text).array_of(), data: texts_type() };
        Ok((texts, part.letter))
    }

    /// `json_object_agg(key, value)` and its kin.
    pub(super) fn json_object_aggregate(
        &mut self,
        node: &FuncCall,
        [key, value]: [Typed; 2],
        flags: &str,
        to: Base,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        if node.agg_distinct {
            return Err(not_yet("DISTINCT over several arguments"));
        }
        let clauses = self.clauses(node, scope)?;
        let pair = [self.settled(key)?, self.settled(value)?];
        self.of_its_query(pair, clauses, scope, |binder, pair, clauses| {
            binder.json_pairs_collected(pair, flags, to, clauses, scope)
        })
    }

    fn json_pairs_collected(
        &mut self,
        [key, value]: [Typed; 2],
        flags: &str,
        to: Base,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let node = clauses.node;
        let (key, value) = (self.json_part(key)?, self.json_part(value)?);
        self.not_nested(&key.text, node)?;
        self.not_nested(&value.text, node)?;
        let plan = plan(flags, format_args!("{}{}", key.letter, value.letter));
        if clauses.order_by.is_empty() {
            let function = fold("json_object_agg_of", DataType::Utf8).ok_or_else(|| not_yet("this aggregate"))?;
            let arguments = vec![plan.expr, key.text, value.text];
            return self.with_clauses(function, arguments, Typed::new(lit(true), to), clauses, scope);
        }
        let pair = Typed {
            expr: call("array_of", vec![key.text, value.text], texts_type()),
            ty: PgType::from(Base::Text).array_of(),
            data: texts_type(),
        };
        let array = self.collected(pair, clauses, scope)?;
        self.procedure("json_object_agg_items", vec![plan, array], to.into())
    }

    fn not_nested(&self, expr: &Expr, node: &FuncCall) -> Result<()> {
        if super::aggregate::has_aggregate(expr) && node.over.is_none() {
            let message = "aggregate function calls cannot be nested".to_owned();
            return Err(PlanError::Grouping { message, position: self.position(node.location) });
        }
        Ok(())
    }
}
