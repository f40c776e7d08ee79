//! Hypothetical-set aggregates: where a row would stand among the others (documentation, 9.21). They count the rows that
//! would come before it.

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, Operator, cast, lit, when};
use pg_query::NodeEnum;
use pg_query::protobuf::{SortBy, SortByDir, SortByNulls};

use super::aggregates::Clauses;
use super::choices::one_storage;
use super::expr::{inner, location};
use super::records::{Output, field_of, record_of};
use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::{call, each_item_with};

/// What is told of the keys of a row beside those of the hypothetical one.
struct Compared {
    before: Expr,
    equal: Expr,
    /// The keys of the row.
    keys: Vec<Expr>,
}

/// A key of the rows, and that of the hypothetical one.
struct Pair<'q> {
    row: Typed,
    given: Typed,
    by: &'q SortBy,
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
        let pairs = self.pairs(&clauses, scope)?;
        let of_rows = pairs.iter().map(|pair| &pair.row.expr).chain(&clauses.filter);
        let query = self.query_of(of_rows, scope)?;
        let mut scopes = std::iter::successors(Some(scope), |scope| scope.outer);
        let here = scopes.find(|scope| scope.query == query).unwrap_or(scope);
        let mut is_one_for_all = true;
        for Pair { given, .. } in &pairs {
            is_one_for_all &= !given.expr.is_volatile() && !self.reads_rows_of(&given.expr, here)?;
        }
        let all = self.count_of(lit(1_i64), false, clauses.filter.clone())?;
        let counts = match is_one_for_all {
            true => self.counted(name, pairs, &clauses)?,
            false => self.counted_of_array(name, pairs, &clauses, scope)?,
        };
        let float = |expr: Expr| cast(expr, DataType::Float64);
        Ok(match name {
            "rank" | "dense_rank" => Typed::new(counts + lit(1_i64), Base::Int8),
            "percent_rank" => {
                let share = float(counts) / float(all.clone());
                Typed::new(when(all.eq(lit(0_i64)), lit(0_f64)).otherwise(share)?, Base::Float8)
            }
            _ => Typed::new(float(counts + lit(1_i64)) / float(all + lit(1_i64)), Base::Float8),
        })
    }

    /// How many rows come before one that is the same for all of them, or how many kinds of rows; with those that are equal to it
    /// for `cume_dist`.
    fn counted(&mut self, name: &str, pairs: Vec<Pair<'_>>, clauses: &Clauses<'_>) -> Result<Expr> {
        let Compared { before, equal, keys } = self.compared(pairs)?;
        let is_counted = if name == "cume_dist" { before.or(equal) } else { before };
        let filter = match clauses.filter.clone() {
            Some(filter) => filter.and(is_counted),
            None => is_counted,
        };
        match name == "dense_rank" {
            true => self.count_of(datafusion::functions::core::expr_fn::r#struct(keys), true, Some(filter)),
            false => self.count_of(lit(1_i64), false, Some(filter)),
        }
    }

    /// The same for one that is made of what the group is grouped by, which is known above the groups alone: the rows' values are
    /// collected, and compared there.
    fn counted_of_array(
        &mut self,
        name: &str,
        pairs: Vec<Pair<'_>>,
        clauses: &Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Expr> {
        let fields = pairs.iter().enumerate().map(|(at, pair)| Output {
            name: format!("c{at}"),
            ty: pair.row.ty,
            data: pair.row.data.clone(),
        });
        let fields: Vec<Output> = fields.collect();
        let record = record_of(&fields);
        let [item, beside] = ["item", "beside"].map(|name| Expr::Column(Column::new_unqualified(name)));
        let (mut rows, mut given, mut order_by, mut inside) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (pair, field) in pairs.into_iter().zip(&fields) {
            let sort = self.sort(pair.row.clone(), pair.by)?;
            if order_by.iter().all(|before: &Sort| before.expr != sort.expr) {
                order_by.push(sort);
            }
            inside.push(Pair {
                row: Typed { expr: field_of(item.clone(), &field.name), ..pair.row.clone() },
                given: Typed { expr: field_of(beside.clone(), &field.name), ..pair.given.clone() },
                by: pair.by,
            });
            rows.push(pair.row);
            given.push(pair.given.expr);
        }
        let keys = rows.iter().map(|row| self.key(row.clone())).collect::<Result<Vec<_>>>()?;
        // Equal rows are to stand together where one of them counts.
        let order_by = if name == "dense_rank" { order_by } else { Vec::new() };
        let clauses = Clauses { order_by, is_distinct: false, ..clauses.again() };
        let row = call("record_fields", rows.into_iter().map(|row| row.expr).collect(), record.clone());
        let rows = self.arrays_of([row].into_iter(), &clauses, scope)?;
        let rows = rows.into_iter().next().ok_or_else(|| not_yet("this aggregate"))?;
        let Compared { before, equal, .. } = self.compared(inside)?;
        let is_counted = if name == "cume_dist" { before.or(equal) } else { before };
        let beside = (call("record_fields", given, record.clone()), record.clone());
        let flags = DataType::new_list(DataType::Boolean, true);
        let mut counted = each_item_with(rows, record, Some(beside), is_counted, flags.clone());
        if name == "dense_rank" {
            let firsts = call("first_of_equals", self.arrays_of(keys.into_iter(), &clauses, scope)?, flags.clone());
            counted = call("items_that_hold", vec![counted, firsts], flags);
        }
        Ok(call("items_true", vec![counted], DataType::Int64))
    }

    /// The keys of the row beside those of the others, in types that can be compared.
    fn pairs<'q>(&mut self, clauses: &Clauses<'q>, scope: &Scope<'_>) -> Result<Vec<Pair<'q>>> {
        let mut pairs = Vec::with_capacity(clauses.node.args.len());
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
            let row = Typed { expr: row, data: data.clone(), ..of_row };
            pairs.push(Pair { row, given: Typed { expr: given, data, ..of_given }, by });
        }
        Ok(pairs)
    }

    /// Key by key, as ORDER BY tells the order of each.
    fn compared(&mut self, pairs: Vec<Pair<'_>>) -> Result<Compared> {
        let (mut before, mut equal, mut keys) = (lit(false), lit(true), Vec::new());
        for Pair { row, given, by } in pairs {
            let (row, given) = (self.key(row)?, self.key(given)?);
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
