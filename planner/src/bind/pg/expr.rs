//! Expressions.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::expr::{InList, Placeholder};
use datafusion::logical_expr::{Expr, Operator, binary_expr, not};
use pg_query::NodeEnum;
use pg_query::protobuf::{
    AExpr, AExprKind, BoolExpr, BoolExprType, BoolTestType, BooleanTest, ColumnRef, Node, NullTest, NullTestType,
    TypeCast, a_const,
};

use super::choices::{may_fail, one_storage};
use super::resolve::{common_type, converts};
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Parameter, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::{call, name_of};

impl Typed {
    pub(super) fn new(expr: Expr, base: Base) -> Self {
        let ty = PgType::from(base);
        Self { expr, ty, data: ty.storage() }
    }

    pub(super) fn null() -> Self {
        Self::new(Expr::Literal(ScalarValue::Utf8(None), None), Base::Unknown)
    }
}

impl Parameter {
    pub(super) fn of(ty: PgType) -> Self {
        Self { ty: ty.without_modifier() }
    }

    /// Whether its values come as texts, to be read by the type's input function.
    fn is_read(&self) -> bool {
        self.ty.is_array || self.ty.base.is_reg() || self.ty.is_composite() || self.ty.storage() == DataType::Utf8
    }

    /// How the plan takes its values.
    pub(super) fn held(&self) -> DataType {
        if self.is_read() { DataType::Utf8 } else { self.ty.storage() }
    }
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
    pub(super) fn placeholder(&mut self, number: usize, parameter: &Parameter) -> Result<Typed> {
        let (ty, data) = (parameter.ty, parameter.held());
        let field = Arc::new(Field::new("", data.clone(), true));
        let expr = Expr::Placeholder(Placeholder::new_with_field(format!("${number}"), Some(field)));
        match parameter.is_read() {
            true => self.read(Typed { expr, ty: Base::Text.into(), data }, ty),
            false => Ok(Typed { expr, ty, data }),
        }
    }

    pub(super) fn expr(&mut self, node: &NodeEnum, scope: &Scope<'_>) -> Result<Typed> {
        match node {
            NodeEnum::AConst(constant) => self.literal(constant),
            NodeEnum::ColumnRef(column) => self.column_ref(column, scope),
            NodeEnum::ParamRef(parameter) => self.parameter(parameter.number),
            NodeEnum::AExpr(expr) => self.operation(expr, scope),
            NodeEnum::BoolExpr(expr) => self.logic(expr, scope),
            NodeEnum::NullTest(test) => self.null_test(test, scope),
            NodeEnum::BooleanTest(test) => self.boolean_test(test, scope),
            NodeEnum::TypeCast(cast) => self.type_cast(cast, scope),
            NodeEnum::CaseExpr(case) => self.within("CASE", |binder| binder.case(case, scope)),
            NodeEnum::CoalesceExpr(call) => self.coalesced(call, scope),
            NodeEnum::MinMaxExpr(call) => self.greatest(call, scope),
            NodeEnum::FuncCall(call) => self.call(call, scope),
            NodeEnum::SubLink(link) => self.sub_link(link, scope),
            NodeEnum::AArrayExpr(array) => self.array(array, None, scope),
            NodeEnum::AIndirection(indirection) => self.indirection(indirection, scope),
            NodeEnum::RowExpr(row) => self.row(row, scope),
            NodeEnum::GroupingFunc(grouping) => self.grouping(grouping, scope),
            NodeEnum::SqlvalueFunction(function) => self.value_function(function),
            NodeEnum::CollateClause(collate) => self.collated(collate, scope),
            NodeEnum::SetToDefault(default) => {
                let message = "DEFAULT is not allowed in this context".to_owned();
                Err(PlanError::Grammar { message, position: self.position(default.location) })
            }
            node => match self.sql_json(node, scope)? {
                Some(typed) => Ok(typed),
                None => Err(not_yet("this expression")),
            },
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
        if let Some(row) = self.whole_row(column, scope)? {
            return Ok(row);
        }
        if let Some((NodeEnum::AStar(_), before)) =
            column.fields.split_last().and_then(|(last, before)| Some((last.node.as_ref()?, before)))
        {
            let table = parts(before)?;
            let all: Vec<&str> = table.iter().copied().chain(["*"]).collect();
            let missing = self.no_such_table(&all, &table, column.location, scope);
            return Err(missing.unwrap_or_else(|| not_yet("this star")));
        }
        self.placed_column(&parts(&column.fields)?, column.location, scope)
    }

    /// A column by its name, which stands at a place.
    pub(super) fn placed_column(&mut self, names: &[&str], place: i32, scope: &Scope<'_>) -> Result<Typed> {
        let typed = self.column(names, place, scope)?;
        let found = match &typed.expr {
            Expr::Column(found) | Expr::OuterReferenceColumn(_, found) => found,
            _ => return Ok(typed),
        };
        // A column that only a whole row has named so far has its own name here.
        if self.places.get(found).is_none_or(|(_, shown)| shown.ends_with(".*")) {
            let own = Expr::Column(found.clone());
            let of_table = |table: &super::scope::Table| {
                let named = table.columns.iter().find(|named| named.typed.expr == own)?;
                Some(format!("{}.{}", table.alias, named.name))
            };
            let around = std::iter::successors(Some(scope), |scope| scope.outer);
            let shown = around.flat_map(|scope| &scope.tables).find_map(of_table);
            self.places.insert(found.clone(), (place, shown.unwrap_or_else(|| found.name.clone())));
        }
        Ok(typed)
    }

    fn parameter(&mut self, number: i32) -> Result<Typed> {
        let number = usize::try_from(number).ok().filter(|n| (1..=65535).contains(n));
        let number = number.ok_or(PlanError::UndefinedParameter { number: 0 })?;
        if self.parameters.len() < number {
            self.parameters.resize(number, None);
        }
        match self.parameters[number - 1].clone() {
            Some(known) => self.placeholder(number, &known),
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
                Some(left) => self.compare_rows(name, left, expr.rexpr.as_deref(), expr.location, scope),
            },
            AExprKind::AexprIn => self.in_list(name, expr, scope),
            AExprKind::AexprBetween | AExprKind::AexprNotBetween => self.between(kind, expr, scope),
            AExprKind::AexprLike | AExprKind::AexprIlike | AExprKind::AexprSimilar => {
                let left = expr.lexpr.as_deref().ok_or_else(|| not_yet("this pattern"))?;
                self.compare_rows(name, left, expr.rexpr.as_deref(), expr.location, scope)
            }
            AExprKind::AexprDistinct | AExprKind::AexprNotDistinct => {
                let is_distinct = kind == AExprKind::AexprDistinct;
                if let Some(distinct) = self.rows_distinct(expr, is_distinct, scope)? {
                    return Ok(distinct);
                }
                let (left, right, places) = self.operands(expr, scope)?;
                self.distinct(left, right, is_distinct, places)
            }
            AExprKind::AexprNullif => {
                let (left, right, places) = self.operands(expr, scope)?;
                self.unless_equal(left, right, places)
            }
            AExprKind::AexprOpAny | AExprKind::AexprOpAll => {
                self.over_items(name, kind == AExprKind::AexprOpAny, expr, scope)
            }
            AExprKind::AexprBetweenSym | AExprKind::AexprNotBetweenSym => self.between_symmetric(kind, expr, scope),
            _ => Err(not_yet("this operator")),
        }
    }

