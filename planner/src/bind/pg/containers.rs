//! Arrays and rows.

use arrow::array::Array;
use arrow::datatypes::DataType;
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{Expr, Operator, lit, not};
use pg_query::NodeEnum;
use pg_query::protobuf::{AArrayExpr, AExpr, Node, NullTest, NullTestType, RowExpr};

use super::arrays::{item_data, one_shape};
use super::expr::{inner, location, one_storage};
use super::operators::COMPARISONS;
use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, each_item_with};

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
                    coerced.push(self.coerce(item, element, Coercion::Explicit, at)?);
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
        // Numerics in arrays have each their own digits.
        let bare = ty.without_modifier();
        let mut free = Vec::with_capacity(exprs.len());
        for expr in exprs {
            free.push(super::coerce::freed(Typed { expr, ty: bare, data: data.clone() })?.expr);
        }
        let data = bare.storage();
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
        let value = self.expr_of(expr.lexpr.as_deref(), scope)?;
        let array = self.expr_of(expr.rexpr.as_deref(), scope)?;
        let array = match array.ty.is(Base::Unknown) {
            true => {
                let ty = self.settled_type(&value).array_of();
                self.coerce(array, ty, Coercion::Implicit, expr.location)?
            }
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
        if is_in && value.ty.same(ty) && Self::is_plain_key(&value) && value.data == items[0].data {
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

    /// `ROW(a, b)` as a value: its text.
    pub(super) fn row(&mut self, row: &RowExpr, scope: &Scope<'_>) -> Result<Typed> {
        let mut texts = Vec::with_capacity(row.args.len());
        for node in &row.args {
            let value = self.expr_of(Some(node), scope)?;
            texts.push(self.printed(value)?);
        }
        self.procedure("record_of", texts, Base::Record.into())
    }

    /// `(a, b) op (c, d)`
    pub(super) fn compare_rows(
        &mut self,
        name: &str,
        left: &Node,
        right: Option<&Node>,
        place: i32,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let (NodeEnum::RowExpr(left), NodeEnum::RowExpr(right)) = (inner(Some(left))?, inner(right)?) else {
            return Err(not_yet("a comparison with a row"));
        };
        let mut pairs = Vec::with_capacity(left.args.len());
        if left.args.len() != right.args.len() {
            let message = "unequal number of entries in row expressions".to_owned();
            return Err(PlanError::Grammar { message, position: self.position(place) });
        }
        for (a, b) in left.args.iter().zip(&right.args) {
            pairs.push((self.expr_of(Some(a), scope)?, self.expr_of(Some(b), scope)?));
        }
        self.compare_pairs(name, pairs, place)
    }

    fn compare_pairs(&mut self, name: &str, pairs: Vec<(Typed, Typed)>, place: i32) -> Result<Typed> {
        let operator = COMPARISONS.iter().find(|(symbol, _)| *symbol == name).map(|(_, operator)| *operator);
        let operator = operator.ok_or_else(|| not_yet("this operator between rows"))?;
        if pairs.is_empty() {
            let message = "cannot compare rows of zero length".to_owned();
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(place)));
        }
        if matches!(operator, Operator::Eq | Operator::NotEq) {
            let mut compared = Vec::with_capacity(pairs.len());
            for (a, b) in pairs {
                compared.push(self.operate(name, a, b, place)?.expr);
            }
            let join = if operator == Operator::Eq { Expr::and } else { Expr::or };
            let joined = compared.into_iter().reduce(join).ok_or_else(|| not_yet("these rows"))?;
            return Ok(Typed::new(joined, Base::Bool));
        }
        // The first two that differ decide, from the last pair to the first.
        let strict = if name.starts_with('<') { "<" } else { ">" };
        let mut decided: Option<Expr> = None;
        for (a, b) in pairs.into_iter().rev() {
            decided = Some(match decided {
                None => self.operate(name, a, b, place)?.expr,
                Some(rest) => {
                    let (a2, b2) = (self.copy(&a)?, self.copy(&b)?);
                    let differs = self.operate(strict, a, b, place)?.expr;
                    let equal = self.operate("=", a2, b2, place)?.expr;
                    differs.or(equal.and(rest))
                }
            });
        }
        Ok(Typed::new(decided.ok_or_else(|| not_yet("these rows"))?, Base::Bool))
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

    /// `(a, b) IS NULL`: all are; IS NOT NULL: none is.
    pub(super) fn row_is_null(&mut self, row: &RowExpr, test: &NullTest, scope: &Scope<'_>) -> Result<Typed> {
        let is_null = test.nulltesttype == NullTestType::IsNull as i32;
        let mut tests = Vec::with_capacity(row.args.len());
        for node in &row.args {
            let value = self.expr_of(Some(node), scope)?;
            let value = self.settled(value)?.expr;
            tests.push(if is_null { value.is_null() } else { value.is_not_null() });
        }
        Ok(Typed::new(tests.into_iter().reduce(Expr::and).unwrap_or_else(|| lit(true)), Base::Bool))
    }

    /// Two values that an `=` compares, as the engine compares them.
    pub(super) fn keyed_alike(&mut self, left: Typed, right: Typed) -> Result<(Expr, Expr)> {
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
        if left.data == right.data {
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
