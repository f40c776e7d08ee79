//! Values of enum types of sources. They are held as their labels; what orders them is told from the type's labels in their
//! order. A mask may show a value that is no label: it stands behind all that are.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, Operator, binary_expr, lit};
use weir_connectors::pgtype::OwnType;
use weir_values::ValueError;

use super::composite_types::Composite;
use super::enum_types::OwnEnum;
use super::types::{Base, PgType};
use super::{Asker, Binder, Typed};
use crate::functions::pg::{call, invalid_label};
use crate::pg_catalog::Own;

/// The labels of a type as a constant.
fn labels(own: OwnEnum) -> Expr {
    let items: Vec<ScalarValue> = own.definition().labels.iter().map(|label| label.as_str().into()).collect();
    lit(ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8)))
}

/// The place of a constant among its type's labels.
fn place(own: OwnEnum, expr: &Expr) -> Option<usize> {
    let Expr::Literal(ScalarValue::Utf8(Some(value)), _) = expr else { return None };
    own.definition().labels.iter().position(|label| label == value)
}

/// What orders values of the type.
pub(super) fn enum_key(own: OwnEnum, value: Expr) -> Expr {
    call("enum_key", vec![value, labels(own)], DataType::Binary)
}

/// A comparison of values of one type. Beside a constant it is one with some of the labels, which a source may make.
pub(super) fn compare_enums(own: OwnEnum, operator: Operator, left: Expr, right: Expr) -> Expr {
    if matches!(operator, Operator::Eq | Operator::NotEq) {
        return binary_expr(left, operator, right);
    }
    let (value, operator, beside) = match (place(own, &left), place(own, &right)) {
        (None, Some(at)) => (&left, Some(operator), at),
        (Some(at), None) => (&right, operator.swap(), at),
        _ => return binary_expr(enum_key(own, left), operator, enum_key(own, right)),
    };
    let labels = &own.definition().labels;
    let (below, is_below) = match operator {
        Some(Operator::Lt) => (&labels[..beside], true),
        Some(Operator::LtEq) => (&labels[..=beside], true),
        Some(Operator::Gt) => (&labels[..=beside], false),
        Some(Operator::GtEq) => (&labels[..beside], false),
        _ => (&labels[..0], false),
    };
    match (operator, below) {
        (None, _) | (_, []) => {
            let operator = operator.unwrap_or(Operator::Eq);
            let constant = lit(labels[beside].as_str());
            binary_expr(enum_key(own, value.clone()), operator, enum_key(own, constant))
        }
        (_, below) => value.clone().in_list(below.iter().map(|label| lit(label.as_str())).collect(), !is_below),
    }
}

/// A label that a quoted constant is.
pub(super) fn label(own: OwnEnum, text: &str) -> std::result::Result<ScalarValue, ValueError> {
    match own.definition().labels.iter().any(|label| label == text) {
        true => Ok(ScalarValue::Utf8(Some(text.to_owned()))),
        false => Err(invalid_label(&PgType::from(Base::Enum(own)).to_string(), text)),
    }
}

/// The label that a text is.
pub(super) fn label_of(own: OwnEnum, text: Expr) -> Expr {
    let shown = PgType::from(Base::Enum(own)).to_string();
    call("enum_in", vec![text, lit(shown), labels(own)], DataType::Utf8)
}

impl Binder<'_> {
    /// `enum_first`, `enum_last`, `enum_range` and `enum_cmp`; `None` for other functions.
    pub(super) fn of_enums(&mut self, source: &str, given: &[Typed], result: PgType) -> Option<Typed> {
        let first = given.first()?;
        let Base::Enum(own) = first.ty.base else { return None };
        if first.ty.is_array {
            return None;
        }
        let name = match source {
            "enum_first" => "enum_first",
            "enum_last" => "enum_last",
            "enum_range_all" => "enum_range_all",
            "enum_range_bounds" => "enum_range_bounds",
            "enum_cmp" => {
                let keys = given.iter().map(|value| enum_key(own, value.expr.clone())).collect();
                return Some(Typed::new(call("enum_cmp", keys, DataType::Int32), Base::Int4));
            }
            _ => return None,
        };
        let mut arguments: Vec<Expr> = given.iter().map(|value| value.expr.clone()).collect();
        arguments.push(labels(own));
        if matches!(name, "enum_first" | "enum_last") {
            arguments.push(lit(first.ty.to_string()));
        }
        let data = result.storage();
        Some(Typed { expr: call(name, arguments, data.clone()), ty: result, data })
    }

    /// The type of a source that a statement names, with its schema or without.
    pub(super) fn own_type(&self, schema: Option<&str>, name: &str) -> Option<PgType> {
        let Asker { view, facts } = self.asker?;
        let objects = view.system().objects();
        let path = objects.path(&facts.search_path());
        let named = match schema {
            Some(schema) => objects.own_type_named(objects.namespace(schema)?, name),
            None => path.iter().find_map(|schema| objects.own_type_named(*schema, name)),
        };
        named.and_then(|own| self.type_of_own(own))
    }

    /// The same by a text.
    pub(super) fn own_type_in(&mut self, text: &str) -> Option<PgType> {
        let session = self.session_of("regtypein").ok()?;
        session.catalogs.as_ref()?.own_type_in(text).and_then(|own| self.type_of_own(own))
    }

    fn type_of_own(&self, own: Own<'_>) -> Option<PgType> {
        let is_on_path = self.is_on_path(own.definition);
        let ty = PgType::of_own(own.definition, is_on_path)?;
        // Arrays of composite types come as arrays of texts.
        match own.is_array {
            true if ty.is_composite() => None,
            true => Some(ty.array_of()),
            false => Some(ty),
        }
    }

    /// The type, shown as the search path says.
    pub(super) fn shown_on_path(&self, ty: PgType) -> PgType {
        let own = match (ty.base, Composite::get(ty)) {
            (Base::Enum(own), _) => own.own(),
            (_, Some(composite)) => &composite.own,
            _ => return ty,
        };
        match PgType::of_own(own, self.is_on_path(own)) {
            Some(shown) if ty.is_array => shown.array_of(),
            Some(shown) => shown,
            None => ty,
        }
    }

    fn is_on_path(&self, own: &OwnType) -> bool {
        // A rule has no search path.
        let Some(Asker { view, facts }) = self.asker else { return false };
        let objects = view.system().objects();
        objects.sees_type(&objects.path(&facts.search_path()), own.oid())
    }

    /// Whether the engine finds equal values by themselves.
    pub(super) fn is_plainly_equal(typed: &Typed) -> bool {
        Self::is_plain_key(typed) || typed.ty.is_enum()
    }
}
