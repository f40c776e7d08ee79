//! Expressions.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{InList, Placeholder, ScalarFunction};
use datafusion::logical_expr::{Case, Expr, Operator, cast, lit, not};
use pg_query::NodeEnum;
use pg_query::protobuf::{
    AConst, AExpr, AExprKind, BoolExpr, BoolExprType, BoolTestType, BooleanTest, CaseExpr, ColumnRef, MinMaxOp, Node,
    NullTest, NullTestType, TypeCast, TypeName, a_const,
};

use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Parameter, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Typed {
    pub(super) fn new(expr: Expr, base: Base) -> Self {
        let ty = PgType::from(base);
        Self { expr, ty, data: ty.storage() }
    }

    pub(super) fn null() -> Self {
        Self::new(Expr::Literal(ScalarValue::Utf8(None), None), Base::Unknown)
    }
}

pub(super) fn placeholder(number: usize, parameter: &Parameter) -> Typed {
    let field = Arc::new(Field::new("", parameter.data.clone(), true));
    let expr = Expr::Placeholder(Placeholder::new_with_field(format!("${number}"), Some(field)));
    Typed { expr, ty: parameter.ty, data: parameter.data.clone() }
}

/// What stands in a node that the grammar always fills.
pub(super) fn inner(node: Option<&Node>) -> Result<&NodeEnum> {
    node.and_then(|node| node.node.as_ref()).ok_or_else(|| not_yet("an empty node"))
}

/// The parts of a name.
pub(super) fn parts(nodes: &[Node]) -> Result<Vec<&str>> {
    nodes
        .iter()
        .map(|node| match &node.node {
            Some(NodeEnum::String(text)) => Ok(text.sval.as_str()),
            _ => Err(not_yet("this name")),
        })
        .collect()
}

