//! Row filters and masks: expressions over one table's raw columns, or over `value`, in which `attr('x')`, `has_role('x')` and
//! `current_user` are the principal's, as values.
//!
//! A text attribute takes the type of what it meets, as a quoted constant does, a number has the type that it would have as it is
//! written, and a list is an array; beside ANY and ALL its items are compared one by one. An attribute that the principal lacks is
//! NULL, and NULL keeps no row: so a sub-select that reads it is NULL too, where `NOT EXISTS` over no rows would be true.

use std::collections::BTreeMap;

use arrow::compute::can_cast_types;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Column, ScalarValue, TableReference};
use datafusion::logical_expr::{Expr, cast, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{AExpr, FuncCall, a_const};
use weir_policies::{Attribute, Principal};

use super::arrays::held_as;
use super::coerce::freed;
use super::expr::{inner, is_null, location, parts};
use super::scope::{Scope, Table};
use super::types::{Base, Coercion, PgType};
use super::{BindContext, Binder, Named, Result, Session, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::runtime::Runtime;

/// What errors call the place that a rule's expression is.
const PLACE: &str = "policy expressions";

/// What becomes of a sub-select that reads an attribute which the principal lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithoutValue {
    /// It is NULL.
    Null,
    /// It is bound all the same, to be checked.
    Bound,
}

/// For whom a rule is bound, and what it may say.
#[derive(Clone, Copy)]
pub(crate) struct Rule<'a> {
    pub principal: &'a Principal,
    /// One of the items of each list that any users have as an attribute.
    pub items: &'a BTreeMap<String, Attribute>,
    pub without: WithoutValue,
    /// The name of the table that a filter decides on: nothing else in it may be called so. `None`: a mask, which has no
    /// sub-selects.
    pub decides_on: Option<&'a str>,
}

impl Rule<'_> {
    /// An attribute's value; NULL, if the principal hasn't got it, in the type that it has for others where it is a list.
    fn attribute(&self, name: &str) -> Result<Typed> {
        match (self.principal.attributes.get(name), self.items.get(name)) {
            (Some(Attribute::List(items)), item) => array_of(items, item),
            (Some(value), _) => value_of(value),
            (None, Some(item)) => {
                let ty = item_type(Some(item)).array_of();
                let data = ty.storage();
                Ok(Typed { expr: Expr::Literal(ScalarValue::try_from(&data)?, None), ty, data })
            }
            (None, None) => Ok(Typed::null()),
        }
    }

    pub(super) fn user(&self) -> Typed {
        Typed::new(lit(self.principal.user.as_str()), Base::Text)
    }
}

/// A rule that was bound, and whether it reads tables with columns of types that PostgreSQL lacks.
pub(crate) type BoundRule = (Result<Expr>, bool);

/// Binds a filter over the raw columns of a table, which go by its own name.
pub(crate) fn bind_filter(
    node: &NodeEnum,
    table: &TableReference,
    columns: &[FieldRef],
    context: &BindContext<'_>,
    runtime: &Runtime,
    rule: Rule<'_>,
) -> BoundRule {
    let mut binder = Binder::of_rule(context, runtime, rule);
    let bound = binder.filter(node, table, columns);
    (bound, binder.reads_foreign_types)
}

/// Binds a mask over `value`, which is the column; what it gives has the column's type.
pub(crate) fn bind_mask(node: &NodeEnum, column: &FieldRef, runtime: &Runtime, rule: Rule<'_>) -> BoundRule {
    let context = BindContext::without_tables(runtime);
    let mut binder = Binder::of_rule(&context, runtime, rule);
    let bound = binder.mask(node, column);
    (bound, binder.reads_foreign_types)
}

impl<'a> Binder<'a> {
    /// Settings are what a session begins with, its time zone UTC: who asks can't bend a rule by what they set.
    fn of_rule(context: &'a BindContext<'a>, runtime: &'a Runtime, rule: Rule<'a>) -> Self {
        let mut binder = Self::new(context, runtime, Session { now: None, ..Session::default() });
        binder.rule = Some(rule);
        binder.query = binder.next_number();
        binder
    }

    fn next_number(&mut self) -> usize {
        self.counter += 1;
        self.counter
    }
}

