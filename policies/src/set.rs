//! A policy set: everything read from one state of the policy files, whole or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use moka::sync::Cache;

use crate::decision::FieldMask;
use crate::enforcer::{self, Enforcer, EnforcerError};
use crate::error::{PolicyError, Problems};
use crate::expectations::{self, PolicyTest, Verdict};
use crate::files::{self, MASKS, MODEL, POLICY, PolicyFiles, ROWS, TAGS, USERS};
use crate::grants::{self, GrantRule, PolicyRules, Subject};
use crate::index::RuleIndex;
use crate::inventory::{self, Inventory};
use crate::masks::{self, Mask, MaskKind, MaskRule};
use crate::model;
use crate::pattern::Entry;
use crate::principal::{Attribute, Principal};
use crate::rights::Rights;
use crate::rows::{self, FilterRule};
use crate::scram::ScramVerifier;
use crate::tags::{self, Tags};
use crate::users::{self, User};

/// Rights that are kept for principals to come back. They share the rules; each is a few pointers per role.
const KEPT_RIGHTS: u64 = 4096;

/// What [`Rights`] depend on: the user's name and roles.
type RightsKey = (String, BTreeSet<String>);

/// The rules of one state of the policy files. Immutable; known by its version.
pub struct PolicySet {
    version: String,
    pub(crate) rules: PolicyRules,
    pub(crate) tags: Tags,
    users: HashMap<String, User>,
    pub(crate) enforcer: Enforcer,
    pub(crate) index: Arc<RuleIndex>,
    masks: Vec<Arc<Mask>>,
    tests: Vec<Arc<PolicyTest>>,
    rights: Cache<RightsKey, Arc<Rights>>,
}

impl PolicySet {
    /// Reads the policy folder. It blocks on file I/O. Any mistake refuses the set as a whole, and all mistakes are
    /// reported at once, in the order of files and lines.
    pub fn load(dir: &Path) -> Result<PolicySet, Vec<PolicyError>> {
        let mut problems = Problems::default();
        let contents = files::read_folder(dir, &mut problems);
        Self::build(contents, problems)
    }