impl Binder<'_> {
    pub(super) fn expr(&mut self, node: &NodeEnum, scope: &Scope<'_>) -> Result<Typed> {
        match node {
            NodeEnum::AConst(constant) => literal(constant),
            NodeEnum::ColumnRef(column) => self.column_ref(column, scope),
            NodeEnum::ParamRef(parameter) => self.parameter(parameter.number),
            NodeEnum::AExpr(expr) => self.operation(expr, scope),
            NodeEnum::BoolExpr(expr) => self.logic(expr, scope),
            NodeEnum::NullTest(test) => self.null_test(test, scope),
            NodeEnum::BooleanTest(test) => self.boolean_test(test, scope),
            NodeEnum::TypeCast(cast) => self.type_cast(cast, scope),
            NodeEnum::CaseExpr(case) => self.within("CASE", |binder| binder.case(case, scope)),
            NodeEnum::CoalesceExpr(call) => {
                let alternatives = |binder: &mut Self| binder.alternatives(&call.args, scope, "COALESCE");
                let (arguments, ty, data) = self.within("COALESCE", alternatives)?;
                let function = datafusion::functions::core::coalesce();
                let expr = Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments));
                Ok(Typed { expr, ty, data })
            }
            NodeEnum::MinMaxExpr(call) => self.greatest(call, scope),
            NodeEnum::FuncCall(call) => self.call(call, scope),
            NodeEnum::SubLink(link) => self.sub_link(link, scope),
            NodeEnum::AArrayExpr(array) => self.array(array, None, scope),
            NodeEnum::AIndirection(indirection) => self.indirection(indirection, scope),
            NodeEnum::RowExpr(row) => self.row(row, scope),
            NodeEnum::GroupingFunc(grouping) => self.grouping(grouping, scope),
            NodeEnum::SqlvalueFunction(function) => self.value_function(function),
            NodeEnum::CollateClause(collate) => {
                match parts(&collate.collname)?.last() {
                    Some(&("C" | "POSIX" | "default" | "ucs_basic")) => {}
                    _ => return Err(not_yet("this collation")),
                }
                let typed = self.expr(inner(collate.arg.as_deref())?, scope)?;
                let typed = self.settled(typed)?;
                match typed.ty.is_string() || (typed.ty.is_array && typed.ty.element().is_string()) {
                    true => Ok(typed),
                    false => {
                        let message = format!("collations are not supported by type {}", typed.ty);
                        Err(PlanError::Mismatch { message, position: self.position(collate.location) })
                    }
                }
            }
            node => match self.sql_json(node, scope)? {
                Some(typed) => Ok(typed),
                None => Err(not_yet("this expression")),
            },
        }
    }

    /// GREATEST or LEAST: NULLs don't count.
    fn greatest(&mut self, call: &pg_query::protobuf::MinMaxExpr, scope: &Scope<'_>) -> Result<Typed> {
        let is_greatest = call.op == MinMaxOp::IsGreatest as i32;
        let name = if is_greatest { "GREATEST" } else { "LEAST" };
        let (arguments, ty, data) = self.alternatives(&call.args, scope, name)?;
        let held = Typed { expr: lit(true), ty, data: data.clone() };
        if Self::is_plain_key(&held) {
            let core = datafusion::functions::core::greatest();
            let core = if is_greatest { core } else { datafusion::functions::core::least() };
            return Ok(Typed { expr: Expr::ScalarFunction(ScalarFunction::new_udf(core, arguments)), ..held });
        }
        let operator = if is_greatest { Operator::GtEq } else { Operator::LtEq };
        let mut chosen: Option<Typed> = None;
        for expr in arguments {
            let next = Typed { expr, ..held.clone() };
            chosen = Some(match chosen {
                None => next,
                Some(so_far) => {
                    let (a, b) = (self.copy(&so_far)?, self.copy(&next)?);
                    let wins = self.compare(operator, a.clone(), b.clone())?.expr.or(b.expr.is_null());
                    let branches = vec![(Box::new(wins.and(a.expr.is_not_null())), Box::new(so_far.expr))];
                    Typed { expr: Expr::Case(Case::new(None, branches, Some(Box::new(next.expr)))), ..held.clone() }
                }
            });
        }
        chosen.ok_or_else(|| not_yet("no alternatives"))
    }

    pub(super) fn expr_of(&mut self, node: Option<&Node>, scope: &Scope<'_>) -> Result<Typed> {
        self.expr(inner(node)?, scope)
    }

    /// A condition: a boolean, or an error that names the clause.
    pub(super) fn condition(&mut self, node: &NodeEnum, scope: &Scope<'_>, clause: &str) -> Result<Expr> {
        let typed = self.expr(node, scope)?;
        let location = location(node);
        match typed.ty.is(Base::Bool) || typed.ty.is(Base::Unknown) {
            true => Ok(self.coerce(typed, Base::Bool.into(), Coercion::Implicit, location)?.expr),
            false => {
                let message = format!("argument of {clause} must be type boolean, not type {}", typed.ty);
                Err(PlanError::Mismatch { message, position: self.position(location) })
            }
        }
    }

    fn column_ref(&mut self, column: &ColumnRef, scope: &Scope<'_>) -> Result<Typed> {
        let typed = self.column(&parts(&column.fields)?, column.location, scope)?;
        if let Expr::Column(found) = &typed.expr
            && !self.places.contains_key(found)
        {
            let of_table = |table: &super::scope::Table| {
                let named = table.columns.iter().find(|named| named.typed.expr == typed.expr)?;
                Some(format!("{}.{}", table.alias, named.name))
            };
            let shown = scope.tables.iter().find_map(of_table).unwrap_or_else(|| found.name.clone());
            self.places.insert(found.clone(), (column.location, shown));
        }
        Ok(typed)
    }

    fn parameter(&mut self, number: i32) -> Result<Typed> {
        let number = usize::try_from(number).ok().filter(|n| (1..=65535).contains(n));
        let number = number.ok_or(PlanError::UndefinedParameter { number: 0 })?;
        if self.parameters.len() < number {
            self.parameters.resize(number, None);
        }
        match &self.parameters[number - 1] {
            Some(known) => Ok(placeholder(number, known)),
            None => {
                let expr = Expr::Placeholder(Placeholder::new_with_field(format!("${number}"), None));
                Ok(Typed::new(expr, Base::Unknown))
            }
        }
    }

    fn operation(&mut self, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let kind = AExprKind::try_from(expr.kind).map_err(|_| not_yet("this operator"))?;
        let names = parts(&expr.name)?;
        let name = match names.as_slice() {
            [name] | ["pg_catalog", name] => *name,
            _ => return Err(not_yet("an operator of another schema")),
        };
        match kind {
            AExprKind::AexprOp => match expr.lexpr.as_deref() {
                None => {
                    let value = self.expr_of(expr.rexpr.as_deref(), scope)?;
                    self.operate_prefix(name, value, expr.location)
                }
                Some(left) if is_row(left) || expr.rexpr.as_deref().is_some_and(is_row) => {
                    self.compare_rows(name, left, expr.rexpr.as_deref(), expr.location, scope)
                }
                Some(left) => {
                    let right = inner(expr.rexpr.as_deref())?;
                    let left = inner(Some(left))?;
                    let places = [expr.location, location(left), location(right)];
                    let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
                    self.operate_at(name, left, right, places)
                }
            },
            AExprKind::AexprIn => self.in_list(name, expr, scope),
            AExprKind::AexprBetween | AExprKind::AexprNotBetween => self.between(kind, expr, scope),
            AExprKind::AexprLike | AExprKind::AexprIlike | AExprKind::AexprSimilar => self.like(name, expr, scope),
            AExprKind::AexprDistinct | AExprKind::AexprNotDistinct => {
                let left = self.expr_of(expr.lexpr.as_deref(), scope)?;
                let right = self.expr_of(expr.rexpr.as_deref(), scope)?;
                self.distinct(left, right, kind == AExprKind::AexprDistinct, expr.location)
            }
            AExprKind::AexprNullif => {
                let left = self.expr_of(expr.lexpr.as_deref(), scope)?;
                let right = self.expr_of(expr.rexpr.as_deref(), scope)?;
                let left = self.settled_beside(left, &right)?;
                // The result is what was compared.
                let left = match right.ty.is(Base::Numeric) && left.ty.base.is_integer() {
                    true => self.implicitly(left, Base::Numeric)?,
                    false => left,
                };
                let again = self.copy(&left)?;
                let equal = self.operate("=", again, right, expr.location)?;
                let null = Expr::Literal(ScalarValue::try_from(&left.data)?, None);
                let case = Case::new(None, vec![(Box::new(equal.expr), Box::new(null))], Some(Box::new(left.expr)));
                Ok(Typed { expr: Expr::Case(case), ty: left.ty, data: left.data })
            }
            AExprKind::AexprOpAny | AExprKind::AexprOpAll => {
                self.over_items(name, kind == AExprKind::AexprOpAny, expr, scope)
            }
            AExprKind::AexprBetweenSym | AExprKind::AexprNotBetweenSym => self.between_symmetric(kind, expr, scope),
            _ => Err(not_yet("this operator")),
        }
    }

    pub(super) fn settled_beside(&mut self, typed: Typed, other: &Typed) -> Result<Typed> {
        match typed.ty.is(Base::Unknown) && !other.ty.is(Base::Unknown) {
            true => self.coerce(typed, other.ty.without_modifier(), Coercion::Implicit, -1),
            false => self.settled(typed),
        }
    }

    /// `left IS [NOT] DISTINCT FROM right`
    fn distinct(&mut self, left: Typed, right: Typed, is_distinct: bool, location: i32) -> Result<Typed> {
        use datafusion::logical_expr::Operator::{IsDistinctFrom, IsNotDistinctFrom};
        let operator = if is_distinct { IsDistinctFrom } else { IsNotDistinctFrom };
        let (left_again, right_again) = (self.copy(&left)?, self.copy(&right)?);
        let compared = self.operate("=", left, right, location)?;
        match compared.expr {
            Expr::BinaryExpr(mut binary) if binary.op == Operator::Eq => {
                binary.op = operator;
                Ok(Typed::new(Expr::BinaryExpr(binary), Base::Bool))
            }
            // Equal, or both NULL.
            equal => {
                let (left, right) = (self.settled(left_again)?.expr, self.settled(right_again)?.expr);
                let both_null = left.clone().is_null().and(right.clone().is_null());
                let neither = left.is_not_null().and(right.is_not_null());
                let same = neither.and(equal).is_true().or(both_null);
                Ok(Typed::new(if is_distinct { not(same) } else { same }, Base::Bool))
            }
        }
    }

    /// `value BETWEEN SYMMETRIC a AND b`
    fn between_symmetric(&mut self, kind: AExprKind, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(expr.lexpr.as_deref(), scope)?;
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this BETWEEN")) };
        let [low, high] = list.items.as_slice() else { return Err(not_yet("this BETWEEN")) };
        let (low, high) = (self.expr_of(Some(low), scope)?, self.expr_of(Some(high), scope)?);
        let mut within = Vec::with_capacity(2);
        for (low, high) in [(low.clone(), high.clone()), (high, low)] {
            let (a, b) = (self.copy(&value)?, self.copy(&value)?);
            let above = self.operate(">=", a, low, expr.location)?.expr;
            within.push(above.and(self.operate("<=", b, high, expr.location)?.expr));
        }
        let within = within.into_iter().reduce(Expr::or).ok_or_else(|| not_yet("this BETWEEN"))?;
        Ok(Typed::new(if kind == AExprKind::AexprBetweenSym { within } else { not(within) }, Base::Bool))
    }

    /// `value IN (a, b)`: over the type that all of them share.
    fn in_list(&mut self, name: &str, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this IN")) };
        if expr.lexpr.as_deref().is_some_and(is_row) {
            return self.row_in(name, expr, &list.items, scope);
        }
        let value = self.expr_of(expr.lexpr.as_deref(), scope)?;
        let items = list.items.iter().map(|item| self.expr_of(Some(item), scope)).collect::<Result<Vec<_>>>()?;
        let types: Vec<PgType> = std::iter::once(&value).chain(&items).map(|t| t.ty.without_modifier()).collect();
        let Ok(ty) = common_type(&types) else {
            return self.in_each(name, value, items, expr.location);
        };
        let mut all = Vec::with_capacity(items.len() + 1);
        for item in std::iter::once(value).chain(items) {
            all.push(self.coerce(item, ty, Coercion::Implicit, expr.location)?);
        }
        let (exprs, data) = one_storage(all)?;
        let mut keys = Vec::with_capacity(exprs.len());
        for expr in exprs {
            keys.push(self.key(Typed { expr, ty, data: data.clone() })?);
        }
        let mut keys = keys.into_iter();
        let value = keys.next().ok_or_else(|| not_yet("this IN"))?;
        let list = InList { expr: Box::new(value), list: keys.collect(), negated: name == "<>" };
        Ok(Typed::new(Expr::InList(list), Base::Bool))
    }

    /// `value IN (a, b)` over several kinds: one comparison each.
    fn in_each(&mut self, name: &str, value: Typed, items: Vec<Typed>, location: i32) -> Result<Typed> {
        let mut compared = Vec::with_capacity(items.len());
        for item in items {
            let value = self.copy(&value)?;
            compared.push(self.operate(name, value, item, location)?.expr);
        }
        let join = if name == "<>" { Expr::and } else { Expr::or };
        let joined = compared.into_iter().reduce(join).ok_or_else(|| not_yet("this IN"))?;
        Ok(Typed::new(joined, Base::Bool))
    }

    fn between(&mut self, kind: AExprKind, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(expr.lexpr.as_deref(), scope)?;
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this BETWEEN")) };
        let [low, high] = list.items.as_slice() else { return Err(not_yet("this BETWEEN")) };
        let (low, high) = (self.expr_of(Some(low), scope)?, self.expr_of(Some(high), scope)?);
        let again = self.copy(&value)?;
        let above = self.operate(">=", again, low, expr.location)?.expr;
        let below = self.operate("<=", value, high, expr.location)?.expr;
        let within = above.and(below);
        Ok(Typed::new(if kind == AExprKind::AexprBetween { within } else { not(within) }, Base::Bool))
    }

    /// LIKE, and SIMILAR TO, whose pattern the grammar has put into a call.
    fn like(&mut self, name: &str, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let (left, right) = (inner(expr.lexpr.as_deref())?, inner(expr.rexpr.as_deref())?);
        let places = [expr.location, location(left), location(right)];
        let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
        self.operate_at(name, left, right, places)
    }

    fn logic(&mut self, expr: &BoolExpr, scope: &Scope<'_>) -> Result<Typed> {
        let kind = BoolExprType::try_from(expr.boolop).map_err(|_| not_yet("this condition"))?;
        let clause = match kind {
            BoolExprType::AndExpr => "AND",
            BoolExprType::OrExpr => "OR",
            _ => "NOT",
        };
        let conditions = expr.args.iter().map(|arg| self.condition(inner(Some(arg))?, scope, clause));
        let conditions = conditions.collect::<Result<Vec<_>>>()?;
        let joined = match kind {
            BoolExprType::AndExpr => conditions.into_iter().reduce(Expr::and),
            BoolExprType::OrExpr => conditions.into_iter().reduce(Expr::or),
            _ => conditions.into_iter().next().map(not),
        };
        Ok(Typed::new(joined.ok_or_else(|| not_yet("this condition"))?, Base::Bool))
    }

    fn null_test(&mut self, test: &NullTest, scope: &Scope<'_>) -> Result<Typed> {
        if let Some(NodeEnum::RowExpr(row)) = test.arg.as_deref().and_then(|arg| arg.node.as_ref()) {
            return self.row_is_null(row, test, scope);
        }
        let value = self.expr_of(test.arg.as_deref(), scope)?;
        let value = self.settled(value)?.expr;
        let is_null = test.nulltesttype == NullTestType::IsNull as i32;
        Ok(Typed::new(if is_null { value.is_null() } else { value.is_not_null() }, Base::Bool))
    }

    fn boolean_test(&mut self, test: &BooleanTest, scope: &Scope<'_>) -> Result<Typed> {
        let kind = BoolTestType::try_from(test.booltesttype).map_err(|_| not_yet("this test"))?;
        let (clause, test_of): (_, fn(Expr) -> Expr) = match kind {
            BoolTestType::IsTrue => ("IS TRUE", Expr::is_true),
            BoolTestType::IsNotTrue => ("IS NOT TRUE", Expr::is_not_true),
            BoolTestType::IsFalse => ("IS FALSE", Expr::is_false),
            BoolTestType::IsNotFalse => ("IS NOT FALSE", Expr::is_not_false),
            BoolTestType::IsUnknown => ("IS UNKNOWN", Expr::is_unknown),
            BoolTestType::IsNotUnknown => ("IS NOT UNKNOWN", Expr::is_not_unknown),
            BoolTestType::Undefined => return Err(not_yet("this test")),
        };
        let value = self.condition(inner(test.arg.as_deref())?, scope, clause)?;
        Ok(Typed::new(test_of(value), Base::Bool))
    }

    /// Binds what can't be computed for several rows.
    fn within<T>(&mut self, what: &'static str, bind: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let around = self.within.replace(what);
        let bound = bind(self);
        self.within = around;
        bound
    }

    fn type_cast(&mut self, cast: &TypeCast, scope: &Scope<'_>) -> Result<Typed> {
        let to = type_named(cast.type_name.as_ref())?;
        let node = inner(cast.arg.as_deref())?;
        let value = match node {
            NodeEnum::AArrayExpr(array) if to.is_array => self.array(array, Some(to.element()), scope)?,
            node => self.expr(node, scope)?,
        };
        // A constant's mistake is shown where it stands, else what is wrong with the conversion.
        let place = if value.ty.is(Base::Unknown) { location(node) } else { cast.location };
        self.coerce(value, to, Coercion::Explicit, place)
    }

    fn case(&mut self, case: &CaseExpr, scope: &Scope<'_>) -> Result<Typed> {
        let subject = case.arg.as_deref().map(|arg| self.expr_of(Some(arg), scope)).transpose()?;
        let subject = subject.map(|subject| self.settled(subject)).transpose()?;
        let (mut conditions, mut results) = (Vec::new(), Vec::new());
        for branch in &case.args {
            let NodeEnum::CaseWhen(when) = inner(Some(branch))? else { return Err(not_yet("this CASE")) };
            let test = inner(when.expr.as_deref())?;
            conditions.push(match &subject {
                None => self.condition(test, scope, "CASE/WHEN")?,
                Some(subject) => {
                    let value = self.expr(test, scope)?;
                    let subject = self.copy(subject)?;
                    self.operate("=", subject, value, location(test))?.expr
                }
            });
            let result = inner(when.result.as_deref())?;
            results.push((self.expr(result, scope)?, location(result)));
        }
        // The last alternative comes first where types are compared.
        let otherwise = match case.defresult.as_deref() {
            Some(result) => (self.expr_of(Some(result), scope)?, location(inner(Some(result))?)),
            None => (Typed::null(), -1),
        };
        results.insert(0, otherwise);
        let (results, ty, data) = self.shared(results, "CASE")?;
        let mut results = results.into_iter();
        let otherwise = results.next().map(Box::new);
        let branches = conditions.into_iter().zip(results).map(|(when, then)| (Box::new(when), Box::new(then)));
        Ok(Typed { expr: Expr::Case(Case::new(None, branches.collect(), otherwise)), ty, data })
    }

    /// Expressions of which one is the result, in the type that they share.
    fn alternatives(&mut self, nodes: &[Node], scope: &Scope<'_>, what: &str) -> Result<(Vec<Expr>, PgType, DataType)> {
        let placed = nodes.iter().map(|node| {
            let node = inner(Some(node))?;
            Ok((self.expr(node, scope)?, location(node)))
        });
        let placed = placed.collect::<Result<Vec<_>>>()?;
        self.shared(placed, what)
    }

    /// Expressions with their places, in the type that they share.
    pub(super) fn shared(&mut self, placed: Vec<(Typed, i32)>, what: &str) -> Result<(Vec<Expr>, PgType, DataType)> {
        let types: Vec<PgType> = placed.iter().map(|(typed, _)| typed.ty).collect();
        let ty = common_type(&types).map_err(|(chosen, at)| {
            let message = format!("{what} types {chosen} and {} cannot be matched", types[at]);
            PlanError::Mismatch { message, position: self.position(placed[at].1) }
        })?;
        let coerced = placed.into_iter().map(|(typed, at)| self.coerce(typed, ty, Coercion::Implicit, at));
        let coerced = coerced.collect::<Result<Vec<_>>>()?;
        let mut scales = coerced.iter().filter(|t| !is_null(&t.expr)).map(|t| scale(&t.data));
        let first = scales.next();
        let coerced = match ty.is(Base::Numeric) && scales.any(|scale| Some(scale) != first) {
            true => coerced.into_iter().map(super::coerce::freed).collect::<Result<_>>()?,
            false => coerced,
        };
        let (exprs, data) = one_storage(coerced)?;
        Ok((exprs, ty, data))
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(value, _) if value.is_null())
}

