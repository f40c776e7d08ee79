//! What one principal sees: the names that exist for them, under one policy set and one catalog.
//!
//! A view is made once per principal, policy version and catalog, and is all that binding ever looks into. A table or
//! column that isn't granted isn't in it, so it can't be told from one that doesn't exist.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::logical_expr::TableSource;
use weir_connectors::TableInfo;
use weir_connectors::pgtype::OwnType;
use weir_policies::{
    Attribute, ColumnDecision, Decision, FilterRule, Grant, MaskKind, PolicySet, Principal, RowCondition,
};

use crate::PlanError;
use crate::catalog::{Catalog, Down};
use crate::permit::rules::Rules;
use crate::permit::text::Mentions;
use crate::pg_catalog::SystemCatalog;
use crate::runtime::Runtime;

/// The names that exist for one principal.
pub struct View {
    /// Unique in this process. Two statements planned under one id saw the same policies, principal and catalog.
    pub id: u64,
    pub principal: Arc<Principal>,
    pub policy_version: Arc<str>,
    /// May read policies in EXPLAIN and elsewhere.
    pub may_see_policies: bool,
    schemas: BTreeMap<String, BTreeMap<String, Arc<VisibleTable>>>,
    down: BTreeMap<String, Down>,
    system: OnceLock<Arc<SystemCatalog>>,
    pub(crate) runtime: Arc<Runtime>,
    /// All tables there are: for the sub-selects of row filters, which read with their author's rights, and for nothing else.
    pub(crate) catalog: Arc<Catalog>,
    /// What the lists hold that users have as attributes, which tells the type of one that is empty or missing.
    pub(crate) items_of_lists: Arc<BTreeMap<String, Attribute>>,
}

/// A table with what the policy set decided on it.
#[derive(Debug)]
pub struct VisibleTable {
    pub info: Arc<TableInfo>,
    pub grant: Grant,
    /// The visible columns, in the table's order.
    pub columns: SchemaRef,
    /// Where each visible column stands in the table.
    pub indices: Vec<usize>,
    rules: OnceLock<Result<Arc<Rules>, Arc<PlanError>>>,
}

impl View {
    /// Decides on every table of the catalog.
    pub fn new(runtime: Arc<Runtime>, policies: &PolicySet, catalog: &Arc<Catalog>, principal: Arc<Principal>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let rights = policies.rights(&principal);
        let mut schemas: BTreeMap<String, BTreeMap<String, Arc<VisibleTable>>> = BTreeMap::new();
        let mut waiting = Waiting::new(catalog);
        for info in catalog.tables() {
            let names: Vec<&str> = info.columns.fields().iter().map(|f| f.name().as_str()).collect();
            if let Decision::Granted(grant) = rights.decide(&info.schema, &info.name, &names)
                && !waiting.covers(&grant)
            {
                let table = Arc::new(VisibleTable::new(Arc::clone(info), grant));
                schemas.entry(info.schema.clone()).or_default().insert(info.name.clone(), table);
            }
        }
        let down = catalog.down().iter().filter(|(schema, _)| rights.may_see_schema(schema));
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            policy_version: policies.version().into(),
            may_see_policies: rights.may_see_policies(),
            down: down.map(|(schema, down)| (schema.clone(), down.clone())).collect(),
            schemas,
            principal,
            system: OnceLock::new(),
            runtime,
            catalog: Arc::clone(catalog),
            items_of_lists: Arc::clone(policies.items_of_lists()),
        }
    }

    /// Schemas that hold something for the principal, with their tables.
    pub fn schemas(&self) -> &BTreeMap<String, BTreeMap<String, Arc<VisibleTable>>> {
        &self.schemas
    }

    pub fn table(&self, schema: &str, name: &str) -> Option<&Arc<VisibleTable>> {
        self.schemas.get(schema)?.get(name)
    }

    /// A parameter that is declared to be of a source's own type.
    pub fn parameter_of_own_type(&self, oid: u32) -> Option<Field> {
        let (_, own) = self.system().objects().own_type(oid)?;
        let data = if own.is_array { DataType::new_list(DataType::Utf8, true) } else { DataType::Utf8 };
        Some(own.definition.mark(Field::new("", data, true), own.is_array))
    }

    /// Why nothing of a schema can be seen, where the principal may know that it is there.
    pub fn down(&self, schema: &str) -> Option<&Down> {
        self.down.get(schema)
    }

    /// pg_catalog and information_schema as this principal sees them; made when first asked for.
    pub fn system(&self) -> &Arc<SystemCatalog> {
        self.system.get_or_init(|| Arc::new(SystemCatalog::new(self)))
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("id", &self.id).field("user", &self.principal.user).finish_non_exhaustive()
    }
}