    /// The same from memory: file names, relative to the policy folder, with their content.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<PolicySet, Vec<PolicyError>> {
        Self::build(files, Problems::default())
    }

    /// The version with the commit that the files were read from in front: `COMMIT+HASH`.
    #[must_use]
    pub fn with_commit(mut self, commit: &str) -> PolicySet {
        self.version = format!("{commit}+{}", self.version);
        self
    }

    /// A hash of all files' content, 12 hex digits: the same content has the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Holds every rule against what the sources have: schemas, tables and columns that don't exist are mistakes. Rules
    /// about schemas whose source can't be reached stay unchecked.
    pub fn check(&self, inventory: &Inventory) -> Vec<PolicyError> {
        inventory::check(self, inventory)
    }

    /// What of the set's tests fails, each as a mistake. For a set whose rules are sound.
    pub fn failing_tests(&self, inventory: &Inventory) -> Vec<PolicyError> {
        let failures = |verdict: Verdict| -> Vec<PolicyError> {
            let test = &verdict.test;
            let failure = |(line, what): &(u32, String)| {
                PolicyError::new(&*test.file, *line, format!("test `{}` fails: {what}", test.name))
            };
            verdict.failures.iter().map(failure).collect()
        };
        self.verdicts(inventory).into_iter().flat_map(failures).collect()
    }

    /// What becomes of the set's tests, as far as the rules alone tell.
    pub fn verdicts(&self, inventory: &Inventory) -> Vec<Verdict> {
        expectations::verdicts(self, inventory)
    }

    /// All tests in the order of files and lines.
    pub fn tests(&self) -> &[Arc<PolicyTest>] {
        &self.tests
    }

    /// The names of all users of users.toml, in no order.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.users.keys().map(String::as_str)
    }

    /// Roles that grant or deny something of a table, or that one of its masks spares.
    pub(crate) fn roles_bearing_on(&self, schema: &str, table: &str) -> BTreeSet<&str> {
        let grants = self.index.subjects.iter().filter(|(_, grants)| grants.of_table(schema, table).next().is_some());
        let granting = grants.filter_map(|(subject, _)| subject.role().map(|role| &**role));
        let masks = self.index.masks_by_table.lookup(schema, table);
        let spared = masks.into_iter().flat_map(|entry| &self.index.masks[entry.rule as usize].unless);
        granting.chain(spared.map(|(role, _)| &**role)).collect()
    }

    /// Each user of users.toml with its attributes, for checking filters that read them.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, Attribute>)> {
        self.users.iter().map(|(name, user)| (name.as_str(), &user.attributes))
    }

    /// The roles that policy.csv names, without the prefix `role:`. There are no others.
    pub fn roles(&self) -> BTreeSet<&str> {
        self.rules.roles().collect()
    }

    /// What a user's password is checked against; none for unknown users and for those without a password.
    pub fn verifier(&self, user: &str) -> Option<&ScramVerifier> {
        self.users.get(user)?.verifier.as_ref()
    }

    /// The iterations that most verifiers have; none if no user has a verifier.
    pub fn usual_iterations(&self) -> Option<u32> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for verifier in self.users.values().filter_map(|user| user.verifier.as_ref()) {
            *counts.entry(verifier.iterations).or_default() += 1;
        }
        counts.into_iter().max_by_key(|&(_, users)| users).map(|(iterations, _)| iterations)
    }

    /// A user of users.toml with all roles that this version gives it.
    pub fn principal(&self, user: &str) -> Option<Principal> {
        let attributes = self.users.get(user)?.attributes.clone();
        let subject = Subject::parse(user).ok()?;
        Some(Principal { user: user.to_owned(), roles: self.enforcer.implicit_roles(&subject), attributes })
    }

    /// The principal's rights: its own and those of its roles. Made once per user and roles, then kept.
    pub fn rights(&self, principal: &Principal) -> Arc<Rights> {
        let key = (principal.user.clone(), principal.roles.clone());
        self.rights.get_with(key, || {
            let roles = principal.roles.iter().map(|role| Subject::Role(role.as_str().into()));
            // A user's name that could be read as anything else, as an identity provider may hand out, has no rights itself.
            let user = Subject::parse(&principal.user).ok().filter(|subject| subject.role().is_none());
            Arc::new(Rights::new(self.index.clone(), roles.chain(user).collect(), principal.roles.clone()))
        })
    }

    /// All row filters in the order of the file, for checking their SQL.
    pub fn filters(&self) -> &[Arc<FilterRule>] {
        &self.index.filters
    }

    /// All masks in the order of the file.
    pub fn masks(&self) -> &[Arc<Mask>] {
        &self.masks
    }

    /// The masks that could apply to fields within a column, in the order of the file, for checking that they fit.
    pub fn masks_within(&self, schema: &str, table: &str, column: &str) -> Vec<FieldMask> {
        let entries = self.index.masks_by_table.lookup(schema, table).into_iter();
        let within = entries.filter(|entry| !entry.fields.is_empty() && entry.column.matches(column));
        within.map(|entry| FieldMask { path: entry.fields, mask: self.masks[entry.rule as usize].clone() }).collect()
    }

    /// The masks that could apply to a column as a whole, for checking that they fit its type.
    pub fn masks_of(&self, schema: &str, table: &str, column: &str) -> Vec<&Arc<Mask>> {
        let entries = self.index.masks_by_table.lookup(schema, table);
        let of_column = |entry: &Entry| entry.fields.is_empty() && entry.column.matches(column);
        let mut numbers: Vec<u32> = entries.into_iter().filter(of_column).map(|entry| entry.rule).collect();
        numbers.dedup(); // one mask may name a column by several patterns
        numbers.into_iter().map(|number| &self.masks[number as usize]).collect()
    }

    fn build(
        contents: impl IntoIterator<Item = (String, Vec<u8>)>,
        mut problems: Problems,
    ) -> Result<PolicySet, Vec<PolicyError>> {
        let files = PolicyFiles::from_contents(contents, &mut problems);
        let parts = Parts::read(&files, &mut problems);
        let parts = problems.or(parts)?;
        parts.into_set(files.version).map_err(|e| vec![PolicyError::of_file(POLICY, e.to_string())])
    }
}

impl fmt::Debug for PolicySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicySet").field("version", &self.version).finish_non_exhaustive()
    }
}

/// What the files hold, before it is known whether all of it is right.
#[derive(Default)]
struct Parts {
    rules: PolicyRules,
    users: HashMap<String, User>,
    tags: Tags,
    filters: Vec<Arc<FilterRule>>,
    masks: Vec<MaskRule>,
    tests: Vec<Arc<PolicyTest>>,
}

impl Parts {
    fn read(files: &PolicyFiles, problems: &mut Problems) -> Parts {
        if let Some(text) = files.text(MODEL) {
            model::check(text, problems);
        }
        let mut parts = Parts::default();
        if let Some(text) = files.text(POLICY) {
            parts.rules = grants::read(text, problems);
        }
        if let Some(text) = files.text(USERS) {
            parts.users = users::read(text, problems);
            parts.check_users(problems);
        }
        parts.tags = files.text(TAGS).map(|text| tags::read(text, problems)).unwrap_or_default();
        parts.filters = files.text(ROWS).map(|text| rows::read(text, problems)).unwrap_or_default();
        parts.masks = files.text(MASKS).map(|text| masks::read(text, &parts.tags, problems)).unwrap_or_default();
        for (file, text) in files.tests() {
            parts.tests.extend(expectations::read(file, text, &parts.tags, problems));
        }
        parts.check_roles(problems);
        parts
    }