fn scale(data: &DataType) -> Option<i8> {
    match data {
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => Some(*scale),
        _ => None,
    }
}

/// Expressions of one type, held in one way.
pub(super) fn one_storage(typed: Vec<Typed>) -> Result<(Vec<Expr>, DataType)> {
    let typed = super::arrays::one_shape(typed)?;
    let mut data = typed.iter().find(|t| !is_null(&t.expr)).or(typed.first()).map(|t| t.data.clone());
    for next in typed.iter().filter(|t| !is_null(&t.expr)) {
        if let Some(so_far) = data.as_ref().filter(|so_far| **so_far != next.data) {
            let common = super::operators::common_decimal(so_far, &next.data);
            data = Some(common.ok_or_else(|| not_yet("so many digits"))?);
        }
    }
    let data = data.ok_or_else(|| not_yet("no alternatives"))?;
    let cast_to = |t: Typed| match t.data == data {
        true => t.expr,
        false => cast(t.expr, data.clone()),
    };
    let exprs = typed.into_iter().map(|t| match (&t.expr, t.data == data) {
        (Expr::Literal(value, _), false) => {
            value.cast_to(&data).map(|value| Expr::Literal(value, None)).unwrap_or_else(|_| cast_to(t))
        }
        _ => cast_to(t),
    });
    Ok((exprs.collect(), data.clone()))
}

