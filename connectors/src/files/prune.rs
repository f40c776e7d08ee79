//! Filters over `_date` and `_file`: decided by the list of files alone, exactly.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Operator, TableProviderFilterPushDown};

use super::listing::DataFile;
use crate::{ConnectorError, ScanRequest};

pub const DATE: &str = "_date";
pub const FILE: &str = "_file";
pub const OFFSET: &str = "_offset";

/// Metadata key that tells [`file_columns`] from a record's fields of these names.
const MARK: &str = "weir.file_column";

/// The columns that every table has beside its record's, in order.
pub fn file_columns() -> [Field; 3] {
    let marked = |field: Field| field.with_metadata([(MARK.to_owned(), String::new())].into());
    [
        marked(Field::new(DATE, DataType::Date32, true)),
        marked(Field::new(FILE, DataType::Utf8, false)),
        marked(Field::new(OFFSET, DataType::Int64, false)),
    ]
}

/// Whether a table's column is one of [`file_columns`], and not a field of the record that has taken its name.
pub fn is_file_column(field: &Field) -> bool {
    field.metadata().contains_key(MARK)
}

/// `Exact` for a filter that needs nothing but `_date` and `_file` and can't fail, `Unsupported` for any other.
pub fn support(columns: &SchemaRef, filter: &Expr) -> TableProviderFilterPushDown {
    let mut uses_column = false;
    let visit = filter.apply(|expr| {
        let plain = match expr {
            Expr::Column(column) => {
                uses_column = true;
                [DATE, FILE].contains(&column.name.as_str())
                    && columns.field_with_name(&column.name).is_ok_and(is_file_column)
            }
            Expr::BinaryExpr(binary) => is_plain_operator(binary.op),
            Expr::Literal(..)
            | Expr::Not(_)
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::Between(_)
            | Expr::InList(_) => true,
            _ => false,
        };
        if plain {
            Ok(TreeNodeRecursion::Continue)
        } else {
            Err(DataFusionError::Plan("not decided by the path".to_owned()))
        }
    });
    if visit.is_ok() && uses_column {
        TableProviderFilterPushDown::Exact
    } else {
        TableProviderFilterPushDown::Unsupported
    }
}

/// Indices of the files that the request's filters keep.
pub fn apply(
    session: &dyn Session,
    request: &ScanRequest<'_>,
    files: &[DataFile],
) -> Result<Vec<usize>, ConnectorError> {
    let answered = |filter: &&Expr| support(&request.table.columns, filter) == TableProviderFilterPushDown::Exact;
    let filters: Vec<Expr> = request.filters.iter().filter(answered).cloned().collect();
    if filters.len() != request.filters.len() {
        let message = format!("table {}: a filter that the scan does not answer", request.table.name);
        return Err(DataFusionError::Internal(message).into());
    }
    let Some(filter) = conjunction(filters) else { return Ok((0..files.len()).collect()) };
    let [date, file, _] = file_columns();
    let schema = Arc::new(Schema::new(vec![date, file]));
    let batch = RecordBatch::try_new(Arc::clone(&schema), path_columns(files)).map_err(DataFusionError::from)?;
    let schema = DFSchema::try_from(schema)?;
    let kept = session.create_physical_expr(unqualified(filter)?, &schema)?.evaluate(&batch)?;
    let kept = kept.into_array(files.len())?;
    let not_boolean = || DataFusionError::Internal("a filter that is no boolean".to_owned());
    let kept = kept.as_boolean_opt().ok_or_else(not_boolean)?;
    Ok((0..files.len()).filter(|index| kept.is_valid(*index) && kept.value(*index)).collect())
}

fn is_plain_operator(op: Operator) -> bool {
    use Operator::{And, Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq, Or};
    matches!(op, And | Or | Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom)
}

fn path_columns(files: &[DataFile]) -> Vec<ArrayRef> {
    vec![
        Arc::new(files.iter().map(|file| file.date).collect::<Date32Array>()),
        Arc::new(files.iter().map(|file| Some(file.path.as_str())).collect::<StringArray>()),
    ]
}

fn unqualified(filter: Expr) -> Result<Expr, DataFusionError> {
    let bare = |expr| match expr {
        Expr::Column(column) => Ok(Transformed::yes(Expr::Column(Column::new_unqualified(column.name)))),
        other => Ok(Transformed::no(other)),
    };
    Ok(filter.transform(bare)?.data)
}