    /// The operands of an operator, and the places of it and of them.
    fn operands(&mut self, expr: &AExpr, scope: &Scope<'_>) -> Result<(Typed, Typed, [i32; 3])> {
        let (left, right) = (inner(expr.lexpr.as_deref())?, inner(expr.rexpr.as_deref())?);
        let places = [expr.location, location(left), location(right)];
        self.same_collation(left, right)?;
        Ok((self.expr(left, scope)?, self.expr(right, scope)?, places))
    }

    /// `left op right` of any values.
    pub(super) fn operate_nodes(
        &mut self,
        name: &str,
        [left, right]: [&NodeEnum; 2],
        place: i32,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        self.same_collation(left, right)?;
        let places = [place, location(left), location(right)];
        let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
        self.operate_at(name, left, right, places)
    }

    /// Of the other's type, if it has none of its own.
    pub(super) fn settled_beside(&mut self, typed: Typed, other: &Typed) -> Result<Typed> {
        match typed.ty.is(Base::Unknown) && !other.ty.is(Base::Unknown) {
            true => self.coerce(typed, other.ty.without_modifier(), Coercion::Implicit, -1),
            false => self.settled(typed),
        }
    }

    /// `left IS [NOT] DISTINCT FROM right`
    pub(super) fn distinct(&mut self, left: Typed, right: Typed, is_distinct: bool, places: [i32; 3]) -> Result<Typed> {
        use datafusion::logical_expr::Operator::{IsDistinctFrom, IsNotDistinctFrom};
        let is_nothing = |typed: &Typed| typed.ty.is(Base::Unknown) && is_null(&typed.expr);
        for (record, other) in [(&left, &right), (&right, &left)] {
            // Of a record beside NULL it is told whether there is one, whatever its fields.
            if record.ty.is(Base::Record) && is_nothing(other) {
                let record = record.expr.clone();
                let told = if is_distinct { record.is_not_null() } else { record.is_null() };
                return Ok(Typed::new(told, Base::Bool));
            }
        }
        let operator = if is_distinct { IsDistinctFrom } else { IsNotDistinctFrom };
        let (left_again, right_again) = (self.copy(&left)?, self.copy(&right)?);
        let compared = self.operate_at("=", left, right, places)?;
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
        if super::records::is_row_node(expr.lexpr.as_deref()) {
            let within = self.row_lies_within(expr, [0, 1], scope)?.or(self.row_lies_within(expr, [1, 0], scope)?);
            let within = if kind == AExprKind::AexprBetweenSym { within } else { not(within) };
            return Ok(Typed::new(within, Base::Bool));
        }
        let [value, low, high] = self.bounds(expr, scope)?;
        let mut within = Vec::with_capacity(2);
        for (low, high) in [(low.clone(), high.clone()), (high, low)] {
            within.push(self.lies_within(&value, low, high, expr.location)?);
        }
        let within = within.into_iter().reduce(Expr::or).ok_or_else(|| not_yet("this BETWEEN"))?;
        Ok(Typed::new(if kind == AExprKind::AexprBetweenSym { within } else { not(within) }, Base::Bool))
    }