impl VisibleTable {
    fn new(info: Arc<TableInfo>, grant: Grant) -> Self {
        let all = &info.columns;
        let indices: Vec<usize> = grant.columns.iter().filter_map(|c| all.index_of(&c.name).ok()).collect();
        // A mask, or a row on which the column isn't granted, shows NULL where the source has none.
        let raw = |c: &ColumnDecision| c.masks().next().is_none() && c.shown_where.is_none();
        let columns = match indices.len() == all.fields().len() && grant.columns.iter().all(raw) {
            true => Arc::clone(all),
            false => {
                let shown = indices.iter().zip(&grant.columns).map(|(&index, decision)| {
                    let field = &all.fields()[index];
                    if comes_as_text(field, decision) {
                        return Arc::new(Field::new(field.name(), field.data_type().clone(), true));
                    }
                    match raw(decision) || field.is_nullable() {
                        true => Arc::clone(field),
                        false => Arc::new(field.as_ref().clone().with_nullable(true)),
                    }
                });
                Arc::new(Schema::new(shown.collect::<Vec<_>>()))
            }
        };
        Self { info, grant, columns, indices, rules: OnceLock::new() }
    }

    /// Nothing is hidden: all columns, all rows, raw.
    pub fn is_open(&self) -> bool {
        self.grant.filter.is_none()
            && self.indices.len() == self.info.columns.fields().len()
            && self.grant.columns.iter().all(|c| c.masks().next().is_none() && c.shown_where.is_none())
    }

    /// Whether another view shows exactly this of the same table: what was decided here holds there.
    pub(crate) fn shows_as_in(&self, view: &View, other: &View) -> Result<bool, PlanError> {
        let Some(there) = other.table(&self.info.schema, &self.info.name) else { return Ok(false) };
        let same_source = self.info.source == there.info.source;
        let same_columns = self.info.columns == there.info.columns && self.indices == there.indices;
        Ok(same_source && same_columns && self.rules(view)? == there.rules(other)?)
    }

    /// The decision's filters and masks as bound expressions.
    pub(crate) fn rules(&self, view: &View) -> Result<Arc<Rules>, PlanError> {
        let bound =
            self.rules.get_or_init(|| Rules::bind(view, &self.info, &self.grant).map(Arc::new).map_err(Arc::new));
        match bound {
            Ok(rules) => Ok(Arc::clone(rules)),
            Err(error) => {
                let (rule, reason) = match error.as_ref() {
                    PlanError::Rule { rule, reason, .. } => (rule.clone(), reason.clone()),
                    other => ("unknown".to_owned(), other.to_string()),
                };
                Err(PlanError::Rule { rule, table: format!("{}.{}", self.info.schema, self.info.name), reason })
            }
        }
    }
}

/// Whether a column of a composite type is only a text: a mask may put any in the place of a row's.
fn comes_as_text(field: &Field, decision: &ColumnDecision) -> bool {
    decision.masks().any(|mask| mask.kind != MaskKind::Null)
        && matches!(OwnType::of(field), Some(OwnType::Composite(_)))
}

/// Which filters read a source that has never been reached: they couldn't be checked, and what they decide on is
/// invisible until they are.
struct Waiting<'a> {
    catalog: &'a Catalog,
    /// Filters that were looked at, by where they lie.
    known: HashMap<*const FilterRule, bool>,
}

impl<'a> Waiting<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, known: HashMap::new() }
    }

    fn covers(&mut self, grant: &Grant) -> bool {
        if self.catalog.down().is_empty() {
            return false;
        }
        let shown = grant.columns.iter().filter_map(|column| column.shown_where.as_ref());
        grant.filter.iter().chain(shown).flat_map(RowCondition::filters).any(|filter| self.waits(filter))
    }

    fn waits(&mut self, filter: &Arc<FilterRule>) -> bool {
        let down = self.catalog.down();
        *self.known.entry(Arc::as_ptr(filter)).or_insert_with(|| {
            let named = Mentions::of(&filter.condition).map(|mentions| mentions.qualifiers).unwrap_or_default();
            named.iter().any(|schema| down.contains_key(schema))
        })
    }
}

/// A visible table in a bound plan. It can be named and typed, but not read: `permit` replaces it.
pub(crate) struct GovernedSource(pub Arc<VisibleTable>);

impl TableSource for GovernedSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.0.columns)
    }
}
