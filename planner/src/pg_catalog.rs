//! The system catalogs as one principal sees them: what every PostgreSQL has in them, and the principal's names alone.

mod acl;
mod builtins;
mod information_schema;
mod layout;
mod objects;
mod own_types;
mod rows;
mod session;
mod status;
mod tables;
mod views;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::logical_expr::TableSource;
use parking_lot::Mutex;

use crate::PlanError;
use crate::session::SessionFacts;
use crate::view::View;
pub(crate) use acl::{PUBLIC, Privileges};
pub(crate) use builtins::{
    ARGUMENTS, COLLATIONS, CONVERSIONS, FUNCTIONS, KEYWORDS, Named, OPERANDS, OPERATOR_CLASSES, OPERATOR_FAMILIES,
    OPERATORS, PROCEDURES, Parameter, Procedure, TABLESPACES, TEXT_CONFIGURATIONS, TEXT_DICTIONARIES, TEXT_PARSERS,
    TEXT_TEMPLATES, TYPES,
};
pub(crate) use information_schema::Measures;
pub(crate) use layout::PG_CATALOG;
use layout::Relation;
pub(crate) use objects::{DATABASE_OID, OWNER, OWNER_OID, Objects, Own, Relation as Found};
pub(crate) use rows::{Cell, column};
pub(crate) use session::time_zones;
pub use status::PolicyStatus;
pub(crate) use status::SCHEMA as OWN_SCHEMA;
use status::StatusTable;
pub(crate) use tables::PG_CLASS;

/// The system tables of one view. They hold only what the view holds.
pub struct SystemCatalog {
    objects: Arc<Objects>,
    /// Those that were asked for, by their oids.
    made: Mutex<HashMap<u32, Arc<dyn TableProvider>>>,
    /// Only for those who may see policies.
    policy_status: Option<Arc<PolicyStatus>>,
}

/// A system table in a bound plan: filtered by what it was made of, so that nothing is left to decide on it.
pub(crate) struct SystemSource(pub Arc<dyn TableProvider>);

impl TableSource for SystemSource {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

/// What a name of a system schema stands for.
pub(crate) enum System {
    Table(Arc<dyn TableSource>),
    /// The same of a table of the catalogs, which has a number.
    Catalog(Arc<dyn TableSource>, u32),
}

impl SystemCatalog {
    pub(crate) fn new(view: &View) -> Self {
        let policy_status = view.may_see_policies.then(|| Arc::clone(&view.runtime.policy_status));
        Self { objects: Arc::new(Objects::of(view)), made: Mutex::default(), policy_status }
    }

    pub(crate) fn objects(&self) -> &Arc<Objects> {
        &self.objects
    }

    /// A relation of `pg_catalog`, `information_schema` or `weir`; `None` if there is none of that name.
    pub(crate) fn relation(&self, schema: &str, name: &str) -> Result<Option<System>, PlanError> {
        if schema == OWN_SCHEMA {
            let own = self.own(name).map(|table| System::Table(Arc::new(SystemSource(table))));
            return Ok(own);
        }
        let relation = layout::namespace(schema).and_then(|namespace| layout::relation(namespace, name));
        let Some(relation) = relation else { return Ok(None) };
        if relation.namespace == PG_CATALOG && !views::is_told(name) {
            return Err(PlanError::Unsupported { what: format!("the view {name}") });
        }
        let source = Arc::new(SystemSource(self.table(relation)?));
        Ok(Some(match relation.kind {
            'v' => System::Table(source),
            _ => System::Catalog(source, relation.oid),
        }))
    }

    /// A view that tells of the session, which runs a statement.
    pub(crate) fn of_session(
        &self,
        name: &str,
        facts: &dyn SessionFacts,
        statement: &str,
    ) -> Result<Option<System>, PlanError> {
        let Some(relation) = layout::relation(PG_CATALOG, name) else { return Ok(None) };
        let rows = match name {
            "pg_settings" => session::settings(facts.settings()),
            "pg_timezone_names" => session::time_zones(facts.now().timestamp()).collect(),
            _ => vec![session::activity(&self.objects, facts, statement)],
        };
        Ok(Some(System::Table(Arc::new(SystemSource(held(relation, &rows)?)))))
    }

    fn table(&self, relation: &'static Relation) -> Result<Arc<dyn TableProvider>, PlanError> {
        if let Some(made) = self.made.lock().get(&relation.oid) {
            return Ok(Arc::clone(made));
        }
        let rows = match (relation.namespace, relation.kind) {
            (PG_CATALOG, 'v') => views::rows(&self.objects, relation),
            (PG_CATALOG, _) => tables::rows(&self.objects, relation.name),
            _ => information_schema::rows(&self.objects, relation.name),
        };
        let provider = held(relation, &rows)?;
        self.made.lock().insert(relation.oid, Arc::clone(&provider));
        Ok(provider)
    }

    fn own(&self, table: &str) -> Option<Arc<dyn TableProvider>> {
        let status = self.policy_status.as_ref().filter(|_| table == status::TABLE)?;
        Some(Arc::new(StatusTable(Arc::clone(status))))
    }
}

/// Whether a view of `pg_catalog` tells of the session that reads it, or of the time.
pub(crate) fn is_of_session(name: &str) -> bool {
    matches!(name, "pg_settings" | "pg_stat_activity" | "pg_timezone_names")
}

fn held(relation: &Relation, rows: &[tables::Row<'_>]) -> Result<Arc<dyn TableProvider>, PlanError> {
    let batches = tables::batches(relation, rows)?;
    Ok(Arc::new(MemTable::try_new(Arc::clone(&relation.columns), vec![batches])?))
}
