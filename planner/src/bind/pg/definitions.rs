//! Column definition lists: `FROM json_to_record(x) AS t(a int4, b text)` says what a record is made of that no catalog
//! knows.

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::logical_expr::{Expr, lit, when};
use pg_query::NodeEnum;
use pg_query::protobuf::{Node, RangeFunction};
use weir_values::json::escape;

use super::calls::Call;
use super::catalog::Function;
use super::choices::one_storage;
use super::expr::inner;
use super::records::{Output, field_of, fields_of, fields_of_row, record_of};
use super::sets::Rows;
use super::types::{Base, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, each_item, each_item_with};

/// Functions that make records of JSON, whatever their columns.
pub(super) fn is_of_json(function: &Function) -> bool {
    matches!(
        function.source,
        "json_to_record"
            | "jsonb_to_record"
            | "json_to_recordset"
            | "jsonb_to_recordset"
            | "json_populate_record"
            | "jsonb_populate_record"
            | "json_populate_recordset"
            | "jsonb_populate_recordset"
    )
}

impl Binder<'_> {
    /// A list behind all of FROM's functions is for one alone.
    pub(super) fn check_definitions(&self, range: &RangeFunction, functions: usize) -> Result<()> {
        if range.coldeflist.is_empty() {
            return Ok(());
        }
        let (message, hint) = match () {
            () if functions != 1 && range.is_rowsfrom => (
                "ROWS FROM() with multiple functions cannot have a column definition list",
                "Put a separate column definition list for each function inside ROWS FROM().",
            ),
            () if functions != 1 => (
                "UNNEST() with multiple arguments cannot have a column definition list",
                "Use separate UNNEST() calls inside ROWS FROM(), and attach a column definition list to each one.",
            ),
            () if range.ordinality => (
                "WITH ORDINALITY cannot be used with a column definition list",
                "Put the column definition list inside ROWS FROM().",
            ),
            () => return Ok(()),
        };
        let position = self.place_of(&range.coldeflist);
        Err(PlanError::Refused { code: code::SYNTAX_ERROR, message: message.to_owned(), hint: Some(hint), position })
    }

    fn place_of(&self, definitions: &[Node]) -> Option<usize> {
        match definitions.first()?.node.as_ref()? {
            NodeEnum::ColumnDef(column) => self.position(column.location),
            _ => None,
        }
    }

    /// Functions whose columns are known have no list.
    pub(super) fn no_definitions(&self, definitions: &[Node], outputs: &[(&str, PgType)]) -> Result<()> {
        if definitions.is_empty() {
            return Ok(());
        }
        let message = match outputs.len() > 1 {
            true => "a column definition list is redundant for a function with OUT parameters",
            false => "a column definition list is only allowed for functions returning \"record\"",
        };
        Err(PlanError::refused(code::SYNTAX_ERROR, message.to_owned(), self.place_of(definitions)))
    }

    /// The rows of a function that returns records of which only the list tells the columns.
    pub(super) fn defined(&mut self, call: Call<'_>, definitions: &[Node]) -> Result<Rows> {
        if definitions.is_empty() {
            let message = "a column definition list is required for functions returning \"record\"".to_owned();
            return Err(PlanError::refused(code::SYNTAX_ERROR, message, self.position(call.node.location)));
        }
        let mut columns: Vec<(&str, PgType)> = Vec::with_capacity(definitions.len());
        for node in definitions {
            let NodeEnum::ColumnDef(column) = inner(Some(node))? else { return Err(not_yet("this column")) };
            if column.type_name.as_ref().is_some_and(|ty| ty.setof) || column.coll_clause.is_some() {
                return Err(not_yet("this column"));
            }
            if columns.iter().any(|(name, _)| *name == column.colname) {
                let message = format!("column name \"{}\" specified more than once", column.colname);
                return Err(PlanError::refused(code::DUPLICATE_COLUMN, message, None));
            }
            columns.push((&column.colname, self.type_named(column.type_name.as_ref())?));
        }
        if call.function.source == "array_unnest" {
            let rows = self.rows_of(call)?;
            return defined_as(rows, &columns);
        }
        if !is_of_json(call.function) {
            return Err(not_yet(call.function.source));
        }
        let mut arguments = call.arguments.into_iter();
        if call.function.source.contains("_populate_") {
            let base = arguments.next().ok_or_else(|| not_yet("this call"))?;
            if !matches!(&base.expr, Expr::Literal(value, _) if value.is_null()) {
                let json = arguments.next().ok_or_else(|| not_yet("this call"))?;
                let rows = self.populated_rows(base, json, call.function.name)?;
                return defined_as(rows, &columns);
            }
        }
        let json = arguments.next().ok_or_else(|| not_yet("this call"))?;
        self.json_records(json, call.function.name, &columns, None)
    }

    /// The records of a json or jsonb, each of which has of `base` what the JSON doesn't have.
    pub(super) fn populated_rows(&mut self, base: Typed, json: Typed, function: &str) -> Result<Rows> {
        let fields =
            fields_of_row(&base)?.ok_or_else(|| not_yet("a record that JSON is put into, and that may be NULL"))?;
        // Of a record's fields no modifiers are known.
        if fields.is_empty() || fields.iter().any(|field| takes_modifier(field.ty)) {
            return Err(not_yet("a record with such fields that JSON is put into"));
        }
        let columns: Vec<(&str, PgType)> = fields.iter().map(|field| (field.name.as_str(), field.ty)).collect();
        self.json_records(json, function, &columns, Some((base.expr, base.data.clone())))
    }

    /// The records of a json or jsonb, each column read by its type's input; what the JSON doesn't have is NULL, or as in the
    /// record `base`.
    fn json_records(
        &mut self,
        json: Typed,
        function: &str,
        columns: &[(&str, PgType)],
        base: Option<(Expr, DataType)>,
    ) -> Result<Rows> {
        let (mut texts, mut given) = (Vec::with_capacity(columns.len()), Vec::new());
        let mut plan = String::from("[");
        for (at, (name, ty)) in columns.iter().enumerate() {
            let letter = match (matches!(ty.base, Base::Json | Base::Jsonb), ty.is_array) {
                (true, false) => 'j',
                (true, true) => 'J',
                (false, false) => 't',
                (false, true) => 'T',
            };
            plan.push_str(if at > 0 { "," } else { "" });
            plan.push_str(&escape(&format!("{letter}{name}")));
            let held = if ty.is_array { DataType::new_list(DataType::Utf8, true) } else { DataType::Utf8 };
            texts.push(Output { name: format!("text{at}"), ty: Base::Text.into(), data: held });
            if base.is_some() {
                given.push(Output { name: format!("given{at}"), ty: Base::Bool.into(), data: DataType::Boolean });
            }
        }
        plan.push(']');
        let arguments = vec![json, Typed::new(lit(function), Base::Text), Typed::new(lit(plan), Base::Text)];
        let read: Vec<Output> = texts.iter().chain(&given).cloned().collect();
        let texts_of = record_of(&read);
        let list = DataType::new_list(texts_of.clone(), true);
        let source = if base.is_some() { "json_records_given" } else { "json_records" };
        let array = self.procedure_held(source, arguments, Base::Record.into(), list)?.expr;
        let item = || Expr::Column(Column::new_unqualified("item"));
        let beside = base.as_ref().map(|(_, data)| fields_of(data)).transpose()?;
        let (mut fields, mut outputs) = (Vec::with_capacity(columns.len()), Vec::with_capacity(columns.len()));
        for (at, (text, (name, ty))) in texts.into_iter().zip(columns).enumerate() {
            let expr = field_of(item(), &text.name);
            let read = self.read_as_input(Typed { expr, ty: text.ty, data: text.data }, *ty)?;
            let (expr, data) = match (beside.as_ref().and_then(|beside| beside.get(at)), given.get(at)) {
                (Some(kept), Some(given)) => {
                    let place = vec![Expr::Column(Column::new_unqualified("beside")), lit(at as i32)];
                    let kept_value = call("record_field", place, kept.data.clone());
                    let kept = Typed { expr: kept_value, ty: kept.ty, data: kept.data.clone() };
                    let (both, data) = one_storage(vec![read, kept])?;
                    let [read, kept] = <[Expr; 2]>::try_from(both).map_err(|_| not_yet("this record"))?;
                    (when(field_of(item(), &given.name), read).otherwise(kept)?, data)
                }
                _ => (read.expr, read.data),
            };
            fields.push(expr);
            outputs.push(Output { name: (*name).to_owned(), ty: *ty, data });
        }
        // All columns are read, also those that nobody asks for: each may be refused.
        let data = record_of(&outputs);
        let list = DataType::new_list(data.clone(), true);
        let array = each_item_with(array, texts_of, base, call("record_fields", fields, data.clone()), list);
        Ok(Rows { array, item: Base::Record.into(), data, outputs })
    }
}

