//! What one principal may do under one policy version.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::condition::{RowCondition, Together, Union};
use crate::decision::{ColumnDecision, Decision, FieldMask, Grant, RuleKind, RuleRef};
use crate::grants::{Effect, Subject};
use crate::index::{Covering, RuleIndex, SubjectGrants};
use crate::masks::Mask;
use crate::pattern::{Entry, Part, RESERVED_SCHEMA};

/// The rights of one principal, ready to decide about any table. They depend on the user's name and roles alone.
pub struct Rights {
    rules: Arc<RuleIndex>,
    roles: BTreeSet<String>,
    /// The user and those of the roles that have grants or denials of their own.
    subjects: Vec<Holder>,
}

struct Holder {
    subject: Subject,
    grants: Arc<SubjectGrants>,
}

impl Rights {
    pub(crate) fn new(rules: Arc<RuleIndex>, subjects: BTreeSet<Subject>, roles: BTreeSet<String>) -> Rights {
        let subjects = subjects
            .into_iter()
            .filter_map(|subject| rules.subjects.get(&subject).cloned().map(|grants| Holder { subject, grants }))
            .collect();
        Rights { rules, roles, subjects }
    }

    /// Decides about the table `schema.table`, which has these columns. Names are the catalog's own and compared exactly.
    pub fn decide(&self, schema: &str, table: &str, columns: &[&str]) -> Decision {
        if schema == RESERVED_SCHEMA {
            return Decision::Denied;
        }
        let Some(access) = Access::of(&self.subjects, schema, table) else {
            return Decision::Denied;
        };
        let visible: Vec<(&str, Vec<usize>)> = columns
            .iter()
            .map(|column| (*column, access.grantors(column)))
            .filter(|(_, grantors)| !grantors.is_empty())
            .collect();
        // A table without any column can be granted only as a whole.
        let mut granting: BTreeSet<usize> = visible.iter().flat_map(|(_, grantors)| grantors.iter().copied()).collect();
        if columns.is_empty() {
            granting = access.whole_grantors();
        }
        if granting.is_empty() {
            return Decision::Denied;
        }
        let filters = self.table_filters(schema, table);
        let rows = filters.union(&granting);
        let masks = TableMasks::of(&self.rules, &self.roles, schema, table);
        let columns = self.columns(visible, &filters, &rows, &masks);
        let filter = rows.condition(&filters.everyone, &self.rules.filters);
        let rules = rules_used(access.rules(&granting, &columns), filter.as_ref(), &columns);
        Decision::Granted(Grant { columns, filter, rules })
    }

    /// Whether anything in the schema could be visible: whether its source may be named when it can't be reached.
    pub fn may_see_schema(&self, schema: &str) -> bool {
        let denied = |holder: &Holder| holder.grants.of_whole_schema(schema).any(Covering::denies);
        let granted = |holder: &Holder| holder.grants.of_schema(schema).any(|covering| !covering.denies());
        schema != RESERVED_SCHEMA && !self.subjects.iter().any(denied) && self.subjects.iter().any(granted)
    }

    /// Whether the principal may see what rules were applied: it has `weir.policies`, named in full.
    pub fn may_see_policies(&self) -> bool {
        let mut covering = self.subjects.iter().flat_map(|holder| holder.grants.of_policies()).peekable();
        covering.peek().is_some() && covering.all(|covering| !covering.denies())
    }

    /// How many grants and denials of this principal bear on the table: what a decision has to look at.
    pub fn rules_bearing_on(&self, schema: &str, table: &str) -> usize {
        self.subjects.iter().map(|holder| holder.grants.of_table(schema, table).count()).sum()
    }

    fn columns(
        &self,
        visible: Vec<(&str, Vec<usize>)>,
        filters: &TableFilters,
        rows: &Union,
        masks: &TableMasks<'_>,
    ) -> Vec<ColumnDecision> {
        // Wide tables have thousands of columns and few combinations of roles that grant them.
        let mut shown: HashMap<Vec<usize>, Option<RowCondition>> = HashMap::new();
        let mut columns = Vec::with_capacity(visible.len());
        for (name, grantors) in visible {
            let shown_where = shown.entry(grantors).or_insert_with_key(|grantors| {
                let own = filters.union(grantors);
                if own == *rows { None } else { own.condition(&[], &self.rules.filters) }
            });
            let (mask, fields) = (masks.of_column(name), masks.within_column(name));
            columns.push(ColumnDecision { name: name.to_owned(), mask, fields, shown_where: shown_where.clone() });
        }
        columns
    }

    fn table_filters(&self, schema: &str, table: &str) -> TableFilters {
        let mut numbers: Vec<u32> =
            self.rules.filters_by_table.lookup(schema, table).into_iter().map(|entry| entry.rule).collect();
        numbers.dedup(); // one filter may name a table by several patterns
        let filter = |number: &u32| &self.rules.filters[*number as usize];
        let (everyone, bound): (Vec<u32>, Vec<u32>) = numbers.into_iter().partition(|n| filter(n).binds_everyone());
        let of_subject = |holder: &Holder| -> Together {
            let role = holder.subject.role();
            bound.iter().copied().filter(|n| role.is_some_and(|role| filter(n).binds_role(role))).collect()
        };
        TableFilters { everyone, by_subject: self.subjects.iter().map(of_subject).collect() }
    }
}

/// The filters that bear on one table, by number.
struct TableFilters {
    everyone: Vec<u32>,
    /// For each subject, the filters that bind it.
    by_subject: Vec<Together>,
}

