//! Tables as the author of a row filter reads them in a sub-select: all there are, and raw. No filter or mask of the
//! principal applies to them, and the principal needn't see them.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::Transformed;
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::logical_plan::TableScan;
use datafusion::logical_expr::{LogicalPlan, TableSource};
use weir_connectors::TableInfo;

use super::{FunctionSource, is_recursion, refuse_effects};
use crate::PlanError;
use crate::catalog::SourceTable;
use crate::runtime::Runtime;

/// A table in a filter that is being bound. It can be named and typed, but not read: [`readable`] replaces it.
pub(crate) struct AuthorSource(pub Arc<TableInfo>);

impl TableSource for AuthorSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.0.columns)
    }
}

/// The plan with tables that can be read, on behalf of the filter `rule`.
pub(super) fn readable(plan: LogicalPlan, runtime: &Runtime, rule: &Arc<str>) -> Result<LogicalPlan, PlanError> {
    let plan = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::TableScan(scan) => {
            readable_scan(scan, runtime, rule).map(Transformed::yes).map_err(DataFusionError::from)
        }
        other => refuse_effects(&other).map(|()| Transformed::no(other)).map_err(DataFusionError::from),
    })?;
    Ok(plan.data)
}

fn readable_scan(scan: TableScan, runtime: &Runtime, rule: &Arc<str>) -> Result<LogicalPlan, PlanError> {
    let source = scan.source.as_ref();
    if let Some(AuthorSource(info)) = source.downcast_ref::<AuthorSource>() {
        let table = SourceTable::new(Arc::clone(info), &runtime.sources).map_err(DataFusionError::from)?;
        let source = provider_as_source(Arc::new(table.on_behalf_of(Arc::clone(rule))));
        return Ok(LogicalPlan::TableScan(TableScan { source, ..scan }));
    }
    if let Some(FunctionSource(provider)) = source.downcast_ref::<FunctionSource>() {
        let source = provider_as_source(Arc::clone(provider));
        return Ok(LogicalPlan::TableScan(TableScan { source, ..scan }));
    }
    match is_recursion(source) {
        true => Ok(LogicalPlan::TableScan(scan)),
        false => Err(PlanError::Forbidden { what: format!("table {}", scan.table_name.table()) }),
    }
}
