//! Reads a Parquet file through, column by column, to find where it is corrupt.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::async_reader::{AsyncFileReader, ParquetRecordBatchStreamBuilder};
use datafusion::parquet::errors::{ParquetError, Result};
use datafusion::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use futures::future::BoxFuture;
use futures::{FutureExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

/// The footer ends with its length and the magic number.
const FOOTER_END_BYTES: u64 = 8;

/// A Parquet file of `size` bytes in a store.
#[derive(Debug, Clone)]
pub struct ParquetFile {
    pub store: Arc<dyn ObjectStore>,
    pub file: Path,
    pub size: u64,
}

impl ParquetFile {
    /// Checks the footer alone; a fault comes with the offset in bytes near which it is.
    pub async fn check_footer(&self) -> std::result::Result<Arc<ParquetMetaData>, (u64, ParquetError)> {
        self.clone().get_metadata(None).await.map_err(|e| (self.size.saturating_sub(FOOTER_END_BYTES), e))
    }

    /// Checks the whole file; a fault comes with the offset in bytes of the column chunk that it is in.
    pub async fn check(&self) -> std::result::Result<(), (u64, ParquetError)> {
        let metadata = self.check_footer().await?;
        for (group_index, group) in metadata.row_groups().iter().enumerate() {
            for (column_index, column) in group.columns().iter().enumerate() {
                self.read(group_index, column_index).await.map_err(|e| (column.byte_range().0, e))?;
            }
        }
        Ok(())
    }

    async fn read(&self, group: usize, column: usize) -> Result<()> {
        let builder = ParquetRecordBatchStreamBuilder::new(self.clone()).await?;
        let mask = ProjectionMask::leaves(builder.parquet_schema(), [column]);
        let stream = builder.with_projection(mask).with_row_groups(vec![group]).build()?;
        stream.try_for_each(|_| futures::future::ok(())).await
    }
}

impl AsyncFileReader for ParquetFile {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        async move { self.store.get_range(&self.file, range).await.map_err(|e| ParquetError::External(Box::new(e))) }
            .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        async move {
            let size = self.size;
            Ok(Arc::new(ParquetMetaDataReader::new().load_and_finish(self, size).await?))
        }
        .boxed()
    }
}