fn literal(constant: &AConst) -> Result<Typed> {
    let Some(value) = &constant.val else { return Ok(Typed::null()) };
    Ok(match value {
        a_const::Val::Ival(integer) => Typed::new(lit(integer.ival), Base::Int4),
        a_const::Val::Fval(number) => match number.fval.parse::<i64>() {
            Ok(big) => match i32::try_from(big) {
                Ok(small) => Typed::new(lit(small), Base::Int4),
                Err(_) => Typed::new(lit(big), Base::Int8),
            },
            Err(_) => {
                let refused = |error| PlanError::Value { error, position: None };
                let value = super::coerce::numeric(&number.fval).map_err(refused)?;
                let data = value.data_type();
                Typed { expr: Expr::Literal(value, None), ty: Base::Numeric.into(), data }
            }
        },
        a_const::Val::Boolval(flag) => Typed::new(lit(flag.boolval), Base::Bool),
        a_const::Val::Sval(text) => Typed::new(lit(text.sval.as_str()), Base::Unknown),
        a_const::Val::Bsval(bits) => return bit_string(&bits.bsval),
    })
}

/// The type that a statement names, with its modifier.
pub(super) fn type_named(name: Option<&TypeName>) -> Result<PgType> {
    let name = name.ok_or_else(|| not_yet("this type"))?;
    let names = parts(&name.names)?;
    let base = match names.as_slice() {
        ["pg_catalog", name] | [name] => PgType::named(name),
        _ => None,
    };
    let base = base.filter(|_| !name.setof && !name.pct_type);
    let base = match (base, names.as_slice()) {
        (Some(base), _) => base,
        (None, [name] | ["pg_catalog", name]) if !is_type_elsewhere(name) => {
            let message = format!("type \"{name}\" does not exist");
            return Err(PlanError::refused(code::UNDEFINED_OBJECT, message, None));
        }
        _ => return Err(not_yet("this type")),
    };
    let modifiers = name.typmods.iter().map(|node| match &node.node {
        Some(NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(value)), .. })) => Ok(value.ival),
        _ => Err(not_yet("this modifier")),
    });
    let modifiers = modifiers.collect::<Result<Vec<_>>>()?;
    let typmod = modifier(base.base, &modifiers)?;
    Ok(PgType { typmod, is_array: !name.array_bounds.is_empty(), ..base })
}

