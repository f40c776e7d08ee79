//! JSON_TABLE: the items that its paths find are rows, of which each column asks another path.

use arrow::datatypes::DataType;
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{Expr, LogicalPlan, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{
    AConst, JsonBehaviorType, JsonFuncExpr, JsonOutput, JsonQuotes, JsonReturning, JsonTable, JsonTableColumn,
    JsonTableColumnType, JsonTablePathSpec, JsonWrapper, Node, a_const,
};
use weir_values::json::escape;

use super::expr::{inner, location};
use super::from::Shown;
use super::from_functions::{Beside, Frame, RowSource};
use super::records::{Output, field_of, record_of};
use super::scope::Scope;
use super::sets::FROM_FUNCTIONS;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Named, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, each_item_with};

/// What the columns ask, and what that gives.
struct Columns {
    /// What PASSING names.
    variables: Typed,
    /// How many patterns there are so far.
    patterns: usize,
    fields: Vec<Expr>,
    outputs: Vec<Output>,
}

impl Binder<'_> {
    /// JSON_TABLE in FROM, which may read what stands before it.
    pub(super) fn json_table(
        &mut self,
        table: &JsonTable,
        before: Option<LogicalPlan>,
        beside: Option<Beside<'_>>,
        scope: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown, bool)> {
        let item = self.within(FROM_FUNCTIONS, |binder| binder.json_input(table.context_item.as_deref(), scope))?;
        let place = table.context_item.as_deref().and_then(|item| item.raw_expr.as_deref());
        let place = place.and_then(|node| node.node.as_ref()).map_or(-1, location);
        let place = if item.ty.is(Base::Unknown) { -1 } else { place };
        let item = self.coerce(item, Base::Jsonb.into(), Coercion::Explicit, place)?;
        let given = self.within(FROM_FUNCTIONS, |binder| binder.json_variables(&table.passing, scope))?;
        if super::aggregate::has_aggregate(&item.expr) || super::aggregate::has_aggregate(&given.expr) {
            let message = format!("aggregate functions are not allowed in {FROM_FUNCTIONS}");
            return Err(PlanError::Grouping { message, position: None });
        }
        // What isn't the same for all rows stands beside each of them.
        let is_constant = matches!(given.expr, Expr::Literal(..));
        let each = Typed::new(Expr::Column(Column::new_unqualified("beside")), Base::Jsonb);
        let variables = if is_constant { given.clone() } else { each };
        let root = table.pathspec.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        let mut names = Vec::new();
        self.name_once(&root.name, root.name_location, &mut names)?;
        self.names_once(&table.columns, &mut names)?;
        let tells_errors = match table.on_error.as_deref() {
            None => false,
            Some(behavior) => match JsonBehaviorType::try_from(behavior.btype) {
                Ok(JsonBehaviorType::JsonBehaviorError) => true,
                Ok(JsonBehaviorType::JsonBehaviorEmpty | JsonBehaviorType::JsonBehaviorEmptyArray) => false,
                _ => {
                    let detail = "Only EMPTY [ ARRAY ] or ERROR is allowed in the top-level ON ERROR clause.";
                    return Err(PlanError::Syntax {
                        message: "invalid ON ERROR behavior".to_owned(),
                        detail: Some(detail.to_owned()),
                        position: self.position(behavior.location),
                    });
                }
            },
        };
        let mut columns = Columns { variables, patterns: 0, fields: Vec::new(), outputs: Vec::new() };
        let plan = self.table_pattern(root, &table.columns, &mut columns, scope)?;
        let patterns = (0..columns.patterns).flat_map(|at| {
            [
                Output { name: item_name(at), ty: Base::Jsonb.into(), data: DataType::Utf8 },
                Output { name: number_name(at), ty: Base::Int4.into(), data: DataType::Int32 },
            ]
        });
        let found = record_of(&patterns.collect::<Vec<_>>());
        let text = |text: &str| Typed::new(lit(text), Base::Text);
        let arguments = vec![item, given.clone(), text(&plan), text(if tells_errors { "e" } else { "" })];
        let list = DataType::new_list(found.clone(), true);
        let rows = self.procedure_held("json_table_rows", arguments, Base::Record.into(), list)?.expr;
        // All columns are computed, also those that nobody asks for: each may be refused.
        let data = record_of(&columns.outputs);
        let record = call("record_fields", columns.fields, data.clone());
        let each = (!is_constant).then_some((given.expr, given.data));
        let array = each_item_with(rows, found, each, record, DataType::new_list(data.clone(), true));
        let named = columns.outputs.into_iter().map(|Output { name, ty, data }| {
            let expr = Expr::Column(Column::new_unqualified(String::new()));
            Named { name, typed: Typed { expr, ty, data } }
        });
        let source = RowSource { array, item: data, columns: named.collect(), is_record: true };
        let (name, alias) = ("json_table".to_owned(), table.alias.as_ref());
        self.range_rows(vec![source], before, Frame { name, alias, has_ordinality: false, beside })
    }

    fn name_once<'q>(&self, name: &'q str, place: i32, known: &mut Vec<&'q str>) -> Result<()> {
        if !name.is_empty() && known.contains(&name) {
            let message = format!("duplicate JSON_TABLE column or path name: {name}");
            return Err(PlanError::refused(code::DUPLICATE_ALIAS, message, self.position(place)));
        }
        known.push(name);
        Ok(())
    }

    /// All names of columns and paths differ.
    fn names_once<'q>(&self, columns: &'q [Node], known: &mut Vec<&'q str>) -> Result<()> {
        for node in columns {
            let column = table_column(node)?;
            match (is_nested(column), column.pathspec.as_deref()) {
                (true, path) => {
                    if let Some(path) = path {
                        self.name_once(&path.name, path.name_location, known)?;
                    }
                    self.names_once(&column.columns, known)?;
                }
                (false, _) => self.name_once(&column.name, column.location, known)?,
            }
        }
        Ok(())
    }

    /// The plan of a path and of those nested in it, `[path, [nested], ...]`. Its own columns come before theirs.
    fn table_pattern(
        &mut self,
        path: &JsonTablePathSpec,
        nodes: &[Node],
        columns: &mut Columns,
        scope: &Scope<'_>,
    ) -> Result<String> {
        let place = columns.patterns;
        columns.patterns += 1;
        let path = self.table_path(Some(path), "", path.location)?;
        let Expr::Literal(ScalarValue::Utf8(Some(path)), _) = &path.expr else { return Err(not_yet("this path")) };
        let mut plan = format!("[{}", escape(path));
        let mut has_ordinality = false;
        for node in nodes {
            let column = table_column(node)?;
            if is_nested(column) {
                continue;
            }
            let is_ordinality = column.coltype == JsonTableColumnType::JtcForOrdinality as i32;
            if is_ordinality && std::mem::replace(&mut has_ordinality, true) {
                let message = "only one FOR ORDINALITY column is allowed".to_owned();
                return Err(PlanError::Grammar { message, position: self.position(column.location) });
            }
            let value = self.table_column(column, place, columns, scope)?;
            columns.outputs.push(Output { name: column.name.clone(), ty: value.ty, data: value.data });
            columns.fields.push(value.expr);
        }
        for node in nodes {
            let column = table_column(node)?;
            if let (true, Some(path)) = (is_nested(column), column.pathspec.as_deref()) {
                plan.push(',');
                plan.push_str(&self.table_pattern(path, &column.columns, columns, scope)?);
            }
        }
        plan.push(']');
        Ok(plan)
    }

    fn table_column(
        &mut self,
        column: &JsonTableColumn,
        place: usize,
        columns: &Columns,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let row = Expr::Column(Column::new_unqualified("item"));
        let kind = JsonTableColumnType::try_from(column.coltype).map_err(|_| not_yet("this column"))?;
        if kind == JsonTableColumnType::JtcForOrdinality {
            return Ok(Typed::new(field_of(row, &number_name(place)), Base::Int4));
        }
        let ty = self.type_named(column.type_name.as_ref())?;
        let item = Typed::new(field_of(row, &item_name(place)), Base::Jsonb);
        let path = self.table_path(column.pathspec.as_deref(), &column.name, column.location)?;
        let asked = [item, path, columns.variables.clone()];
        if kind == JsonTableColumnType::JtcExists {
            if !matches!(ty.without_modifier(), known if known.is(Base::Bool) || known.is(Base::Int4) || known.is(Base::Text))
            {
                return Err(not_yet("EXISTS as this type"));
            }
            let exists = self.json_exists(column.on_error.as_deref(), asked)?;
            return self.coerce(exists, ty, Coercion::Explicit, column.location);
        }
        let has_wrapper =
            !matches!(JsonWrapper::try_from(column.wrapper), Ok(JsonWrapper::JswUnspec | JsonWrapper::Undefined));
        let has_quotes =
            matches!(JsonQuotes::try_from(column.quotes), Ok(JsonQuotes::JsQuotesKeep | JsonQuotes::JsQuotesOmit));
        let is_value = kind == JsonTableColumnType::JtcRegular && !has_wrapper && !has_quotes && !is_composite(ty);
        let returning = JsonReturning { format: column.format, ..JsonReturning::default() };
        let function = JsonFuncExpr {
            column_name: column.name.clone(),
            wrapper: column.wrapper,
            quotes: column.quotes,
            on_empty: column.on_empty.clone(),
            on_error: column.on_error.clone(),
            output: Some(JsonOutput { type_name: column.type_name.clone(), returning: Some(returning) }),
            location: column.location,
            ..JsonFuncExpr::default()
        };
        self.json_queried(&function, is_value, asked, scope)
    }

    /// A path that is written out; a column without one is the field of its name.
    fn table_path(&mut self, path: Option<&JsonTablePathSpec>, column: &str, place: i32) -> Result<Typed> {
        let (text, place) = match path.and_then(|path| path.string.as_deref()) {
            None => (format!("$.{}", escape(column)), place),
            Some(node) => match inner(Some(node))? {
                NodeEnum::AConst(AConst { val: Some(a_const::Val::Sval(text)), location, .. }) => {
                    (text.sval.clone(), *location)
                }
                node => {
                    let message = "only string constants are supported in JSON_TABLE path specification".to_owned();
                    let position = self.position(location(node));
                    return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, position));
                }
            },
        };
        self.coerce(Typed::new(lit(text), Base::Unknown), Base::Jsonpath.into(), Coercion::Explicit, place)
    }
}

fn table_column(node: &Node) -> Result<&JsonTableColumn> {
    match inner(Some(node))? {
        NodeEnum::JsonTableColumn(column) => Ok(column),
        _ => Err(not_yet("this column")),
    }
}

fn is_nested(column: &JsonTableColumn) -> bool {
    column.coltype == JsonTableColumnType::JtcNested as i32
}

/// Types that are JSON or made of it: what such a column finds may be more than a scalar.
fn is_composite(ty: PgType) -> bool {
    ty.is_array || matches!(ty.base, Base::Json | Base::Jsonb | Base::Record)
}

fn item_name(pattern: usize) -> String {
    format!("item{pattern}")
}

fn number_name(pattern: usize) -> String {
    format!("number{pattern}")
}