impl Binder<'_> {
    fn filter(&mut self, node: &NodeEnum, table: &TableReference, columns: &[FieldRef]) -> Result<Expr> {
        let mut named = Vec::with_capacity(columns.len());
        for field in columns {
            let column = Column::new(Some(table.clone()), field.name());
            named.push(Named { name: field.name().clone(), typed: self.raw(column, field)? });
        }
        self.qualifiers.insert(table.clone());
        let own = Table {
            schema: table.schema().map(str::to_owned),
            alias: table.table().to_owned(),
            columns: named.clone(),
            is_optional: false,
            is_unnamed: false,
        };
        let scope = Scope { query: self.query, columns: named, tables: vec![own], ..Scope::default() };
        let typed = self.expr(node, &scope)?;
        if !typed.ty.is(Base::Bool) && !typed.ty.is(Base::Unknown) {
            let message = format!("a filter must be boolean, this one is {}", typed.ty);
            return Err(PlanError::Mismatch { message, position: None });
        }
        let condition = self.coerce(typed, Base::Bool.into(), Coercion::Implicit, location(node))?.expr;
        self.check_rule(&condition, node)?;
        Ok(condition)
    }

    fn mask(&mut self, node: &NodeEnum, column: &FieldRef) -> Result<Expr> {
        let value = self.raw(Column::new_unqualified(column.name()), column)?;
        let named = vec![Named { name: "value".to_owned(), typed: value.clone() }];
        let scope = Scope { query: self.query, columns: named, ..Scope::default() };
        let typed = self.expr(node, &scope)?;
        self.check_rule(&typed.expr, node)?;
        let gives = typed.ty;
        let misfit = |gives: PgType| PlanError::Mismatch {
            message: format!("the mask gives {gives}, column \"{}\" is {}", column.name(), value.ty),
            position: None,
        };
        let masked = match value.ty.base {
            // What is computed of it can be any type, but only itself and NULL are surely of this one.
            Base::Opaque if is_null(&typed.expr) => Typed { data: DataType::Null, ..typed },
            Base::Opaque => typed,
            _ => self.coerce(typed, whole_texts(value.ty), Coercion::Explicit, location(node)).map_err(|error| {
                match error {
                    PlanError::CannotCast { .. } => misfit(gives),
                    other => other,
                }
            })?,
        };
        let wanted = column.data_type();
        let masked = match () {
            () if masked.ty.is_array => held_as(wanted, masked)?,
            () if value.ty.is_composite() => self.printed(masked)?,
            () if *wanted == DataType::Utf8 => freed(masked)?,
            () => masked,
        };
        match &masked.data {
            same if same == wanted => Ok(masked.expr),
            DataType::Null => Ok(Expr::Literal(ScalarValue::try_from(wanted)?, None)),
            held if value.ty.base != Base::Opaque && can_cast_types(held, wanted) => {
                Ok(cast(masked.expr, wanted.clone()))
            }
            _ => Err(not_yet("what this mask gives")),
        }
    }

    /// A raw column.
    fn raw(&mut self, column: Column, field: &FieldRef) -> Result<Typed> {
        let value = self.value_of(Expr::Column(column), field)?;
        self.reads_foreign_types |= value.ty.base == Base::Opaque;
        Ok(value)
    }

    /// A rule is a value of one row, and has no parameters.
    fn check_rule(&self, expr: &Expr, node: &NodeEnum) -> Result<()> {
        self.only_rows(expr, PLACE, node)?;
        match self.parameters.is_empty() {
            true => Ok(()),
            false => Err(refused(format!("parameters are not allowed in {PLACE}"))),
        }
    }

    /// Refuses a sub-select where there can be none.
    pub(super) fn check_may_select(&self) -> Result<()> {
        match self.rule {
            Some(rule) if rule.decides_on.is_none() => {
                Err(refused("a mask is an expression over `value` alone, found a sub-select".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to call something by the name of the table that a filter decides on.
    pub(super) fn check_not_own_name(&self, table: &Table) -> Result<()> {
        let own = self.rule.and_then(|rule| rule.decides_on);
        match own {
            Some(own) if table.schema.is_none() && !table.is_unnamed && table.alias == own => {
                Err(refused(format!("\"{own}\" is the filtered table's own name, and can't stand for another")))
            }
            _ => Ok(()),
        }
    }

    /// What `attr('x')` and `has_role('x')` are for the principal; `None` for other calls, and outside of rules.
    pub(super) fn of_principal(&mut self, node: &FuncCall) -> Result<Option<Typed>> {
        let Some(rule) = self.rule else { return Ok(None) };
        match parts(&node.funcname)?.as_slice() {
            ["attr"] => {
                let name = quoted_argument(node, "attr")?;
                self.lacks |= !rule.principal.attributes.contains_key(name);
                rule.attribute(name).map(Some)
            }
            ["has_role"] => {
                let role = quoted_argument(node, "has_role")?;
                Ok(Some(Typed::new(lit(rule.principal.roles.contains(role)), Base::Bool)))
            }
            _ => Ok(None),
        }
    }

    /// `value op ANY (attr('x'))` and `value op ALL (attr('x'))`: the items one by one, each of the type that it meets. `None` for
    /// other comparisons.
    pub(super) fn over_attribute(
        &mut self,
        name: &str,
        is_any: bool,
        expr: &AExpr,
        scope: &Scope<'_>,
    ) -> Result<Option<Typed>> {
        let Some(rule) = self.rule else { return Ok(None) };
        let right = inner(expr.rexpr.as_deref())?;
        let NodeEnum::FuncCall(call) = right else { return Ok(None) };
        if parts(&call.funcname)? != ["attr"] {
            return Ok(None);
        }
        let attribute = quoted_argument(call, "attr")?;
        let items = match rule.principal.attributes.get(attribute) {
            Some(Attribute::List(items)) => items.iter().map(value_of).collect::<Result<Vec<_>>>()?,
            Some(other) => {
                let word = if is_any { "ANY" } else { "ALL" };
                return Err(refused(format!("{word} needs a list, attribute \"{attribute}\" is {}", other.kind())));
            }
            None => {
                self.lacks = true;
                vec![Typed::null()]
            }
        };
        let left = inner(expr.lexpr.as_deref())?;
        let value = (self.expr(left, scope)?, location(left));
        if items.is_empty() {
            // Equal to none, and different from all.
            return Ok(Some(Typed::new(lit(!is_any), Base::Bool)));
        }
        let is_list = matches!((name, is_any), ("=", true) | ("<>", false));
        let placed = std::iter::once(value).chain(items.into_iter().map(|item| (item, location(right)))).collect();
        match (is_list, is_any) {
            (true, _) => self.in_placed(name, placed, expr.location),
            (false, true) => self.in_each(name, placed, expr.location, Expr::or),
            (false, false) => self.in_each(name, placed, expr.location, Expr::and),
        }
        .map(Some)
    }

    /// NULL in the place of a sub-select that reads an attribute which the principal lacks.
    pub(super) fn unless_lacking(&self, lacks: bool, selected: Typed) -> Result<Typed> {
        match self.rule {
            Some(rule) if lacks && rule.without == WithoutValue::Null => {
                let null = ScalarValue::try_from(&selected.data)?;
                Ok(Typed { expr: Expr::Literal(null, None), ..selected })
            }
            _ => Ok(selected),
        }
    }
}

/// A mask may give more characters than a column of varchar(n) or char(n) takes, such as `***`, and what is no label of an enum.
fn whole_texts(ty: PgType) -> PgType {
    match ty.base {
        Base::Enum(_) => PgType { base: Base::Text, ..ty },
        _ if ty.is_string() => ty.without_modifier(),
        _ => ty,
    }
}

fn refused(message: String) -> PlanError {
    PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, None)
}

/// The one quoted argument of a call.
pub(crate) fn quoted_argument<'q>(call: &'q FuncCall, function: &str) -> Result<&'q str> {
    let is_plain = call.agg_order.is_empty()
        && call.agg_filter.is_none()
        && call.over.is_none()
        && !(call.agg_within_group || call.agg_star || call.agg_distinct || call.func_variadic);
    match call.args.as_slice() {
        [argument] if is_plain => match &argument.node {
            Some(NodeEnum::AConst(constant)) => match &constant.val {
                Some(a_const::Val::Sval(name)) => Some(name.sval.as_str()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
    .ok_or_else(|| refused(format!("{function} takes one quoted name")))
}

fn value_of(attribute: &Attribute) -> Result<Typed> {
    Ok(match attribute {
        Attribute::Text(text) => Typed::new(lit(text.as_str()), Base::Unknown),
        Attribute::Integer(number) => match i32::try_from(*number) {
            Ok(small) => Typed::new(lit(small), Base::Int4),
            Err(_) => Typed::new(lit(*number), Base::Int8),
        },
        Attribute::Float(number) if !number.is_finite() => Typed::new(lit(*number), Base::Float8),
        Attribute::Float(number) => {
            let value = super::coerce::numeric(&number.to_string());
            let value = value.map_err(|error| PlanError::Value { error, position: None })?;
            let data = value.data_type();
            Typed { expr: Expr::Literal(value, None), ty: Base::Numeric.into(), data }
        }
        Attribute::Boolean(flag) => Typed::new(lit(*flag), Base::Bool),
        Attribute::List(items) => array_of(items, None)?,
    })
}

/// The array that a list is, of the type that `item` has, or else its own.
fn array_of(items: &[Attribute], item: Option<&Attribute>) -> Result<Typed> {
    let item = item_type(item.or(items.first()));
    let values = items.iter().map(|value| match value {
        Attribute::Text(text) => Ok(ScalarValue::from(text.as_str())),
        Attribute::Integer(number) => Ok(ScalarValue::from(*number).cast_to(&item.storage())?),
        Attribute::Float(number) => Ok(ScalarValue::from(*number)),
        Attribute::Boolean(flag) => Ok(ScalarValue::from(*flag)),
        Attribute::List(_) => Err(not_yet("a list of lists")),
    });
    let values = values.collect::<Result<Vec<_>>>()?;
    let list = ScalarValue::List(ScalarValue::new_list_nullable(&values, &item.storage()));
    let ty = item.array_of();
    Ok(Typed { expr: Expr::Literal(list, None), ty, data: ty.storage() })
}

/// The type of a list's items, of which one is given; a list of which nothing is known could hold texts.
fn item_type(item: Option<&Attribute>) -> PgType {
    PgType::from(match item {
        Some(Attribute::Integer(number)) if i32::try_from(*number).is_ok() => Base::Int4,
        Some(Attribute::Integer(_)) => Base::Int8,
        Some(Attribute::Float(_)) => Base::Float8,
        Some(Attribute::Boolean(_)) => Base::Bool,
        _ => Base::Text,
    })
}
