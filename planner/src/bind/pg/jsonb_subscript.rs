//! `jsonb['key'][1]`: a path of keys and numbers (`jsonb_subscript_transform` in jsonbsubs.c).

use pg_query::NodeEnum;
use pg_query::protobuf::Node;

use super::expr::{inner, location};
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, catalog, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::call;

impl Binder<'_> {
    pub(super) fn jsonb_subscript(&mut self, value: Typed, steps: &[Node], scope: &Scope<'_>) -> Result<Typed> {
        let mut path = Vec::with_capacity(steps.len());
        for step in steps {
            let NodeEnum::AIndices(indices) = inner(Some(step))? else { return Err(not_yet("a field of a record")) };
            let node = inner(indices.uidx.as_deref().or(indices.lidx.as_deref()))?;
            if indices.is_slice {
                let message = "jsonb subscript does not support slices".to_owned();
                return Err(PlanError::Mismatch { message, position: self.position(location(node)) });
            }
            let key = self.expr(node, scope)?;
            let key = self.subscript_key(key, location(node))?;
            path.push(self.coerce(key, Base::Text.into(), Coercion::Explicit, -1)?.expr);
        }
        let ty = PgType::from(Base::Text).array_of();
        let path = Typed { expr: call("array_of", path, ty.storage()), ty, data: ty.storage() };
        self.operate("#>", value, path, -1)
    }

    /// A key is a text, or a number that becomes an integer by itself.
    fn subscript_key(&mut self, key: Typed, place: i32) -> Result<Typed> {
        if key.ty.is(Base::Unknown) {
            return self.coerce(key, Base::Text.into(), Coercion::Implicit, place);
        }
        let converts = |to: Base| catalog::cast(key.ty, to.into(), Coercion::Implicit).is_some();
        let hint = match (converts(Base::Int4), converts(Base::Text)) {
            (true, false) => return self.coerce(key, Base::Int4.into(), Coercion::Implicit, place),
            (false, true) => return self.coerce(key, Base::Text.into(), Coercion::Implicit, place),
            (true, true) => "jsonb subscript must be coercible to only one type, integer or text.",
            (false, false) => "jsonb subscript must be coercible to either integer or text.",
        };
        let message = format!("subscript type {} is not supported", key.ty);
        let position = self.position(place);
        Err(PlanError::Refused { code: code::DATATYPE_MISMATCH, message, hint: Some(hint), position })
    }
}
