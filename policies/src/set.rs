//! A policy set: everything read from one state of the policy files, whole or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use moka::sync::Cache;

use crate::decision::FieldMask;
use crate::diff::{self, Change};
use crate::domains::Domains;
use crate::enforcer::{self, Enforcer, EnforcerError};
use crate::error::{PolicyError, Problems};
use crate::expectations::{self, Failure, PolicyTest, ShowsValue, Verdict};
use crate::files::{self, POLICY, PolicyFiles};
use crate::folder;
use crate::grants::{GrantRule, PolicyRules, Subject};
use crate::index::{Covering, RuleIndex};
use crate::inventory::{self, About, Inventory};
use crate::masks::{Mask, Rank};
use crate::parts::Parts;
use crate::pattern::Entry;
use crate::principal::{Attribute, Principal};
use crate::rights::Rights;
use crate::rows::FilterRule;
use crate::scram::ScramVerifier;
use crate::tags::Tags;
use crate::users::{self, User};

/// Rights that are kept for principals to come back. They share the rules; each is a few pointers per role.
const KEPT_RIGHTS: u64 = 4096;

/// What [`Rights`] depend on: the user's name and roles.
type RightsKey = (String, BTreeSet<String>);

/// The rules of one state of the policy files. Immutable; known by its version.
pub struct PolicySet {
    version: String,
    pub(crate) domains: Domains,
    pub(crate) rules: PolicyRules,
    pub(crate) tags: Tags,
    users: HashMap<String, User>,
    items: Arc<BTreeMap<String, Attribute>>,
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
        let contents = folder::read(dir, &mut problems);
        Self::build(contents, problems)
    }

    /// The same from memory: file names, relative to the policy folder, with their content.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<PolicySet, Vec<PolicyError>> {
        Self::build(files, Problems::default())
    }

    /// Whether a file of this name, relative to the policy folder, counts: hidden files and those for people don't.
    pub fn counts(name: &str) -> bool {
        !matches!(files::classify(name), files::Entry::Ignored)
    }

    /// The version with the commit that the files were read from in front: `COMMIT+HASH`, as many digits of the one as of
    /// the other.
    #[must_use]
    pub fn with_commit(mut self, commit: &str) -> PolicySet {
        self.version = files::version_of_commit(commit, &self.version);
        self
    }

    /// The version that a folder's files have now, without reading their rules; none if they can't be read. With the commit
    /// that they are of, if there is one.
    pub fn version_in(dir: &Path, commit: Option<&str>) -> Option<String> {
        let mut problems = Problems::default();
        let contents = folder::read(dir, &mut problems);
        let version = files::version_of(contents);
        problems.or(()).ok()?;
        Some(match commit {
            Some(commit) => files::version_of_commit(commit, &version),
            None => version,
        })
    }

    /// A hash of all files' content, 12 hex digits: the same content has the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Holds every rule against what the sources have: schemas, tables and columns that don't exist are mistakes. Rules
    /// about schemas whose source can't be reached stay unchecked.
    pub fn check(&self, inventory: &Inventory) -> Vec<PolicyError> {
        inventory::check(self, inventory).into_iter().map(|mistake| mistake.error).collect()
    }

    /// Which tables those rules and tests are about that don't hold among these tables.
    pub fn doubts(&self, inventory: &Inventory, shows_value: ShowsValue<'_>) -> Vec<About> {
        let mistakes = inventory::check(self, inventory).into_iter().map(|mistake| mistake.about);
        let failures = self.verdicts(inventory, shows_value).into_iter().flat_map(|verdict| verdict.failures);
        mistakes.chain(failures.filter_map(|failure| failure.about)).collect()
    }

    /// What of the set's tests fails, each as a mistake. For a set whose rules are sound.
    pub fn failing_tests(&self, inventory: &Inventory, shows_value: ShowsValue<'_>) -> Vec<PolicyError> {
        let failures = |verdict: Verdict| -> Vec<PolicyError> {
            let test = &verdict.test;
            let failure = |failure: &Failure| {
                PolicyError::new(&*test.file, failure.line, format!("test `{}` fails: {}", test.name, failure.what))
            };
            verdict.failures.iter().map(failure).collect()
        };
        self.verdicts(inventory, shows_value).into_iter().flat_map(failures).collect()
    }

    /// What becomes of the set's tests, as far as the rules alone tell.
    pub fn verdicts(&self, inventory: &Inventory, shows_value: ShowsValue<'_>) -> Vec<Verdict> {
        expectations::verdicts(self, inventory, shows_value)
    }

    /// All tests in the order of files and lines.
    pub fn tests(&self) -> &[Arc<PolicyTest>] {
        &self.tests
    }

    /// What changes for whom if `new` takes the place of this set, gains first. On tables whose source can't be reached, what
    /// the rules name is compared, and `*` stands for all else.
    pub fn changes(&self, new: &PolicySet, inventory: &Inventory) -> Vec<Change> {
        diff::changes(self, new, inventory)
    }

    /// All users of users.toml, and those that rules name where there is none.
    pub(crate) fn users_named(&self) -> impl Iterator<Item = &str> {
        let named = self.subjects().filter_map(|subject| match subject {
            Subject::User(name) => Some(&**name),
            Subject::Role(_) => None,
        });
        self.users().chain(named)
    }

    /// Whether a grant or denial names the user itself.
    pub(crate) fn rules_name(&self, user: &str) -> bool {
        Subject::parse(user).is_ok_and(|subject| self.index.subjects.contains_key(&subject))
    }

    /// A user with all roles; with no attribute, where the rules name a user that comes from elsewhere.
    pub(crate) fn anyone(&self, user: &str) -> Option<Principal> {
        let named = || self.users_named().any(|name| name == user);
        self.principal(user).or_else(|| {
            let subject = Subject::parse(user).ok().filter(|_| named())?;
            let roles = self.enforcer.implicit_roles(&subject);
            Some(Principal { user: user.to_owned(), roles, attributes: BTreeMap::new() })
        })
    }

    /// The role with those that it has itself.
    pub(crate) fn with_inherited(&self, role: &str) -> BTreeSet<String> {
        let mut roles = self.enforcer.implicit_roles(&Subject::Role(role.into()));
        roles.insert(role.to_owned());
        roles
    }

    fn subjects(&self) -> impl Iterator<Item = &Subject> {
        let granted = self.rules.grants.iter().map(|grant| &grant.subject);
        granted.chain(self.rules.links.iter().flat_map(|link| [&link.member, &link.role]))
    }

    /// Roles that hide something of a table from those who have another role too: by a denial, or where they lack the mask's
    /// sparing.
    pub(crate) fn roles_hiding_on(&self, schema: &str, table: &str) -> BTreeSet<&str> {
        let denying =
            self.index.subjects.iter().filter(|(_, grants)| grants.of_table(schema, table).any(Covering::denies));
        let denying = denying.filter_map(|(subject, _)| subject.role().map(|role| &**role));
        denying.chain(self.roles_spared_on(schema, table)).collect()
    }

    /// The names of all users of users.toml, in no order.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.users.keys().map(String::as_str)
    }

    /// Roles that grant or deny something of a table, or that one of its masks spares.
    pub(crate) fn roles_bearing_on(&self, schema: &str, table: &str) -> BTreeSet<&str> {
        let grants = self.index.subjects.iter().filter(|(_, grants)| grants.of_table(schema, table).next().is_some());
        let granting = grants.filter_map(|(subject, _)| subject.role().map(|role| &**role));
        granting.chain(self.roles_spared_on(schema, table)).collect()
    }

    fn roles_spared_on(&self, schema: &str, table: &str) -> impl Iterator<Item = &str> {
        let masks = self.index.masks_by_table.lookup(schema, table);
        masks.into_iter().flat_map(|entry| &self.index.masks[entry.rule as usize].unless).map(|(role, _)| &**role)
    }

    /// Schema and name of the tables of which single columns are granted: only their columns may show on some rows only
    /// ([`ColumnDecision::shown_where`](crate::ColumnDecision::shown_where)).
    pub fn tables_granted_by_column(&self) -> BTreeSet<(&str, &str)> {
        self.index.subjects.values().flat_map(|grants| grants.tables_by_column()).collect()
    }

    /// Each user of users.toml with its attributes, for checking filters that read them.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, Attribute>)> {
        self.users.iter().map(|(name, user)| (name.as_str(), &user.attributes))
    }

    /// What the lists hold that any users have as attributes: by the attribute's name one of the items, of integers the one that
    /// takes most room.
    pub fn items_of_lists(&self) -> &Arc<BTreeMap<String, Attribute>> {
        &self.items
    }

    /// The roles that a policy.csv names, without the prefix `role:`. There are no others.
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

    /// All row filters in the order of the files, for checking their SQL.
    pub fn filters(&self) -> &[Arc<FilterRule>] {
        &self.index.filters
    }

    /// All masks in the order of the files.
    pub fn masks(&self) -> &[Arc<Mask>] {
        &self.masks
    }

    /// The row filters that speak of a table, whomever they bind, in the order of the files.
    pub fn filters_of(&self, schema: &str, table: &str) -> Vec<&Arc<FilterRule>> {
        let mut numbers: Vec<u32> =
            self.index.filters_by_table.lookup(schema, table).into_iter().map(|entry| entry.rule).collect();
        numbers.dedup(); // one filter may name a table by several patterns
        numbers.into_iter().map(|number| &self.index.filters[number as usize]).collect()
    }

    /// The masks that could apply to fields within a column, in the order of the file, for checking that they fit.
    pub fn masks_within(&self, schema: &str, table: &str, column: &str) -> Vec<FieldMask> {
        let entries = self.index.masks_by_table.lookup(schema, table).into_iter();
        let within = entries.filter(|entry| !entry.fields.is_empty() && entry.column.matches(column));
        within
            .map(|entry| FieldMask { path: entry.fields, mask: self.index.masks[entry.rule as usize].mask.clone() })
            .collect()
    }

    /// The masks that could apply to a column as a whole, for checking that they fit its type.
    pub fn masks_of(&self, schema: &str, table: &str, column: &str) -> Vec<&Arc<Mask>> {
        let entries = self.index.masks_by_table.lookup(schema, table);
        let of_column = |entry: &Entry| entry.fields.is_empty() && entry.column.matches(column);
        let mut numbers: Vec<u32> = entries.into_iter().filter(of_column).map(|entry| entry.rule).collect();
        numbers.dedup(); // one mask may name a column by several patterns
        numbers.into_iter().map(|number| &self.index.masks[number as usize].mask).collect()
    }

    fn build(
        contents: impl IntoIterator<Item = (String, Vec<u8>)>,
        mut problems: Problems,
    ) -> Result<PolicySet, Vec<PolicyError>> {
        let files = PolicyFiles::from_contents(contents, &mut problems);
        let version = files.version.clone();
        let parts = Parts::read(files, &mut problems);
        let parts = problems.or(parts)?;
        Self::of_parts(parts, version).map_err(|e| vec![PolicyError::of_file(POLICY, e.to_string())])
    }

    fn of_parts(parts: Parts, version: String) -> Result<PolicySet, EnforcerError> {
        let enforcer = Enforcer::new(&parts.rules)?;
        // A mask that is two rules is one mask.
        let once = parts.masks.iter().filter(|rule| rule.rank != Rank::TaggedByDomain);
        let masks = once.map(|rule| rule.mask.clone()).collect();
        let index = RuleIndex::new(in_force(&enforcer, &parts.rules.grants)?, parts.filters, parts.masks);
        Ok(PolicySet {
            version,
            domains: parts.domains,
            rules: parts.rules,
            tags: parts.tags,
            items: Arc::new(users::items_of_lists(&parts.users)),
            users: parts.users,
            enforcer,
            index: Arc::new(index),
            masks,
            tests: parts.tests,
            rights: Cache::new(KEPT_RIGHTS),
        })
    }
}

impl fmt::Debug for PolicySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicySet").field("version", &self.version).finish_non_exhaustive()
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
