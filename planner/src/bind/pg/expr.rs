//! Expressions.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::{Exists, InList, InSubquery, Like, Placeholder, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Case, Expr, LogicalPlanBuilder, Subquery, cast, lit, not};
use pg_query::NodeEnum;
use pg_query::protobuf::{
    AConst, AExpr, AExprKind, BoolExpr, BoolExprType, BoolTestType, BooleanTest, CaseExpr, ColumnRef, MinMaxOp, Node,
    NullTest, NullTestType, SqlValueFunction, SqlValueFunctionOp, SubLink, SubLinkType, TypeCast, TypeName, a_const,
};

use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Category, Coercion, PgType};
use super::{Binder, Parameter, Result, Typed, not_yet};
use crate::PlanError;

impl Typed {
    pub(super) fn new(expr: Expr, base: Base) -> Self {
        let ty = PgType::from(base);
        Self { expr, ty, data: ty.storage() }
    }

    fn null() -> Self {
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
            NodeEnum::CaseExpr(case) => self.case(case, scope),
            NodeEnum::CoalesceExpr(call) => {
                let (arguments, ty, data) = self.alternatives(&call.args, scope, "COALESCE")?;
                let function = datafusion::functions::core::coalesce();
                let expr = Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments));
                Ok(Typed { expr, ty, data })
            }
            NodeEnum::MinMaxExpr(call) => {
                let is_greatest = call.op == MinMaxOp::IsGreatest as i32;
                let name = if is_greatest { "GREATEST" } else { "LEAST" };
                let (arguments, ty, data) = self.alternatives(&call.args, scope, name)?;
                if ty.is(Base::Numeric) && data == DataType::Utf8 {
                    return Err(not_yet("a numeric whose digits depend on its value"));
                }
                let core = if is_greatest {
                    datafusion::functions::core::greatest()
                } else {
                    datafusion::functions::core::least()
                };
                Ok(Typed { expr: Expr::ScalarFunction(ScalarFunction::new_udf(core, arguments)), ty, data })
            }
            NodeEnum::FuncCall(call) => self.call(call, scope),
            NodeEnum::SubLink(link) => self.sub_link(link, scope),
            NodeEnum::SqlvalueFunction(function) => self.value_function(function),
            NodeEnum::CollateClause(collate) => {
                match parts(&collate.collname)?.last() {
                    Some(&("C" | "POSIX" | "default" | "ucs_basic")) => {}
                    _ => return Err(not_yet("this collation")),
                }
                let typed = self.expr(inner(collate.arg.as_deref())?, scope)?;
                self.settled(typed)
            }
            _ => Err(not_yet("this expression")),
        }
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
                None => self.prefix(name, expr, scope),
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
            AExprKind::AexprLike | AExprKind::AexprIlike => self.like(name, expr, scope),
            AExprKind::AexprDistinct | AExprKind::AexprNotDistinct => {
                let left = self.expr_of(expr.lexpr.as_deref(), scope)?;
                let right = self.expr_of(expr.rexpr.as_deref(), scope)?;
                let compared = self.operate("=", left, right, expr.location)?;
                let Expr::BinaryExpr(mut binary) = compared.expr else { return Err(not_yet("this comparison")) };
                use datafusion::logical_expr::Operator::{IsDistinctFrom, IsNotDistinctFrom};
                binary.op = if kind == AExprKind::AexprDistinct { IsDistinctFrom } else { IsNotDistinctFrom };
                Ok(Typed::new(Expr::BinaryExpr(binary), Base::Bool))
            }
            AExprKind::AexprNullif => {
                let left = self.expr_of(expr.lexpr.as_deref(), scope)?;
                let right = self.expr_of(expr.rexpr.as_deref(), scope)?;
                let left = self.settled_beside(left, &right)?;
                // The result is what was compared.
                let left = match right.ty.is(Base::Numeric) && left.ty.category() == Category::Numeric {
                    true if matches!(left.ty.base, Base::Int2 | Base::Int4 | Base::Int8) => {
                        self.coerce(left, Base::Numeric.into(), Coercion::Implicit, -1)?
                    }
                    _ => left,
                };
                let again = self.copy(&left)?;
                let equal = self.operate("=", again, right, expr.location)?;
                let null = Expr::Literal(ScalarValue::try_from(&left.data)?, None);
                let case = Case::new(None, vec![(Box::new(equal.expr), Box::new(null))], Some(Box::new(left.expr)));
                Ok(Typed { expr: Expr::Case(case), ty: left.ty, data: left.data })
            }
            _ => Err(not_yet("this operator")),
        }
    }

    fn settled_beside(&mut self, typed: Typed, other: &Typed) -> Result<Typed> {
        match typed.ty.is(Base::Unknown) && !other.ty.is(Base::Unknown) {
            true => self.coerce(typed, other.ty.without_modifier(), Coercion::Implicit, -1),
            false => self.settled(typed),
        }
    }

    fn prefix(&mut self, name: &str, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(expr.rexpr.as_deref(), scope)?;
        match name {
            "-" => self.negate(value, expr.location),
            "+" if matches!(value.ty.base, Base::Int2 | Base::Int4 | Base::Int8 | Base::Float8 | Base::Numeric) => {
                Ok(value)
            }
            _ => Err(not_yet("this operator")),
        }
    }

    /// `value IN (a, b)`: over the type that all of them share.
    fn in_list(&mut self, name: &str, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(expr.lexpr.as_deref(), scope)?;
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this IN")) };
        let items = list.items.iter().map(|item| self.expr_of(Some(item), scope)).collect::<Result<Vec<_>>>()?;
        let types: Vec<PgType> = std::iter::once(&value).chain(&items).map(|t| t.ty.without_modifier()).collect();
        let ty = common_type(&types).map_err(|_| not_yet("IN over several kinds"))?;
        let mut all = Vec::with_capacity(items.len() + 1);
        for item in std::iter::once(value).chain(items) {
            all.push(self.coerce(item, ty, Coercion::Implicit, expr.location)?);
        }
        if all.iter().any(|t| t.is_free_numeric() || t.ty.is(Base::Bpchar)) {
            return Err(not_yet("IN over this type"));
        }
        let (all, _) = one_storage(all)?;
        let mut all = all.into_iter();
        let value = all.next().ok_or_else(|| not_yet("this IN"))?;
        let list = InList { expr: Box::new(value), list: all.collect(), negated: name == "<>" };
        Ok(Typed::new(Expr::InList(list), Base::Bool))
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

    fn like(&mut self, name: &str, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let (left, right) = (inner(expr.lexpr.as_deref())?, inner(expr.rexpr.as_deref())?);
        let places = [expr.location, location(left), location(right)];
        let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
        let operated = self.operate_at(name, left, right, places)?;
        let Expr::BinaryExpr(BinaryExpr { left, right, .. }) = operated.expr else { return Err(not_yet("this LIKE")) };
        let like = Like {
            negated: name.starts_with('!'),
            expr: left,
            pattern: right,
            escape_char: None,
            case_insensitive: name.ends_with('*'),
        };
        Ok(Typed::new(Expr::Like(like), Base::Bool))
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

    fn type_cast(&mut self, cast: &TypeCast, scope: &Scope<'_>) -> Result<Typed> {
        let to = type_named(cast.type_name.as_ref())?;
        let node = inner(cast.arg.as_deref())?;
        let value = self.expr(node, scope)?;
        self.coerce(value, to, Coercion::Explicit, location(node))
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

    fn sub_link(&mut self, link: &SubLink, scope: &Scope<'_>) -> Result<Typed> {
        let kind = SubLinkType::try_from(link.sub_link_type).map_err(|_| not_yet("this sub-select"))?;
        let NodeEnum::SelectStmt(query) = inner(link.subselect.as_deref())? else {
            return Err(not_yet("this sub-select"));
        };
        let relation = self.query(query, &scope.inner())?;
        let columns = relation.columns;
        let outer_ref_columns = relation.plan.all_out_ref_exprs();
        let spans = datafusion::common::Spans::new();
        let subquery = Subquery { subquery: Arc::new(relation.plan), outer_ref_columns, spans };
        let one = |columns: Vec<super::Named>| match <[super::Named; 1]>::try_from(columns) {
            Ok([column]) => Ok(column),
            Err(_) => Err(PlanError::Grammar {
                message: "subquery must return only one column".to_owned(),
                position: self.position(link.location),
            }),
        };
        match kind {
            SubLinkType::ExistsSublink => Ok(Typed::new(Expr::Exists(Exists { subquery, negated: false }), Base::Bool)),
            SubLinkType::ExprSublink => {
                let column = one(columns)?;
                Ok(Typed { expr: Expr::ScalarSubquery(subquery), ..column.typed })
            }
            SubLinkType::AnySublink if link.oper_name.is_empty() => {
                let column = one(columns)?;
                let value = self.expr_of(link.testexpr.as_deref(), scope)?;
                let value = self.settled_beside(value, &column.typed)?;
                if value.data != column.typed.data || super::select::plain_key(&value).is_err() {
                    return Err(not_yet("IN over several kinds"));
                }
                Ok(Typed::new(Expr::InSubquery(InSubquery::new(Box::new(value.expr), subquery, false)), Base::Bool))
            }
            _ => Err(not_yet("this sub-select")),
        }
    }

    fn value_function(&mut self, function: &SqlValueFunction) -> Result<Typed> {
        let op = SqlValueFunctionOp::try_from(function.op).map_err(|_| not_yet("this value"))?;
        let text = match op {
            SqlValueFunctionOp::SvfopCurrentUser
            | SqlValueFunctionOp::SvfopSessionUser
            | SqlValueFunctionOp::SvfopUser
            | SqlValueFunctionOp::SvfopCurrentRole => self.facts.user().to_owned(),
            SqlValueFunctionOp::SvfopCurrentCatalog => self.view.runtime.database.clone(),
            _ => return Err(not_yet("this value")),
        };
        self.session_dependent = true;
        Ok(Typed::new(lit(text), Base::Name))
    }
}

/// EXISTS as a value, which the engine only knows as a condition: whether the rows are counted to more than none.
pub(super) fn counted(expr: Expr) -> Result<Expr> {
    let replaced = expr.transform_down(|part| match part {
        Expr::Exists(Exists { subquery, negated }) => {
            let rows = LogicalPlanBuilder::from(Arc::unwrap_or_clone(subquery.subquery));
            let rows = match subquery.outer_ref_columns.is_empty() {
                true => rows.limit(0, Some(1))?,
                false => rows,
            };
            let count = datafusion::functions_aggregate::count::count_all().alias("rows");
            let counted = rows.aggregate(Vec::<Expr>::new(), [count])?.build()?;
            let rows = Expr::ScalarSubquery(Subquery { subquery: Arc::new(counted), ..subquery });
            let exists = if negated { rows.eq(lit(0_i64)) } else { rows.gt(lit(0_i64)) };
            Ok(Transformed::new(exists, true, TreeNodeRecursion::Jump))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(replaced.data)
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
fn one_storage(typed: Vec<Typed>) -> Result<(Vec<Expr>, DataType)> {
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
                let value = super::coerce::numeric(&number.fval)?.ok_or_else(|| not_yet("this number"))?;
                let data = value.data_type();
                Typed { expr: Expr::Literal(value, None), ty: Base::Numeric.into(), data }
            }
        },
        a_const::Val::Boolval(flag) => Typed::new(lit(flag.boolval), Base::Bool),
        a_const::Val::Sval(text) => Typed::new(lit(text.sval.as_str()), Base::Unknown),
        a_const::Val::Bsval(_) => return Err(not_yet("a bit string")),
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
    let base = base.filter(|_| !name.setof && !name.pct_type && name.array_bounds.len() <= 1);
    let base = base.ok_or_else(|| not_yet("this type"))?;
    let modifiers = name.typmods.iter().map(|node| match &node.node {
        Some(NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(value)), .. })) => Ok(value.ival),
        _ => Err(not_yet("this modifier")),
    });
    let modifiers = modifiers.collect::<Result<Vec<_>>>()?;
    let typmod = match (base.base, modifiers.as_slice()) {
        (_, []) => -1,
        (Base::Numeric, [precision]) if (1..=38).contains(precision) => (precision << 16) + 4,
        (Base::Numeric, [precision, scale]) if (1..=38).contains(precision) && (0..=*precision).contains(scale) => {
            ((precision << 16) | scale) + 4
        }
        (Base::Varchar | Base::Bpchar, [length]) if (1..=10_485_760).contains(length) => length + 4,
        _ => return Err(not_yet("this modifier")),
    };
    Ok(PgType { typmod, is_array: !name.array_bounds.is_empty(), ..base })
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
        NodeEnum::CaseExpr(n) => n.location,
        NodeEnum::CoalesceExpr(n) => n.location,
        NodeEnum::MinMaxExpr(n) => n.location,
        NodeEnum::SubLink(n) => n.location,
        NodeEnum::NullTest(n) => n.location,
        NodeEnum::BoolExpr(n) => n.location,
        _ => -1,
    }
}
