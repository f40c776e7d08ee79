//! Hypothetical-set aggregates: where a row would stand among the others (documentation, 9.21). They count the rows that
//! would come before it.

use arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, Operator, cast, lit, when};
use pg_query::NodeEnum;
use pg_query::protobuf::{SortBy, SortByDir, SortByNulls};

use super::aggregates::Clauses;
use super::expr::{inner, location, one_storage};
use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;

/// What is told of the keys of a row beside those of the hypothetical one.
struct Compared {
    before: Expr,
    equal: Expr,
    /// The keys of the row.
    keys: Vec<Expr>,
}

impl Binder<'_> {
    pub(super) fn hypothetical(&mut self, name: &str, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let node = clauses.node;
        let (given, wanted) = (node.args.len(), node.agg_order.len());
        if given != wanted {
            let mut types = Vec::with_capacity(given + wanted);
            for arg in &node.args {
                types.push(self.expr_of(Some(arg), scope)?.ty);
            }
            for by in &node.agg_order {
                let NodeEnum::SortBy(by) = inner(Some(by))? else { return Err(not_yet("this ORDER BY")) };
                let typed = self.expr_of(by.node.as_deref(), scope)?;
                types.push(self.settled(typed)?.ty);
            }
            return Err(self.no_function(node, &types, super::resolve::Undecided::None));
        }
        let Compared { before, equal, keys } = self.compared(&clauses, scope)?;
        let count = Typed::new(lit(true), Base::Int8);
        let counted = |binder: &mut Self, condition: Option<Expr>, distinct: bool| -> Result<Expr> {
            let filter = match (clauses.filter.clone(), condition) {
                (Some(filter), Some(condition)) => Some(filter.and(condition)),
                (filter, condition) => filter.or(condition),
            };
            let value = match distinct {
                true => datafusion::functions::core::expr_fn::r#struct(keys.clone()),
                false => lit(1_i64),
            };
            binder.count_of(value, distinct, filter)
        };
        let one = lit(1_i64);
        let float = |expr: Expr| cast(expr, DataType::Float64);
        match name {
            "rank" => Ok(Typed { expr: counted(self, Some(before), false)? + one, ..count }),
            "dense_rank" => Ok(Typed { expr: counted(self, Some(before), true)? + one, ..count }),
            "percent_rank" => {
                let all = counted(self, None, false)?;
                let share = float(counted(self, Some(before), false)?) / float(all.clone());
                Ok(Typed::new(when(all.eq(lit(0_i64)), lit(0_f64)).otherwise(share)?, Base::Float8))
            }
            _ => {
                let all = counted(self, None, false)? + one.clone();
                let up_to = counted(self, Some(before.or(equal)), false)? + one;
                Ok(Typed::new(float(up_to) / float(all), Base::Float8))
            }
        }
    }

    /// Key by key, as ORDER BY tells the order of each.
    fn compared(&mut self, clauses: &Clauses<'_>, scope: &Scope<'_>) -> Result<Compared> {
        let (mut before, mut equal, mut keys) = (lit(false), lit(true), Vec::new());
        for (arg, by) in clauses.node.args.iter().zip(&clauses.node.agg_order) {
            let NodeEnum::SortBy(by) = inner(Some(by))? else { return Err(not_yet("this ORDER BY")) };
            let (arg, shown) = (inner(Some(arg))?, inner(by.node.as_deref())?);
            let (given, row) = (self.expr(arg, scope)?, self.expr(shown, scope)?);
            let row = self.settled(row)?;
            let types = [row.ty, given.ty];
            let ty = common_type(&types).map_err(|_| {
                let message = format!("WITHIN GROUP types {} and {} cannot be matched", types[0], types[1]);
                PlanError::Mismatch { message, position: self.position(super::places::bound(arg)) }
            })?;
            let given = self.coerce(given, ty, Coercion::Implicit, location(arg))?;
            let row = self.coerce(row, ty, Coercion::Implicit, location(shown))?;
            let (given, row) = match ty.is(Base::Numeric) && given.data != row.data {
                true => (super::coerce::freed(given)?, super::coerce::freed(row)?),
                false => (given, row),
            };
            let (of_given, of_row) = (given.clone(), row.clone());
            let (mut both, data) = one_storage(vec![given, row])?;
            let (Some(row), Some(given)) = (both.pop(), both.pop()) else { return Err(not_yet("this aggregate")) };
            let row = self.key(Typed { expr: row, data: data.clone(), ..of_row })?;
            let given = self.key(Typed { expr: given, data, ..of_given })?;
            keys.push(row.clone());
            let same = datafusion::logical_expr::binary_expr(row.clone(), Operator::IsNotDistinctFrom, given.clone());
            before = before.or(equal.clone().and(comes_before(row, given, by)?));
            equal = equal.and(same);
        }
        Ok(Compared { before, equal, keys })
    }
}

/// Whether the one key is sorted before the other.
fn comes_before(row: Expr, given: Expr, by: &SortBy) -> Result<Expr> {
    if !by.use_op.is_empty() {
        return Err(not_yet("USING in this ORDER BY"));
    }
    let descending = by.sortby_dir == SortByDir::SortbyDesc as i32;
    let nulls_first = match SortByNulls::try_from(by.sortby_nulls) {
        Ok(SortByNulls::SortbyNullsFirst) => true,
        Ok(SortByNulls::SortbyNullsLast) => false,
        _ => descending,
    };
    let by_null = match nulls_first {
        true => row.clone().is_null().and(given.clone().is_not_null()),
        false => row.clone().is_not_null().and(given.clone().is_null()),
    };
    let by_value = if descending { row.gt(given) } else { row.lt(given) };
    Ok(by_null.or(by_value))
}