/// Types that PostgreSQL has and that aren't known here.
fn is_type_elsewhere(name: &str) -> bool {
    const OTHERS: [&str; 24] = [
        "xml",
        "point",
        "line",
        "lseg",
        "box",
        "path",
        "polygon",
        "circle",
        "tsvector",
        "tsquery",
        "refcursor",
        "txid_snapshot",
        "pg_snapshot",
        "oidvector",
        "int2vector",
        "aclitem",
        "regoper",
        "regoperator",
        "regconfig",
        "regdictionary",
        "regcollation",
        "gtsvector",
        "pg_node_tree",
        "cstring",
    ];
    OTHERS.contains(&name)
}

/// `atttypmod` of a type with modifiers.
fn modifier(base: Base, modifiers: &[i32]) -> Result<i32> {
    let wrong = |message: String| {
        let error = weir_values::ValueError::invalid_parameter(message);
        Err(PlanError::Value { error, position: None })
    };
    Ok(match (base, modifiers) {
        (_, []) => match base {
            Base::Bit => 1,
            _ => -1,
        },
        (Base::Numeric, [precision]) if (1..=1000).contains(precision) => (precision << 16) + 4,
        (Base::Numeric, [precision, scale]) if (1..=1000).contains(precision) && (-1000..=1000).contains(scale) => {
            ((precision << 16) | (scale & 0x7ff)) + 4
        }
        (Base::Numeric, [precision, scale]) if (1..=1000).contains(precision) => {
            return wrong(format!("NUMERIC scale {scale} must be between -1000 and 1000"));
        }
        (Base::Numeric, [precision, ..]) if !(1..=1000).contains(precision) => {
            return wrong(format!("NUMERIC precision {precision} must be between 1 and 1000"));
        }
        (Base::Varchar | Base::Bpchar, [length]) if (1..=10_485_760).contains(length) => length + 4,
        (Base::Varchar | Base::Bpchar, [length]) => {
            let name = if base == Base::Varchar { "varchar" } else { "char" };
            return wrong(match *length < 1 {
                true => format!("length for type {name} must be at least 1"),
                false => format!("length for type {name} cannot exceed 10485760"),
            });
        }
        (Base::Bit | Base::Varbit, [length]) if (1..=83_886_080).contains(length) => *length,
        (Base::Time | Base::Timetz | Base::Timestamp | Base::Timestamptz, [digits]) if *digits >= 0 => (*digits).min(6),
        // Fields alone, or fields and digits; all fields are 0x7FFF.
        (Base::Interval, [fields]) => (fields << 16) | 0xffff,
        (Base::Interval, [fields, digits]) if *digits >= 0 => (fields << 16) | (*digits).min(6),
        _ => return Err(not_yet("this modifier")),
    })
}