impl TableFilters {
    fn union<'s>(&self, subjects: impl IntoIterator<Item = &'s usize>) -> Union {
        Union::of(subjects.into_iter().map(|subject| self.by_subject[*subject].clone()))
    }
}

/// Who of the subjects grants what of one table, and what is denied.
struct Access<'r> {
    /// For each subject, its grants on the table. A denial of the whole table leaves no `Access` at all.
    grants: Vec<Vec<&'r Covering>>,
    whole: Vec<bool>,
    by_column: HashMap<&'r str, Vec<usize>>,
    denied_columns: BTreeSet<&'r str>,
}

impl<'r> Access<'r> {
    fn of(subjects: &'r [Holder], schema: &str, table: &str) -> Option<Access<'r>> {
        let mut access = Access {
            grants: Vec::with_capacity(subjects.len()),
            whole: vec![false; subjects.len()],
            by_column: HashMap::new(),
            denied_columns: BTreeSet::new(),
        };
        for (number, holder) in subjects.iter().enumerate() {
            access.grants.push(Vec::new());
            for covering in holder.grants.of_table(schema, table) {
                match (&covering.column, covering.effect) {
                    (None, Effect::Deny) => return None,
                    (Some(column), Effect::Deny) => {
                        access.denied_columns.insert(column);
                    }
                    (column, Effect::Allow) => access.allow(number, column.as_deref(), covering),
                }
            }
        }
        Some(access)
    }

    fn allow(&mut self, subject: usize, column: Option<&'r str>, covering: &'r Covering) {
        match column {
            None => self.whole[subject] = true,
            Some(column) => self.by_column.entry(column).or_default().push(subject),
        }
        self.grants[subject].push(covering);
    }

    /// The subjects that grant the column, ascending; none if it is denied.
    fn grantors(&self, column: &str) -> Vec<usize> {
        if self.denied_columns.contains(column) {
            return Vec::new();
        }
        let mut grantors: Vec<usize> = self.whole_grantors().into_iter().collect();
        grantors.extend(self.by_column.get(column).into_iter().flatten());
        grantors.sort_unstable();
        grantors.dedup();
        grantors
    }

    fn whole_grantors(&self) -> BTreeSet<usize> {
        (0..self.whole.len()).filter(|subject| self.whole[*subject]).collect()
    }

    /// The grants that made something visible.
    fn rules(&self, granting: &BTreeSet<usize>, columns: &[ColumnDecision]) -> Vec<RuleRef> {
        let visible: BTreeSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let granting = granting.iter().flat_map(|subject| &self.grants[*subject]);
        let used = granting.filter(|covering| covering.column.as_deref().is_none_or(|column| visible.contains(column)));
        used.map(|covering| covering.rule.clone()).collect()
    }
}

/// The masks that bear on one table and don't spare the principal.
struct TableMasks<'r> {
    rules: &'r RuleIndex,
    named: HashMap<Arc<str>, u32>,
    any_column: Option<u32>,
    /// Masks of fields within columns, in the order of the file.
    within: Vec<Entry>,
}

impl<'r> TableMasks<'r> {
    fn of(rules: &'r RuleIndex, roles: &BTreeSet<String>, schema: &str, table: &str) -> TableMasks<'r> {
        let mut masks = TableMasks { rules, named: HashMap::new(), any_column: None, within: Vec::new() };
        for entry in rules.masks_by_table.lookup(schema, table) {
            if rules.masks[entry.rule as usize].spares(roles) {
                continue;
            }
            if !entry.fields.is_empty() {
                masks.within.push(entry);
                continue;
            }
            // In the order of the file: the first one stays.
            match entry.column {
                Part::Name(column) => {
                    masks.named.entry(column).or_insert(entry.rule);
                }
                Part::Any => {
                    masks.any_column.get_or_insert(entry.rule);
                }
            }
        }
        masks
    }

    fn of_column(&self, column: &str) -> Option<Arc<Mask>> {
        let named = self.named.get(column).copied();
        let first = named.into_iter().chain(self.any_column).min()?;
        Some(self.rules.masks[first as usize].mask.clone())
    }

    fn within_column(&self, column: &str) -> Vec<FieldMask> {
        let entries = self.within.iter().filter(|entry| entry.column.matches(column));
        let mask = |rule: u32| self.rules.masks[rule as usize].mask.clone();
        entries.map(|entry| FieldMask { path: entry.fields.clone(), mask: mask(entry.rule) }).collect()
    }
}

/// Every rule that took part, each once, by kind, file and line.
fn rules_used(grants: Vec<RuleRef>, filter: Option<&RowCondition>, columns: &[ColumnDecision]) -> Vec<RuleRef> {
    let shown = columns.iter().filter_map(|column| column.shown_where.as_ref());
    let filters = filter.into_iter().chain(shown).flat_map(RowCondition::filters).map(|filter| RuleRef {
        kind: RuleKind::Filter,
        name: filter.name.clone(),
        file: filter.file.clone(),
        line: filter.line,
    });
    let masks = columns.iter().flat_map(ColumnDecision::masks).map(|mask| RuleRef {
        kind: RuleKind::Mask,
        name: mask.name.clone(),
        file: mask.file.clone(),
        line: mask.line,
    });
    let mut rules: Vec<RuleRef> = grants.into_iter().chain(filters).chain(masks).collect();
    rules.sort_by(|a, b| (a.kind, &a.file, a.line).cmp(&(b.kind, &b.file, b.line)));
    rules.dedup();
    rules
}
