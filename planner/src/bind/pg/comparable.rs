//! Types that can't be compared: what DISTINCT, GROUP BY, ORDER BY and set operations say of them.

use super::types::{Base, PgType};
use super::{Binder, Result};
use crate::PlanError;
use crate::error::code;

/// Whether values of a type can be told apart.
pub(super) fn has_equality(ty: PgType) -> bool {
    !matches!(ty.base, Base::Json | Base::Jsonpath | Base::Void)
}

/// Whether values of a type have an order.
fn has_order(ty: PgType) -> bool {
    has_equality(ty) && !matches!(ty.base, Base::Xid | Base::Cid)
}

fn refused(message: String, hint: Option<&'static str>, position: Option<usize>) -> PlanError {
    PlanError::Refused { code: code::UNDEFINED_FUNCTION, message, hint, position }
}

/// What lacks an equality, where no place is known.
pub(super) fn no_equality(ty: PgType, position: Option<usize>) -> PlanError {
    refused(format!("could not identify an equality operator for type {ty}"), None, position)
}

impl Binder<'_> {
    /// What rows are told apart by, which stands at a place.
    pub(super) fn check_equality(&self, ty: PgType, location: i32) -> Result<()> {
        if has_equality(ty) { Ok(()) } else { Err(no_equality(ty, self.position(location))) }
    }

    /// What rows are ordered by, which stands at a place.
    pub(super) fn check_order(&self, ty: PgType, location: i32) -> Result<()> {
        if has_order(ty) {
            return Ok(());
        }
        let message = format!("could not identify an ordering operator for type {ty}");
        let hint = "Use an explicit ordering operator or modify the query.";
        Err(refused(message, Some(hint), self.position(location)))
    }

    /// What GREATEST and LEAST compare.
    pub(super) fn check_comparison(&self, ty: PgType) -> Result<()> {
        match has_order(ty) {
            true => Ok(()),
            false => Err(refused(format!("could not identify a comparison function for type {ty}"), None, None)),
        }
    }
}
