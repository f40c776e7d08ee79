//! The names of a view, in the form in which datafusion-pg-catalog asks for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::datasource::TableType;
use datafusion::error::DataFusionError;
use datafusion_pg_catalog::pg_catalog::catalog_info::CatalogInfo;

use super::{OWN_SCHEMA, status};
use crate::view::View;

type Tables = BTreeMap<String, SchemaRef>;

/// Schemas, tables and columns that one principal sees.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub database: Arc<str>,
    pub schemas: Arc<BTreeMap<String, Tables>>,
}

impl Names {
    pub fn of(view: &View) -> Self {
        let schemas = view.schemas().iter().map(|(schema, tables)| {
            let tables = tables.iter().map(|(name, table)| (name.clone(), Arc::clone(&table.columns))).collect();
            (schema.clone(), tables)
        });
        let own = (OWN_SCHEMA.to_owned(), Tables::from([(status::TABLE.to_owned(), status::columns_of_table())]));
        let schemas = schemas.chain(view.may_see_policies.then_some(own)).collect();
        Self { database: view.runtime.database.as_str().into(), schemas: Arc::new(schemas) }
    }

    fn tables(&self, database: &str, schema: &str) -> Option<&Tables> {
        if *database == *self.database { self.schemas.get(schema) } else { None }
    }
}

#[async_trait]
impl CatalogInfo for Names {
    async fn catalog_names(&self) -> Result<Vec<String>, DataFusionError> {
        Ok(vec![self.database.to_string()])
    }

    async fn schema_names(&self, database: &str) -> Result<Option<Vec<String>>, DataFusionError> {
        Ok((*database == *self.database).then(|| self.schemas.keys().cloned().collect()))
    }

    async fn table_names(&self, database: &str, schema: &str) -> Result<Option<Vec<String>>, DataFusionError> {
        Ok(self.tables(database, schema).map(|tables| tables.keys().cloned().collect()))
    }

    async fn table_schema(
        &self,
        database: &str,
        schema: &str,
        table: &str,
    ) -> Result<Option<SchemaRef>, DataFusionError> {
        Ok(self.tables(database, schema).and_then(|tables| tables.get(table)).cloned())
    }

    async fn table_type(
        &self,
        database: &str,
        schema: &str,
        table: &str,
    ) -> Result<Option<TableType>, DataFusionError> {
        Ok(self.tables(database, schema).and_then(|tables| tables.get(table)).map(|_| TableType::Base))
    }
}