    /// The value of a BETWEEN and its bounds, each with its place.
    fn bounds(&mut self, expr: &AExpr, scope: &Scope<'_>) -> Result<[(Typed, i32); 3]> {
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this BETWEEN")) };
        let [low, high] = list.items.as_slice() else { return Err(not_yet("this BETWEEN")) };
        let mut placed = |node: Option<&Node>| {
            let node = inner(node)?;
            Ok::<_, PlanError>((self.expr(node, scope)?, location(node)))
        };
        Ok([placed(expr.lexpr.as_deref())?, placed(Some(low))?, placed(Some(high))?])
    }

    fn lies_within(&mut self, value: &(Typed, i32), low: (Typed, i32), high: (Typed, i32), place: i32) -> Result<Expr> {
        let (a, b) = (self.copy(&value.0)?, self.copy(&value.0)?);
        let above = self.operate_at(">=", a, low.0, [place, value.1, low.1])?.expr;
        Ok(above.and(self.operate_at("<=", b, high.0, [place, value.1, high.1])?.expr))
    }

    /// `value IN (a, b)`: over the type that all of them share.
    fn in_list(&mut self, name: &str, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this IN")) };
        if super::records::is_row_node(expr.lexpr.as_deref()) {
            return self.row_in(name, expr, &list.items, scope);
        }
        let mut placed = Vec::with_capacity(list.items.len() + 1);
        for node in expr.lexpr.as_deref().into_iter().chain(&list.items) {
            let node = inner(Some(node))?;
            placed.push((self.expr(node, scope)?, location(node)));
        }
        self.in_placed(name, placed, expr.location)
    }

    /// A value, and what it is compared with, each with its place.
    pub(super) fn in_placed(&mut self, name: &str, placed: Vec<(Typed, i32)>, place: i32) -> Result<Typed> {
        let join = if name == "<>" { Expr::and } else { Expr::or };
        let types: Vec<PgType> = placed.iter().map(|(typed, _)| typed.ty.without_modifier()).collect();
        // One value alone is compared as it is.
        let is_list = placed.len() > 2;
        let in_one_type = |ty: &PgType| {
            super::comparable::has_equality(*ty)
                && (!ty.is(Base::Record) || ty.is_composite() && is_list)
                && types.iter().all(|from| from.same(*ty) || converts(*from, *ty))
        };
        let Some(ty) = common_type(&types).ok().filter(in_one_type) else {
            return self.in_each(name, placed, place, join);
        };
        let mut all = Vec::with_capacity(placed.len());
        for (typed, place) in placed {
            all.push(self.coerce(typed, ty, Coercion::Implicit, place)?);
        }
        // Numerics of which one shows its own digits are all held so.
        if all.iter().any(Typed::is_free_numeric) {
            all = all.into_iter().map(super::coerce::freed).collect::<Result<_>>()?;
        }
        let (exprs, data) = one_storage(all)?;
        let mut keys = Vec::with_capacity(exprs.len());
        for expr in exprs {
            let value = Typed { expr, ty, data: data.clone() };
            keys.push(if Self::is_plainly_equal(&value) { value.expr } else { self.key(value)? });
        }
        let mut keys = keys.into_iter();
        let value = keys.next().ok_or_else(|| not_yet("this IN"))?;
        let (constants, others): (Vec<Expr>, Vec<Expr>) = keys.partition(is_constant);
        let (negated, operator) = (name == "<>", if name == "<>" { Operator::NotEq } else { Operator::Eq });
        let mut compared = Vec::with_capacity(others.len() + 1);
        if !constants.is_empty() {
            let list = InList { expr: Box::new(value.clone()), list: constants, negated };
            compared.push(Expr::InList(list));
        }
        // The engine takes some of what reads columns in a list, such as CASE, for constants.
        for other in others {
            let value = self.copy(&Typed { expr: value.clone(), ty, data: data.clone() })?.expr;
            compared.push(binary_expr(value, operator, other));
        }
        let joined = compared.into_iter().reduce(join).ok_or_else(|| not_yet("this IN"))?;
        Ok(Typed::new(joined, Base::Bool))
    }