/// `B'01'` and `X'1f'`, which the grammar gives as `b01` and `x1f`.
fn bit_string(text: &str) -> Result<Typed> {
    let mut bits = String::new();
    match text.split_at_checked(1) {
        Some(("x", digits)) => {
            for digit in digits.chars() {
                let value = digit.to_digit(16).ok_or_else(|| refused_digit(digit, "hexadecimal"))?;
                bits.push_str(&format!("{value:04b}"));
            }
        }
        Some((_, digits)) => {
            if let Some(wrong) = digits.chars().find(|digit| !matches!(digit, '0' | '1')) {
                return Err(refused_digit(wrong, "binary"));
            }
            bits.push_str(digits);
        }
        None => {}
    }
    let typmod = i32::try_from(bits.len()).unwrap_or(-1);
    let ty = PgType { typmod, ..Base::Bit.into() };
    Ok(Typed { expr: lit(bits), ty, data: DataType::Utf8 })
}

fn refused_digit(digit: char, kind: &str) -> PlanError {
    let message = format!("\"{digit}\" is not a valid {kind} digit");
    let error = weir_values::ValueError::new(weir_values::code::INVALID_TEXT_REPRESENTATION, message);
    PlanError::Value { error, position: None }
}

pub(super) fn is_row(node: &Node) -> bool {
    matches!(node.node, Some(NodeEnum::RowExpr(_)))
}

