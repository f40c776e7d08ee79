//! One state of the policies as one principal meets it: statements planned under it as far as that goes without running
//! them.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use weir_planner::PlanError;
use weir_planner::bind::{self, Bound};
use weir_planner::explain::{self, Reads};
use weir_planner::optimize;
use weir_planner::parse::{Kind, Parsed, Stage};
use weir_planner::permit::{self, Permitted};
use weir_planner::runtime::Runtime;
use weir_planner::session::{SessionFacts, StatementSession};
use weir_planner::view::View;
use weir_policies::{PolicySet, Rights};

use super::delta::Decided;
use crate::engine::Rehearsal;

/// Schema and name.
pub type TableName = (String, String);

/// What a principal sees under one state.
pub struct Side {
    user: String,
    known: Option<Known>,
}

/// Of a principal that is there.
struct Known {
    view: Arc<View>,
    rights: Arc<Rights>,
}

/// A statement under one state.
pub struct Planned {
    bound: Bound,
    permitted: Permitted,
    /// The columns that the client gets.
    pub columns: SchemaRef,
}

impl Side {
    pub fn new(rehearsal: &Rehearsal, policies: &PolicySet, user: &str) -> Self {
        let known = policies.principal(user).map(|principal| Known {
            rights: policies.rights(&principal),
            view: rehearsal.view(policies, Arc::new(principal)),
        });
        Self { user: user.to_owned(), known }
    }

    /// Takes a query, or one that is explained, as far as its decisions are applied.
    pub fn plan(&self, parsed: &Parsed, facts: &dyn SessionFacts) -> Result<Planned, PlanError> {
        let Some(Known { view, .. }) = &self.known else {
            return Err(PlanError::UnknownPrincipal { user: self.user.clone() });
        };
        let query = parsed.query().ok_or_else(|| PlanError::Unsupported { what: "this statement".to_owned() })?;
        let bound = bind::bind_open(query, parsed, view, facts)?;
        let permitted = permit::permit(&bound)?;
        let columns = match &parsed.kind {
            Kind::Explain(asked) => {
                if asked.stage == Stage::Permitted {
                    // Not for everyone.
                    explain::explain(asked.stage, &bound, &permitted, None)?;
                }
                explain::columns()
            }
            _ => Arc::clone(&bound.columns),
        };
        Ok(Planned { bound, permitted, columns })
    }

    /// The decision on a table that the principal sees.
    pub fn decided(&self, (schema, name): &TableName) -> Option<Decided<'_>> {
        let Known { view, rights } = self.known.as_ref()?;
        Some(Decided { table: view.table(schema, name)?, principal: &view.principal, rights })
    }

    /// The principal's rights, if there is such a principal.
    pub fn rights(&self) -> Option<&Rights> {
        self.known.as_ref().map(|known| &*known.rights)
    }
}

impl Planned {
    /// Every table that the statement names.
    pub fn tables(&self) -> BTreeSet<TableName> {
        let name = |info: &weir_connectors::TableInfo| (info.schema.clone(), info.name.clone());
        self.permitted.decisions.iter().map(|table| name(&table.info)).collect()
    }

    /// What the statement reads of them, if it can be planned further.
    pub fn reads(&self, runtime: &Runtime, session: &StatementSession) -> Result<Reads, PlanError> {
        optimize::check(&self.permitted, runtime, session)?;
        explain::reads(&self.bound, runtime, session)
    }
}