    /// `value IN (a, b)` over several kinds: one comparison each.
    pub(super) fn in_each(
        &mut self,
        name: &str,
        placed: Vec<(Typed, i32)>,
        location: i32,
        join: fn(Expr, Expr) -> Expr,
    ) -> Result<Typed> {
        let mut placed = placed.into_iter();
        let (value, value_place) = placed.next().ok_or_else(|| not_yet("this IN"))?;
        let mut compared = Vec::with_capacity(placed.len());
        for (item, item_place) in placed {
            let value = self.copy(&value)?;
            compared.push(self.operate_at(name, value, item, [location, value_place, item_place])?.expr);
        }
        let joined = compared.into_iter().reduce(join).ok_or_else(|| not_yet("this IN"))?;
        Ok(Typed::new(joined, Base::Bool))
    }

    fn between(&mut self, kind: AExprKind, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        if super::records::is_row_node(expr.lexpr.as_deref()) {
            let within = self.row_lies_within(expr, [0, 1], scope)?;
            return Ok(Typed::new(if kind == AExprKind::AexprBetween { within } else { not(within) }, Base::Bool));
        }
        let [value, low, high] = self.bounds(expr, scope)?;
        let within = self.lies_within(&value, low, high, expr.location)?;
        Ok(Typed::new(if kind == AExprKind::AexprBetween { within } else { not(within) }, Base::Bool))
    }

    /// LIKE, and SIMILAR TO, whose pattern the grammar has put into a call.
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
        let value = self.settled(value)?;
        if value.ty.is(Base::Record) && super::records::has_fields(&value) {
            return self.record_is_null(&value, test);
        }
        if super::records::is_told_by_text(&value) {
            return Err(not_yet("a test for NULL of records of several shapes"));
        }
        // The engine doesn't compute what is never NULL.
        let is_computed = match &value.expr {
            Expr::ScalarFunction(call) if name_of(&call.func).is_none() => call.args.iter().any(may_fail),
            case @ Expr::Case(_) => may_fail(case),
            _ => false,
        };
        let value = match is_computed {
            true => call("nullable", vec![value.expr], value.data),
            false => value.expr,
        };
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
    pub(super) fn within<T>(&mut self, what: &'static str, bind: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let around = self.within.replace(what);
        let bound = bind(self);
        self.within = around;
        bound
    }

    fn type_cast(&mut self, cast: &TypeCast, scope: &Scope<'_>) -> Result<Typed> {
        let to = self.type_named(cast.type_name.as_ref())?;
        let node = inner(cast.arg.as_deref())?;
        let value = match node {
            NodeEnum::AArrayExpr(array) if to.is_array => self.array(array, Some(to.element()), scope)?,
            node => self.expr(node, scope)?,
        };
        // A constant's mistake is shown where it stands, else what is wrong with the conversion.
        let place = if value.ty.is(Base::Unknown) { location(node) } else { cast.location };
        self.coerce(value, to, Coercion::Explicit, place)
    }
}

pub(super) fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(value, _) if value.is_null())
}

/// Whether it is the same for all rows.
fn is_constant(expr: &Expr) -> bool {
    let differs = expr.exists(|part| {
        let reads = matches!(part, Expr::Column(_) | Expr::OuterReferenceColumn(..) | Expr::ScalarSubquery(_));
        Ok(reads || part.is_volatile_node() || matches!(part, Expr::InSubquery(_) | Expr::Exists(_)))
    });
    matches!(differs, Ok(false))
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
            if is_typed_constant(n) {
                return inner;
            }
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
        NodeEnum::RowExpr(n) => n.location,
        NodeEnum::SqlvalueFunction(n) => n.location,
        NodeEnum::CollateClause(n) => n.arg.as_deref().and_then(|arg| arg.node.as_ref()).map_or(-1, location),
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

/// `date '2024-01-01'`: a constant from the beginning, which is where its text stands.
fn is_typed_constant(cast: &TypeCast) -> bool {
    let is_bare = cast.type_name.as_ref().is_some_and(|name| name.typmods.is_empty());
    let constant = cast.arg.as_deref().and_then(|arg| arg.node.as_ref());
    is_bare
        && matches!(constant, Some(NodeEnum::AConst(constant))
            if matches!(constant.val, None | Some(a_const::Val::Sval(_))))
}
