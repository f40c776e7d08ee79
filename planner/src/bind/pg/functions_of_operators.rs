//! Functions that compute what operators, conversions and aggregates are made of: `int4pl`, `texteq`, `int4(int8)`,
//! `int4larger`.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Case, Expr, Operator};

use super::arrays::both_of_one_shape;
use super::catalog::{self, Cast, Function};
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed};

impl Binder<'_> {
    /// The value of a call of such a function, if it is one.
    pub(super) fn of_operator(
        &mut self,
        function: &Function,
        given: &[Typed],
        result: PgType,
    ) -> Result<Option<Typed>> {
        if let [value] = given
            && let Some(cast @ Cast::Function(source)) = catalog::cast(value.ty, result, Coercion::Explicit)
            && source == function.source
            && !result.is_array
        {
            return self.convert(value.clone(), result, cast).map(Some);
        }
        if let Some(operator) = catalog::operator_of(function.source, &function.arguments) {
            return match given {
                [value] => self.operate_prefix(operator, value.clone(), -1).map(Some),
                [left, right] => self.operate(operator, left.clone(), right.clone(), -1).map(Some),
                _ => Ok(None),
            };
        }
        let [left, right] = given else { return Ok(None) };
        match function.source {
            "booland_statefunc" => self.unless_null(left, right, left.expr.clone().and(right.expr.clone())).map(Some),
            "boolor_statefunc" => self.unless_null(left, right, left.expr.clone().or(right.expr.clone())).map(Some),
            source => match extreme(source).filter(|_| left.ty.same(right.ty)) {
                Some(operator) => self.larger(operator, left, right).map(Some),
                None => Ok(None),
            },
        }
    }

    /// The first value where it compares so to the second, else the second.
    fn larger(&mut self, operator: Operator, left: &Typed, right: &Typed) -> Result<Typed> {
        let (left, right) = (left.clone(), right.clone());
        let (left, right) = match left.ty {
            ty if ty.is(Base::Numeric) => (super::coerce::freed(left)?, super::coerce::freed(right)?),
            ty if ty.is_array => both_of_one_shape(left, right)?,
            _ => (left, right),
        };
        let first = self.compare(operator, left.clone(), right.clone())?.expr;
        let branches = vec![(Box::new(first), Box::new(left.expr.clone()))];
        let chosen = Expr::Case(Case::new(None, branches, Some(Box::new(right.expr.clone()))));
        self.unless_null(&left, &right, chosen)
    }

    /// A value of the first's type, or NULL where one of both is.
    fn unless_null(&mut self, left: &Typed, right: &Typed, value: Expr) -> Result<Typed> {
        self.copy(left)?;
        self.copy(right)?;
        let is_null = left.expr.clone().is_null().or(right.expr.clone().is_null());
        let null = Expr::Literal(ScalarValue::try_from(&left.data)?, None);
        let expr = Expr::Case(Case::new(None, vec![(Box::new(is_null), Box::new(null))], Some(Box::new(value))));
        Ok(Typed { expr, ty: left.ty.without_modifier(), data: left.data.clone() })
    }
}

/// How the first value compares where it is the result of `min` or `max` over both. Of texts with blanks at their ends that
/// are equal it is the first.
fn extreme(source: &str) -> Option<Operator> {
    Some(match (source.ends_with("larger"), source.ends_with("smaller"), source.starts_with("bpchar")) {
        (true, _, false) => Operator::Gt,
        (true, _, true) => Operator::GtEq,
        (_, true, false) => Operator::Lt,
        (_, true, true) => Operator::LtEq,
        _ => return None,
    })
}
