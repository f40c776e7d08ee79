//! Arrays and rows.

use arrow::array::Array;
use arrow::datatypes::DataType;
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{Case, Expr, Operator, lit, not};
use pg_query::NodeEnum;
use pg_query::protobuf::{AArrayExpr, AExpr, Node, RowExpr, SubLinkType};

use super::arrays::{item_data, one_shape};
use super::choices::{may_fail, one_storage};
use super::expr::{inner, location};
use super::operators::COMPARISONS;
use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, each_item_with};

/// Two values that rows have in the same place, and where the operator and they stand.
pub(super) struct Pair(pub Typed, pub Typed, pub [i32; 3]);

impl Binder<'_> {
    /// `ARRAY[a, b]`, of a type that its place may tell.
    pub(super) fn array(&mut self, array: &AArrayExpr, element: Option<PgType>, scope: &Scope<'_>) -> Result<Typed> {
        let mut items = Vec::with_capacity(array.elements.len());
        for node in &array.elements {
            let node = inner(Some(node))?;
            let item = match node {
                NodeEnum::AArrayExpr(array) => self.array(array, element, scope)?,
                node => self.expr(node, scope)?,
            };
            items.push((item, location(node)));
        }
        if items.iter().any(|(item, _)| item.ty.is_array) {
            return self.array_of_arrays(items, element);
        }
        if items.is_empty() && element.is_none() {
            let position = self.position(array.location);
            let hint = Some("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
            let message = "cannot determine type of empty array".to_owned();
            return Err(PlanError::Refused { code: code::INDETERMINATE_DATATYPE, message, hint, position });
        }
        let (exprs, ty, data) = match element {
            Some(element) => {
                let mut coerced = Vec::with_capacity(items.len());
                for (item, at) in items {
                    // Numerics in arrays have each their own digits.
                    coerced.push(super::coerce::freed(self.coerce(item, element, Coercion::Explicit, at)?)?);
                }
                match coerced.is_empty() {
                    true => (Vec::new(), element, element.storage()),
                    false => {
                        let (exprs, data) = one_storage(coerced)?;
                        (exprs, element, data)
                    }
                }
            }
            None => self.shared(items, "ARRAY")?,
        };
        let bare = ty.without_modifier();
        let mut free = Vec::with_capacity(exprs.len());
        for expr in exprs {
            free.push(super::coerce::freed(Typed { expr, ty: bare, data: data.clone() })?.expr);
        }
        let data = if ty.is(Base::Record) { data } else { bare.storage() };
        let list = DataType::new_list(data.clone(), true);
        let literals: Option<Vec<ScalarValue>> = free
            .iter()
            .map(|expr| match expr {
                Expr::Literal(value, _) if value.data_type() == data => Some(value.clone()),
                _ => None,
            })
            .collect();
        let expr = match literals {
            Some(values) => Expr::Literal(ScalarValue::List(ScalarValue::new_list_nullable(&values, &data)), None),
            None => call("array_of", free, list.clone()),
        };
        Ok(Typed { expr, ty: bare.array_of(), data: list })
    }

    /// `value op ANY (array)` and `value op ALL (array)`
    pub(super) fn over_items(&mut self, name: &str, is_any: bool, expr: &AExpr, scope: &Scope<'_>) -> Result<Typed> {
        if let Some(compared) = self.over_attribute(name, is_any, expr, scope)? {
            return Ok(compared);
        }
        let value = self.expr_of(expr.lexpr.as_deref(), scope)?;
        let array = self.expr_of(expr.rexpr.as_deref(), scope)?;
        let array = match array.ty.is(Base::Unknown) {
            true => {
                let ty = self.settled_type(&value).array_of();
                let place = location(inner(expr.rexpr.as_deref())?);
                self.coerce(array, ty, Coercion::Implicit, place)?
            }
            false if array.ty.base.vector_of().is_some() => self.array_of_vector(array)?,
            false => array,
        };
        if !array.ty.is_array {
            let message = "op ANY/ALL (array) requires array on right side".to_owned();
            return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(expr.location)));
        }
        if let Expr::Literal(ScalarValue::List(list), _) = &array.expr
            && list.len() == 1
            && !list.values().is_empty()
            && !list.is_null(0)
        {
            return self.over_constants(name, is_any, value, &array, expr.location);
        }
        let item = Typed {
            expr: Expr::Column(Column::new_unqualified("item")),
            ty: array.ty.element(),
            data: item_data(&array.data)?.clone(),
        };
        let value = self.settled_beside(value, &item)?;
        let beside = Typed { expr: Expr::Column(Column::new_unqualified("beside")), ..value.clone() };
        let item_data = item.data.clone();
        let compared = self.operate(name, beside, item, expr.location)?;
        if !compared.ty.is(Base::Bool) {
            let message = "op ANY/ALL (array) requires operator to yield boolean".to_owned();
            return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(expr.location)));
        }
        let list = DataType::new_list(DataType::Boolean, true);
        let each = each_item_with(array.expr, item_data, Some((value.expr, value.data)), compared.expr, list);
        let name = if is_any { "any_of" } else { "all_of" };
        Ok(Typed::new(call(name, vec![each], DataType::Boolean), Base::Bool))
    }

    /// Over a constant array: `= ANY` is IN, and others are one comparison each.
    fn over_constants(
        &mut self,
        name: &str,
        is_any: bool,
        value: Typed,
        array: &Typed,
        location: i32,
    ) -> Result<Typed> {
        let Expr::Literal(ScalarValue::List(list), _) = &array.expr else { return Err(not_yet("this array")) };
        let ty = array.ty.element();
        let mut items = Vec::new();
        for at in 0..list.values().len() {
            let item = ScalarValue::try_from_array(list.values(), at)?;
            let data = item.data_type();
            items.push(Typed { expr: Expr::Literal(item, None), ty, data });
        }
        let value = self.settled_beside(value, &items[0])?;
        let is_in = (name == "=" && is_any) || (name == "<>" && !is_any);
        if is_in && value.ty.same(ty) && Self::is_plainly_equal(&value) && value.data == items[0].data {
            let list = items.into_iter().map(|item| item.expr).collect();
            return Ok(Typed::new(value.expr.in_list(list, !is_any), Base::Bool));
        }
        let mut compared = Vec::with_capacity(items.len());
        for item in items {
            let value = self.copy(&value)?;
            let one = self.operate(name, value, item, location)?;
            if !one.ty.is(Base::Bool) {
                let message = "op ANY/ALL (array) requires operator to yield boolean".to_owned();
                return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(location)));
            }
            compared.push(one.expr);
        }
        let join = if is_any { Expr::or } else { Expr::and };
        let joined = compared.into_iter().reduce(join).ok_or_else(|| not_yet("this array"))?;
        Ok(Typed::new(joined, Base::Bool))
    }

    fn settled_type(&self, value: &Typed) -> PgType {
        if value.ty.is(Base::Unknown) { Base::Text.into() } else { value.ty.without_modifier() }
    }

    /// `left op right`, which compares field by field if both are written as `(a, b)`, or one so and the other as a
    /// sub-select.
    pub(super) fn compare_rows(
        &mut self,
        name: &str,
        left: &Node,
        right: Option<&Node>,
        place: i32,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        match (inner(Some(left))?, inner(right)?) {
            (NodeEnum::RowExpr(left), NodeEnum::RowExpr(right)) => {
                let pairs = self.row_pairs(left, right, place, scope)?;
                self.compare_pairs(name, pairs, place)
            }
            (NodeEnum::RowExpr(row), NodeEnum::SubLink(link))
                if link.sub_link_type == SubLinkType::ExprSublink as i32 =>
            {
                self.row_beside_query(name, row, link, place, scope)
            }
            (left, right) => self.operate_nodes(name, [left, right], place, scope),
        }
    }

    /// The values of two rows side by side, with their places.
    fn row_pairs(&mut self, left: &RowExpr, right: &RowExpr, place: i32, scope: &Scope<'_>) -> Result<Vec<Pair>> {
        let (left, right) = (self.row_items(left, scope)?, self.row_items(right, scope)?);
        if left.len() != right.len() {
            let message = "unequal number of entries in row expressions".to_owned();
            return Err(PlanError::Grammar { message, position: self.position(place) });
        }
        Ok(left.into_iter().zip(right).map(|((a, of_a), (b, of_b))| Pair(a, b, [place, of_a, of_b])).collect())
    }

    /// `(a, b) IS DISTINCT FROM (c, d)`; `None` for other values.
    pub(super) fn rows_distinct(
        &mut self,
        expr: &AExpr,
        is_distinct: bool,
        scope: &Scope<'_>,
    ) -> Result<Option<Typed>> {
        let (NodeEnum::RowExpr(left), NodeEnum::RowExpr(right)) =
            (inner(expr.lexpr.as_deref())?, inner(expr.rexpr.as_deref())?)
        else {
            return Ok(None);
        };
        let mut differs = lit(false);
        for (at, Pair(a, b, places)) in self.row_pairs(left, right, expr.location, scope)?.into_iter().enumerate() {
            let one = self.distinct(a, b, true, places)?.expr;
            differs = if at == 0 { one } else { differs.or(one) };
        }
        Ok(Some(Typed::new(if is_distinct { differs } else { not(differs) }, Base::Bool)))
    }

    /// `(a, b) BETWEEN low AND high`, by the places of these in the list.
    pub(super) fn row_lies_within(&mut self, expr: &AExpr, [low, high]: [usize; 2], scope: &Scope<'_>) -> Result<Expr> {
        let NodeEnum::List(list) = inner(expr.rexpr.as_deref())? else { return Err(not_yet("this BETWEEN")) };
        let row = expr.lexpr.as_deref().ok_or_else(|| not_yet("this BETWEEN"))?;
        let above = self.compare_rows(">=", row, list.items.get(low), expr.location, scope)?.expr;
        Ok(above.and(self.compare_rows("<=", row, list.items.get(high), expr.location, scope)?.expr))
    }

    pub(super) fn compare_pairs(&mut self, name: &str, pairs: Vec<Pair>, place: i32) -> Result<Typed> {
        if pairs.is_empty() {
            let message = "cannot compare rows of zero length".to_owned();
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(place)));
        }
        let operator = COMPARISONS.iter().find(|(symbol, _)| *symbol == name).map(|(_, operator)| *operator);
        let Some(operator) = operator else { return self.operate_pairs(name, pairs, place) };
        if matches!(operator, Operator::Eq | Operator::NotEq) {
            let mut compared = Vec::with_capacity(pairs.len());
            for Pair(a, b, places) in pairs {
                compared.push(self.operate_at(name, a, b, places)?.expr);
            }
            let join = if operator == Operator::Eq { Expr::and } else { Expr::or };
            let joined = compared.into_iter().reduce(join).ok_or_else(|| not_yet("these rows"))?;
            return Ok(Typed::new(joined, Base::Bool));
        }
        // The first two that differ decide, from the last pair to the first.
        let strict = if name.starts_with('<') { "<" } else { ">" };
        let mut decided: Option<Expr> = None;
        for Pair(a, b, places) in pairs.into_iter().rev() {
            decided = Some(match decided {
                None => beside_null(self.operate_at(name, a, b, places)?.expr),
                Some(rest) => {
                    let (a2, b2) = (self.copy(&a)?, self.copy(&b)?);
                    let differs = beside_null(self.operate_at(strict, a, b, places)?.expr);
                    let equal = beside_null(self.operate_at("=", a2, b2, places)?.expr);
                    match may_fail(&rest) {
                        // What follows is computed only behind equal values.
                        true => {
                            let behind = vec![(Box::new(equal), Box::new(rest))];
                            Expr::Case(Case::new(Some(Box::new(lit(true))), behind, Some(Box::new(differs))))
                        }
                        false => differs.or(equal.and(rest)),
                    }
                }
            });
        }
        Ok(Typed::new(decided.ok_or_else(|| not_yet("these rows"))?, Base::Bool))
    }

    /// `(a, b) op (c, d)` by what is no comparison: only rows of one value have such.
    fn operate_pairs(&mut self, name: &str, pairs: Vec<Pair>, place: i32) -> Result<Typed> {
        let is_single = pairs.len() == 1;
        let mut last = None;
        for Pair(a, b, places) in pairs {
            let one = self.operate_at(name, a, b, places)?;
            if !one.ty.is(Base::Bool) {
                let message = format!("row comparison operator must yield type boolean, not type {}", one.ty);
                return Err(PlanError::Mismatch { message, position: self.position(place) });
            }
            last = Some(one);
        }
        match last.filter(|_| is_single) {
            Some(one) => Ok(one),
            None => Err(PlanError::Refused {
                code: code::FEATURE_NOT_SUPPORTED,
                message: format!("could not determine interpretation of row comparison operator {name}"),
                hint: Some("Row comparison operators must be associated with btree operator families."),
                position: self.position(place),
            }),
        }
    }

    /// `(a, b) IN ((1, 2), (3, 4))`
    pub(super) fn row_in(&mut self, name: &str, expr: &AExpr, items: &[Node], scope: &Scope<'_>) -> Result<Typed> {
        let left = expr.lexpr.as_deref().ok_or_else(|| not_yet("this IN"))?;
        let mut compared = Vec::with_capacity(items.len());
        for item in items {
            compared.push(self.compare_rows("=", left, Some(item), expr.location, scope)?.expr);
        }
        let within = compared.into_iter().reduce(Expr::or).ok_or_else(|| not_yet("this IN"))?;
        Ok(Typed::new(if name == "<>" { not(within) } else { within }, Base::Bool))
    }

    /// Two values that an `=` compares, as the engine compares them.
    pub(super) fn keyed_alike(&mut self, left: Typed, right: Typed) -> Result<(Expr, Expr)> {
        if left.ty.base == Base::Record && !super::records::are_alike(&left.data, &right.data) {
            return Err(not_yet("records of several shapes"));
        }
        if left.ty.is_enum() && left.ty.same(right.ty) {
            return Ok((left.expr, right.expr));
        }
        let types = [left.ty.without_modifier(), right.ty.without_modifier()];
        let (left, right) = match types[0].same(types[1]) {
            true => (left, right),
            false => {
                let common = common_type(&types).map_err(|_| not_yet("this comparison"))?;
                (self.implicitly(left, common)?, self.implicitly(right, common)?)
            }
        };
        if left.ty.is_array && right.ty.is_array {
            let mut both = one_shape(vec![left, right])?.into_iter();
            let (Some(left), Some(right)) = (both.next(), both.next()) else { return Err(not_yet("this comparison")) };
            return Ok((self.key(left)?, self.key(right)?));
        }
        if left.data == right.data || left.ty.is(Base::Record) {
            return Ok((self.key(left)?, self.key(right)?));
        }
        if left.is_free_numeric() || right.is_free_numeric() {
            let (left, right) = (super::coerce::freed(left)?, super::coerce::freed(right)?);
            return Ok((self.key(left)?, self.key(right)?));
        }
        let common = super::operators::common_decimal(&left.data, &right.data);
        let common = common.ok_or_else(|| not_yet("a comparison of these"))?;
        let left = super::coerce::engine_cast(left, common.clone())?;
        Ok((left, super::coerce::engine_cast(right, common)?))
    }
}

/// A comparison of two values of rows: beside a constant NULL the other is computed all the same, for this is no call to
/// PostgreSQL.
fn beside_null(comparison: Expr) -> Expr {
    let sides: Vec<&Expr> = match &comparison {
        Expr::BinaryExpr(binary) => vec![&binary.left, &binary.right],
        Expr::ScalarFunction(call) => call.args.iter().collect(),
        _ => return comparison,
    };
    let is_null = |side: &Expr| matches!(side, Expr::Literal(value, _) if value.is_null());
    let computed: Vec<Expr> = sides.iter().filter(|side| may_fail(side)).map(|side| (*side).clone()).collect();
    match sides.into_iter().any(is_null) && !computed.is_empty() {
        true => call("never_decided", computed, DataType::Boolean),
        false => comparison,
    }
}
