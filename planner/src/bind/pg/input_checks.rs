//! `pg_input_is_valid` and `pg_input_error_info` (documentation, 9.26.2): whether a text is a value of a type that another text
//! names, and what is wrong if it isn't.

use arrow::datatypes::{DataType, Fields};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{Expr, lit, when};
use pg_query::protobuf::FuncCall;
use weir_values::system::{builtin_by_oid, element_type_of, parse_type};

use super::calls::Call;
use super::records::{Output, field_of, record_of};
use super::scope::Scope;
use super::sets::Rows;
use super::types::{Base, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::{INPUT, TOLD, call, input_error};

const IS_VALID: &str = "pg_input_is_valid";
const ERROR_INFO: &str = "pg_input_error_info";

/// What is told of a text, as a record of these columns.
pub(super) struct Told {
    pub record: Expr,
    pub outputs: Vec<Output>,
}

impl Binder<'_> {
    /// The value of a call of either; `None` for other functions.
    pub(super) fn input_check(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Typed>> {
        match name {
            IS_VALID => {
                let call = self.resolved(name, node, scope)?;
                self.only_scalar(node, name)?;
                let (text, record) = self.told_of(call)?;
                let is_valid = field_of(record, TOLD[0]).is_null();
                let null = Expr::Literal(ScalarValue::Boolean(None), None);
                Ok(Some(Typed::new(when(text.is_null(), null).otherwise(is_valid)?, Base::Bool)))
            }
            ERROR_INFO => match self.told(name, node, scope)? {
                Some(Told { record, outputs }) => {
                    let data = record_of(&outputs);
                    Ok(Some(Typed { expr: record, ty: Base::Record.into(), data }))
                }
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// The record of a call of `pg_input_error_info`; `None` for other functions.
    pub(super) fn told(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Told>> {
        if name != ERROR_INFO {
            return Ok(None);
        }
        let call = self.resolved(name, node, scope)?;
        self.only_scalar(node, name)?;
        let (_, record) = self.told_of(call)?;
        Ok(Some(Told { record, outputs: outputs() }))
    }

    /// The text that is looked at, and what is told of it.
    fn told_of(&mut self, call: Call<'_>) -> Result<(Expr, Expr)> {
        let mut arguments = call.arguments.into_iter();
        let (Some(text), Some(ty)) = (arguments.next(), arguments.next()) else { return Err(not_yet("this call")) };
        let ty = match &ty.expr {
            Expr::Literal(ScalarValue::Utf8(Some(name)), _) => match self.own_type_in(name) {
                Some(own) => own,
                None => type_of(name)?,
            },
            // Of no type nothing is known, whatever the text.
            Expr::Literal(value, _) if value.is_null() => {
                let null = lit(ScalarValue::Utf8(None));
                return Ok((null.clone(), input_error(null.clone(), null, held())));
            }
            _ => return Err(not_yet("the name of a type that isn't a constant")),
        };
        let item = Expr::Column(Column::new_unqualified(INPUT));
        let item = Typed { expr: item, ty: Base::Text.into(), data: DataType::Utf8 };
        let value = match (ty.is_array, ty.typmod < 0) {
            (false, _) => self.read_as_input(item, ty)?,
            (true, true) => self.read(item, ty)?,
            (true, false) => return Err(not_yet("this modifier")),
        };
        let again = self.copy(&text)?;
        Ok((again.expr, input_error(text.expr, value.expr, held())))
    }
}

fn outputs() -> Vec<Output> {
    let output = |name: &str| Output { name: name.to_owned(), ty: Base::Text.into(), data: DataType::Utf8 };
    TOLD.into_iter().map(output).collect()
}

fn held() -> Fields {
    match record_of(&outputs()) {
        DataType::Struct(fields) => fields,
        _ => Fields::empty(),
    }
}

/// The one row of what is told.
pub(super) fn one_row_of(told: Told) -> Rows {
    let data = record_of(&told.outputs);
    let array = call("array_of", vec![told.record], DataType::new_list(data.clone(), true));
    Rows { array, item: Base::Record.into(), data, outputs: told.outputs }
}

/// The type that a text names.
fn type_of(name: &str) -> Result<PgType> {
    let named = parse_type(name).map_err(|error| PlanError::Value { error, position: None })?;
    let (builtin, is_array) = match element_type_of(named.oid) {
        Some(element) => (Some(element), true),
        None => (builtin_by_oid(named.oid), false),
    };
    let base = builtin.and_then(|builtin| PgType::named(builtin.name));
    let base = base.ok_or_else(|| not_yet("a text as a value of this type"))?;
    Ok(PgType { typmod: named.typmod, is_array, ..base })
}
