//! Keeps the reader from taking a file's statistics for its values: of a column whose least and greatest value are one it
//! reads nothing, and gives that value in every row. The log leaves NaN out of both, shortens texts, cuts timestamps, and
//! writes decimals as floats.

use std::sync::Arc;

use datafusion::common::stats::Precision;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::physical_plan::ExecutionPlan;

use super::filters::is_exact_in_log;

/// The scan, whose files have bounds that the log doesn't know for sure as bounds alone.
pub fn doubted(scan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    scan.transform_up(|node| {
        let source = node.downcast_ref::<DataSourceExec>().map(DataSourceExec::data_source);
        let Some(config) = source.and_then(|source| source.downcast_ref::<FileScanConfig>()) else {
            return Ok(Transformed::no(node));
        };
        let groups = config.file_groups.iter().map(|group| group.iter().map(doubted_file).collect::<Vec<_>>());
        let groups = groups.map(FileGroup::new).collect();
        let config = FileScanConfigBuilder::from(config.clone()).with_file_groups(groups).build();
        Ok(Transformed::yes(DataSourceExec::from_data_source(config) as Arc<dyn ExecutionPlan>))
    })
    .data()
}

fn doubted_file(file: &PartitionedFile) -> PartitionedFile {
    let mut file = file.clone();
    file.statistics = file.statistics.map(|statistics| Arc::new(doubted_bounds(Statistics::clone(&statistics))));
    file
}

fn doubted_bounds(mut statistics: Statistics) -> Statistics {
    for column in &mut statistics.column_statistics {
        for bound in [&mut column.min_value, &mut column.max_value] {
            if bound.get_value().is_some_and(|value: &ScalarValue| !is_exact_in_log(&value.data_type())) {
                *bound = std::mem::replace(bound, Precision::Absent).to_inexact();
            }
        }
    }
    statistics
}