    /// Where users are listed, a rule for an unlisted one is a misspelling: of a denial that would mean no denial.
    fn check_users(&self, problems: &mut Problems) {
        let granted = self.rules.grants.iter().map(|grant| (&grant.subject, grant.line));
        let linked = self.rules.links.iter().map(|link| (&link.member, link.line));
        for (subject, line) in granted.chain(linked) {
            if let Subject::User(name) = subject
                && !self.users.contains_key(&**name)
            {
                let message =
                    format!("unknown user `{name}`: users.toml has no [{name}], and a role is written role:{name}");
                problems.add(POLICY, line, message);
            }
        }
    }

    /// A role is known if policy.csv names it.
    fn check_roles(&self, problems: &mut Problems) {
        let known: HashSet<&str> = self.rules.roles().collect();
        let bound = self.filters.iter().flat_map(|filter| filter.binds.roles().map(|role| (ROWS, role)));
        let spared = self.masks.iter().flat_map(|mask| mask.unless.iter().map(|role| (MASKS, role)));
        let excused = self.tests.iter().flat_map(|test| test.roles().iter().map(|role| (&*test.file, role)));
        for (file, (role, line)) in bound.chain(spared).chain(excused) {
            if !known.contains(&**role) {
                problems.add(file, *line, format!("unknown role `{role}`: policy.csv never names role:{role}"));
            }
        }
        self.check_links(problems);
    }

    /// A role that somebody is given and that does nothing is a misspelling where filters bind roles: that of the role
    /// which was meant would not bind.
    fn check_links(&self, problems: &mut Problems) {
        if self.filters.iter().all(|filter| filter.binds_everyone()) {
            return;
        }
        let granted = self.rules.grants.iter().filter_map(|grant| grant.subject.role());
        let members = self.rules.links.iter().filter_map(|link| link.member.role());
        let bound = self.filters.iter().flat_map(|filter| filter.binds.roles().map(|(role, _)| role));
        let spared = self.masks.iter().flat_map(|mask| mask.unless.iter().map(|(role, _)| role));
        let excused = self.tests.iter().flat_map(|test| test.roles().iter().map(|(role, _)| role));
        let used: HashSet<&Arc<str>> = granted.chain(members).chain(bound).chain(spared).chain(excused).collect();
        for link in &self.rules.links {
            if let Some(role) = link.role.role().filter(|role| !used.contains(role) && !self.is_quoted(role)) {
                let message = format!(
                    "role `{role}` does nothing: no grant, filter or mask names it, and no other role is its own"
                );
                problems.add(POLICY, link.line, message);
            }
        }
    }

    /// Whether the text of a filter or mask may name the role, in `has_role('ROLE')`. What the text means is for the
    /// planner to say; here it is enough that the role isn't said to do nothing where it may do something.
    fn is_quoted(&self, role: &str) -> bool {
        let quoted = format!("'{role}'");
        let masks = self.masks.iter().filter_map(|rule| match &rule.mask.kind {
            MaskKind::Sql { expression, .. } => Some(expression),
            _ => None,
        });
        self.filters.iter().map(|filter| &filter.condition).chain(masks).any(|text| text.contains(&quoted))
    }

    fn into_set(self, version: String) -> Result<PolicySet, EnforcerError> {
        let enforcer = Enforcer::new(&self.rules)?;
        let masks = self.masks.iter().map(|rule| rule.mask.clone()).collect();
        let index = RuleIndex::new(in_force(&enforcer, &self.rules.grants)?, self.filters, self.masks);
        Ok(PolicySet {
            version,
            rules: self.rules,
            tags: self.tags,
            users: self.users,
            enforcer,
            index: Arc::new(index),
            masks,
            tests: self.tests,
            rights: Cache::new(KEPT_RIGHTS),
        })
    }
}

/// The grants as casbin answers them, each with where it stands.
fn in_force<'g>(enforcer: &Enforcer, grants: &'g [GrantRule]) -> Result<Vec<&'g GrantRule>, EnforcerError> {
    let mut by_rule: HashMap<Vec<String>, &GrantRule> = HashMap::new();
    for grant in grants {
        by_rule.entry(enforcer::rule(grant)).or_insert(grant);
    }
    let find = |rule: &Vec<String>| by_rule.get(rule).copied().ok_or_else(|| EnforcerError::Unknown(rule.join(", ")));
    enforcer.rules().iter().map(find).collect()
}