/// Records whose fields are of the types that a list says, under the list's names.
fn defined_as(rows: Rows, columns: &[(&str, PgType)]) -> Result<Rows> {
    let Rows { array, data: held, .. } = rows;
    let fields = fields_of(&held)?;
    let is_so = |(field, (_, ty)): (&Output, &(&str, PgType))| field.ty.same(*ty) && ty.typmod < 0;
    if fields.len() != columns.len() || !fields.iter().zip(columns).all(is_so) {
        return Err(not_yet("records of other types than their definition's"));
    }
    let named = |(field, (name, _)): (Output, &(&str, PgType))| Output { name: (*name).to_owned(), ..field };
    let outputs: Vec<Output> = fields.into_iter().zip(columns).map(named).collect();
    let data = record_of(&outputs);
    let item = Expr::Column(Column::new_unqualified("item"));
    let renamed = call("record_renamed", vec![item], data.clone());
    let array = each_item(array, held, renamed, DataType::new_list(data.clone(), true));
    Ok(Rows { array, item: Base::Record.into(), data, outputs })
}

fn takes_modifier(ty: PgType) -> bool {
    use Base as B;
    matches!(
        ty.base,
        B::Bpchar
            | B::Varchar
            | B::Numeric
            | B::Bit
            | B::Varbit
            | B::Time
            | B::Timetz
            | B::Timestamp
            | B::Timestamptz
            | B::Interval
    )
}