/// Where an expression begins, as errors point to it.
pub(super) fn location(node: &NodeEnum) -> i32 {
    match node {
        NodeEnum::AConst(n) => n.location,
        NodeEnum::ColumnRef(n) => n.location,
        NodeEnum::ParamRef(n) => n.location,
        NodeEnum::AExpr(n) => match n.lexpr.as_deref().and_then(|l| l.node.as_ref()) {
            Some(left) => match (location(left), n.location) {
                (left, own) if left >= 0 && own >= 0 => left.min(own),
                (left, own) => left.max(own),
            },
            None => n.location,
        },
        NodeEnum::FuncCall(n) => n.location,
        NodeEnum::TypeCast(n) => {
            let inner = n.arg.as_deref().and_then(|arg| arg.node.as_ref()).map_or(-1, location);
            let named = n.type_name.as_ref().map_or(-1, |name| name.location);
            [inner, n.location, named].into_iter().filter(|l| *l >= 0).min().unwrap_or(-1)
        }
        NodeEnum::AArrayExpr(n) => n.location,
        NodeEnum::AIndirection(n) => n.arg.as_deref().and_then(|arg| arg.node.as_ref()).map_or(-1, location),
        NodeEnum::CaseExpr(n) => n.location,
        NodeEnum::CoalesceExpr(n) => n.location,
        NodeEnum::MinMaxExpr(n) => n.location,
        NodeEnum::SubLink(n) => n.location,
        NodeEnum::NullTest(n) => n.location,
        NodeEnum::BoolExpr(n) => n.location,
        NodeEnum::JsonObjectConstructor(n) => n.location,
        NodeEnum::JsonArrayConstructor(n) => n.location,
        NodeEnum::JsonIsPredicate(n) => n.location,
        NodeEnum::JsonFuncExpr(n) => n.location,
        NodeEnum::JsonParseExpr(n) => n.location,
        NodeEnum::JsonScalarExpr(n) => n.location,
        NodeEnum::JsonSerializeExpr(n) => n.location,
        _ => -1,
    }
}
