//! Collations: all of those that are known order by bytes, so that they matter only where a statement names them.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{CollateClause, FuncCall, Node};

use super::expr::{inner, parts};
use super::scope::Scope;
use super::types::Base;
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

const KNOWN: [&str; 4] = ["C", "POSIX", "default", "ucs_basic"];

impl Binder<'_> {
    /// `text COLLATE name`
    pub(super) fn collated(&mut self, collate: &CollateClause, scope: &Scope<'_>) -> Result<Typed> {
        let position = self.position(collate.location);
        let names = parts(&collate.collname)?;
        match names.as_slice() {
            [name] | ["pg_catalog", name] if KNOWN.contains(name) => {}
            [name] | ["pg_catalog", name] if is_elsewhere(name) => return Err(not_yet("this collation")),
            [schema, _] if !self.knows_schema(schema) => return Err(super::type_names::no_schema(schema, position)),
            _ => {
                let message = format!("collation \"{}\" for encoding \"UTF8\" does not exist", names.join("."));
                return Err(PlanError::refused(code::UNDEFINED_OBJECT, message, position));
            }
        }
        let typed = self.expr(inner(collate.arg.as_deref())?, scope)?;
        let typed = self.settled(typed)?;
        match is_collatable(&typed) {
            true => Ok(typed),
            false => {
                let message = format!("collations are not supported by type {}", typed.ty);
                Err(PlanError::Mismatch { message, position })
            }
        }
    }

    /// Operands may not both say by which collation they compare, if these differ.
    pub(super) fn same_collation(&self, left: &NodeEnum, right: &NodeEnum) -> Result<()> {
        let (NodeEnum::CollateClause(left), NodeEnum::CollateClause(right)) = (left, right) else { return Ok(()) };
        match (parts(&left.collname)?.last(), parts(&right.collname)?.last()) {
            (Some(a), Some(b)) if a != b && KNOWN.contains(a) && KNOWN.contains(b) => {
                let message = format!("collation mismatch between explicit collations \"{a}\" and \"{b}\"");
                Err(PlanError::refused(code::COLLATION_MISMATCH, message, self.position(right.location)))
            }
            _ => Ok(()),
        }
    }

    /// `COLLATION FOR (value)`, where nothing but the value itself tells it.
    pub(super) fn collation_for(&mut self, call: &FuncCall, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let [argument] = call.args.as_slice() else { return Ok(None) };
        let node = inner(Some(argument))?;
        let typed = self.expr(node, scope)?;
        if typed.ty.is(Base::Unknown) {
            return Ok(Some(Typed::new(Expr::Literal(ScalarValue::Utf8(None), None), Base::Text)));
        }
        if !is_collatable(&typed) {
            let message = format!("collations are not supported by type {}", typed.ty);
            return Err(PlanError::Mismatch { message, position: None });
        }
        let name = match node {
            NodeEnum::CollateClause(collate) => parts(&collate.collname)?.last().map(|name| (*name).to_owned()),
            NodeEnum::TypeCast(cast) if is_constant(cast.arg.as_deref()) => {
                Some(if typed.ty.is(Base::Name) { "C" } else { "default" }.to_owned())
            }
            _ => return Err(not_yet("the collation of this")),
        };
        Ok(name.map(|name| Typed::new(lit(format!("\"{name}\"")), Base::Text)))
    }
}

fn is_collatable(typed: &Typed) -> bool {
    typed.ty.element().is_string()
}

fn is_constant(node: Option<&Node>) -> bool {
    matches!(node.and_then(|node| node.node.as_ref()), Some(NodeEnum::AConst(_)))
}

/// Names of collations that PostgreSQL may have from its libraries: languages, with and without countries.
fn is_elsewhere(name: &str) -> bool {
    let language = name.split(['_', '-', '@', '.']).next().unwrap_or_default();
    matches!(name, "unicode" | "pg_c_utf8" | "pg_unicode_fast")
        || ((2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase()))
}
