//! tests/*.toml: what principals must see and must not see, and what holds for all of them.
//!
//! What can be told from the rules alone is held against them whenever a set is checked: a set that fails its own tests is
//! refused. What needs data, a query with its answer, is for `weir policy test` to run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::decision::{ColumnDecision, Decision, Grant};
use crate::document::{Document, Section};
use crate::domains::Origin;
use crate::error::Problems;
use crate::inventory::{About, Inventory, InventoryTable};
use crate::masks::{Mask, MaskKind};
use crate::pattern::Pattern;
use crate::principal::Principal;
use crate::rows::{Placed, patterns, role_names};
use crate::set::PolicySet;
use crate::tags::Tags;

/// One `[[test]]` or `[[prove]]`.
#[derive(Debug)]
pub struct PolicyTest {
    /// Of a domain's test with the domain in front: `DOMAIN: NAME`.
    pub name: Arc<str>,
    /// Inside the policy folder.
    pub file: Arc<str>,
    pub line: u32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Of one user.
    Test { user: String, claims: Vec<(Claim, String, u32)>, query: Option<ExpectedAnswer> },
    /// Of everyone who has none of the roles under `unless`.
    Prove { never: Sight, columns: Vec<Placed>, unless: Vec<(Arc<str>, u32)> },
}

/// What a `[[test]]` says of a table or column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Sees,
    Hidden,
    Masked,
    Raw,
    Filtered,
}

const CLAIMS: [(&str, Claim); 5] = [
    ("sees", Claim::Sees),
    ("hidden", Claim::Hidden),
    ("masked", Claim::Masked),
    ("raw", Claim::Raw),
    ("filtered", Claim::Filtered),
];

/// How much of a column someone sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// The column, masked or not.
    Visible,
    /// The column as it is stored.
    Raw,
}

/// A query of a `[[test]]`, and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedAnswer {
    pub user: String,
    pub sql: String,
    pub outcome: Outcome,
}

/// What comes of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Rows in order, values as PostgreSQL writes them.
    Rows(Vec<Vec<Option<String>>>),
    /// The SQLSTATE that it fails with.
    Error(String),
}

/// Whether the SQL of a mask may show a principal the value as it is.
pub type ShowsValue<'a> = &'a dyn Fn(&str, &Principal) -> bool;

/// What became of a test as far as the rules alone tell.
#[derive(Debug)]
pub struct Verdict {
    pub test: Arc<PolicyTest>,
    /// What doesn't hold; empty: all holds.
    pub failures: Vec<Failure>,
    /// Names whose source can't be reached: nothing is said of them.
    pub unchecked: Vec<String>,
}

/// What of a test doesn't hold.
#[derive(Debug)]
pub struct Failure {
    pub line: u32,
    pub what: String,
    /// The tables that it is about; none, if it is about a user.
    pub(crate) about: Option<About>,
}

impl PolicyTest {
    /// The query that needs data.
    pub fn query(&self) -> Option<&ExpectedAnswer> {
        match &self.kind {
            Kind::Test { query, .. } => query.as_ref(),
            Kind::Prove { .. } => None,
        }
    }

    /// Role names, each with its line.
    pub(crate) fn roles(&self) -> &[(Arc<str>, u32)] {
        match &self.kind {
            Kind::Test { .. } => &[],
            Kind::Prove { unless, .. } => unless,
        }
    }
}

pub(crate) fn read(origin: &Origin, text: &str, tags: &Tags, problems: &mut Problems) -> Vec<Arc<PolicyTest>> {
    let Some(document) = Document::parse(&origin.file, text, problems) else {
        return Vec::new();
    };
    let mut tests = Vec::new();
    for (array, mut section) in document.tables_of(&["test", "prove"], problems) {
        let line = section.line;
        let name = section.required_string("name", problems);
        let kind = match array {
            "test" => read_test(&mut section, origin, problems),
            _ => read_prove(&mut section, origin, tags, problems),
        };
        section.finish(problems);
        if let (Some((name, _)), Some(kind)) = (name, kind) {
            let name = match &origin.domain {
                Some(domain) => format!("{}: {name}", domain.name).into(),
                None => name.into(),
            };
            tests.push(Arc::new(PolicyTest { name, file: origin.file.clone(), line, kind }));
        }
    }
    tests
}

fn read_test(section: &mut Section<'_, '_>, origin: &Origin, problems: &mut Problems) -> Option<Kind> {
    let file = &*origin.file;
    let user = section.required_string("as", problems);
    let mut claims = Vec::new();
    for (key, claim) in CLAIMS {
        let names = section.strings(key, "[\"schema.table\" or \"schema.table.column\", ...]", problems);
        for (name, line) in names {
            match (parts_fit(claim, &name), origin.beyond(&name)) {
                (Err(expected), _) => {
                    problems.add(file, line, format!("`{key}`: expected {expected}, found `{name}`"));
                }
                (Ok(()), Some(beyond)) => problems.add(file, line, beyond),
                (Ok(()), None) => claims.push((claim, name, line)),
            }
        }
    }
    let (user, _) = user?;
    let query = read_query(section, &user, file, problems);
    if !CLAIMS.iter().any(|(key, _)| section.has(key)) && !section.has("query") {
        problems.add(file, section.line, "a test expects one of: sees, hidden, masked, raw, filtered, query");
    }
    Some(Kind::Test { user, claims, query })
}

fn parts_fit(claim: Claim, name: &str) -> Result<(), &'static str> {
    let parts: Vec<&str> = name.split('.').collect();
    let named = parts.iter().all(|part| !part.is_empty() && !part.contains('*'));
    let (lengths, expected) = match claim {
        Claim::Sees | Claim::Hidden => (2..=3, "schema.table or schema.table.column"),
        Claim::Masked | Claim::Raw => (3..=usize::MAX, "schema.table.column, or a field within it"),
        Claim::Filtered => (2..=2, "schema.table"),
    };
    if named && lengths.contains(&parts.len()) { Ok(()) } else { Err(expected) }
}

fn read_query(
    section: &mut Section<'_, '_>,
    user: &str,
    file: &str,
    problems: &mut Problems,
) -> Option<ExpectedAnswer> {
    let query = section.string("query", problems);
    let rows = section.rows("rows", problems);
    let error = section.string("error", problems);
    let given = usize::from(section.has("rows")) + usize::from(section.has("error"));
    if section.has("query") && given != 1 {
        problems.add(file, section.line, "`query` expects either `rows` or `error`, a SQLSTATE");
    }
    if !section.has("query") && given > 0 {
        problems.add(file, section.line, "`rows` and `error` belong to a `query`");
    }
    let outcome = match (rows, error) {
        (Some(rows), _) => Outcome::Rows(rows),
        (None, Some((code, _))) => Outcome::Error(code),
        (None, None) => return None,
    };
    Some(ExpectedAnswer { user: user.to_owned(), sql: query?.0, outcome })
}

fn read_prove(section: &mut Section<'_, '_>, origin: &Origin, tags: &Tags, problems: &mut Problems) -> Option<Kind> {
    let file = &*origin.file;
    let never = section.required_string("never", problems);
    let tag = section.string("tag", problems);
    let columns = section.strings("columns", "[\"schema.table.column\", ...]", problems);
    let unless = section.strings("unless", "[\"ROLE\", ...]", problems);
    let unless = role_names(file, &unless, problems);
    if section.has("tag") == section.has("columns") {
        problems.add(file, section.line, "expected either `tag` or `columns`");
    }
    let mut columns = patterns(origin, &columns, Pattern::of_column, problems);
    if let Some((tag, line)) = tag {
        match tags.of(&tag, origin) {
            Ok(tagged) => columns = tagged.columns.into_iter().chain(tagged.by_domains).collect(),
            Err(message) => problems.add(file, line, message),
        }
    }
    let (never, line) = never?;
    let never = match never.as_str() {
        "raw" => Sight::Raw,
        "visible" => Sight::Visible,
        other => {
            problems.add(file, line, format!("`never`: expected raw or visible, found `{other}`"));
            return None;
        }
    };
    Some(Kind::Prove { never, columns, unless })
}

/// Holds all tests of the set against its rules and the tables that there are.
pub(crate) fn verdicts(set: &PolicySet, inventory: &Inventory, shows_value: ShowsValue<'_>) -> Vec<Verdict> {
    let court = Court { set, inventory, shows_value };
    set.tests().iter().map(|test| court.judge(test)).collect()
}

struct Court<'a> {
    set: &'a PolicySet,
    inventory: &'a Inventory,
    shows_value: ShowsValue<'a>,
}

impl Court<'_> {
    fn judge(&self, test: &Arc<PolicyTest>) -> Verdict {
        let mut verdict = Verdict { test: Arc::clone(test), failures: Vec::new(), unchecked: Vec::new() };
        match &test.kind {
            Kind::Test { user, claims, .. } => match self.set.principal(user) {
                Some(principal) => {
                    claims.iter().for_each(|(claim, name, line)| {
                        self.hold(&principal, *claim, name, *line, &mut verdict);
                    });
                }
                None => {
                    let what = format!("unknown user `{user}`: users.toml has no [{user}]");
                    verdict.failures.push(Failure { line: test.line, what, about: None });
                }
            },
            Kind::Prove { never, columns, unless } => self.prove(*never, columns, unless, &mut verdict),
        }
        verdict
    }

    fn hold(&self, principal: &Principal, claim: Claim, name: &str, line: u32, verdict: &mut Verdict) {
        let parts: Vec<&str> = name.split('.').collect();
        let [schema, table, path @ ..] = parts.as_slice() else { return };
        if self.inventory.unreachable.contains(*schema) {
            return verdict.unchecked.push(name.to_owned());
        }
        let found = self.inventory.tables.iter().find(|t| t.schema == *schema && t.table == *table);
        let Some(found) = found.filter(|t| t.has(path)) else {
            let what = format!("`{name}` isn't there: no rule can be tested on it");
            // What isn't there may have another name by now.
            return verdict.failures.push(Failure { line, what, about: Some(About::schema(schema)) });
        };
        let grant = self.grant(principal, found);
        if let Some(wrong) = contradiction(claim, &grant, path, |mask| self.hides(mask, principal)) {
            let what = format!("user `{}` {wrong} {name}", principal.user);
            verdict.failures.push(Failure { line, what, about: Some(About::table(schema, table)) });
        }
    }

    /// Whether what a mask shows to a principal is another value.
    fn hides(&self, mask: &Mask, principal: &Principal) -> bool {
        match &mask.kind {
            MaskKind::Sql { expression, .. } => !(self.shows_value)(expression, principal),
            _ => true,
        }
    }

    fn grant(&self, principal: &Principal, table: &InventoryTable) -> Option<Grant> {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        match self.set.rights(principal).decide(&table.schema, &table.table, &columns) {
            Decision::Granted(grant) => Some(grant),
            Decision::Denied => None,
        }
    }

    fn prove(&self, never: Sight, columns: &[Placed], unless: &[(Arc<str>, u32)], verdict: &mut Verdict) {
        let excused = |roles: &BTreeSet<String>| unless.iter().any(|(role, _)| roles.contains(&**role));
        verdict.unchecked.extend(self.inventory.unreachable.iter().cloned());
        for table in &self.inventory.tables {
            let covering: Vec<&Placed> =
                columns.iter().filter(|placed| placed.pattern.covers(&table.schema, &table.table)).collect();
            if covering.is_empty() {
                continue;
            }
            for principal in self.everyone(table, &excused) {
                let grant = self.grant(&principal, table);
                for column in grant.iter().flat_map(|grant| &grant.columns) {
                    let paths = table.paths_of(&column.name);
                    let meant = paths.iter().filter(|path| covering.iter().any(|p| p.pattern.leads_along(path)));
                    let hides = |mask: &Mask| self.hides(mask, &principal);
                    let seen = meant.filter(|path| never == Sight::Visible || !is_masked(column, path, hides));
                    for path in seen {
                        let (who, how) = (described(&principal), if never == Sight::Raw { " raw" } else { "" });
                        let what = format!("{}.{}.{}", table.schema, table.table, path.join("."));
                        let about = Some(About::table(&table.schema, &table.table));
                        let what = format!("{who} sees {what}{how}");
                        verdict.failures.push(Failure { line: verdict.test.line, what, about });
                    }
                }
            }
        }
    }

    /// All users, and whoever else could come with roles from elsewhere: each role that bears on the table alone, two of
    /// them together, and all at once. Nobody who is excused.
    fn everyone(&self, table: &InventoryTable, excused: &dyn Fn(&BTreeSet<String>) -> bool) -> Vec<Principal> {
        let users = self.set.users().filter_map(|user| self.set.principal(user));
        let bearing: Vec<BTreeSet<String>> = self
            .set
            .roles_bearing_on(&table.schema, &table.table)
            .iter()
            .map(|role| self.set.with_inherited(role))
            .collect();
        let bearing: Vec<BTreeSet<String>> = bearing.into_iter().filter(|roles| !excused(roles)).collect();
        let mut sets: BTreeSet<BTreeSet<String>> = bearing.iter().cloned().collect();
        for (number, one) in bearing.iter().enumerate() {
            sets.extend(bearing[number + 1..].iter().map(|other| one | other));
        }
        sets.insert(bearing.iter().flatten().cloned().collect());
        let anonymous = |roles| Principal { user: String::new(), roles, attributes: Default::default() };
        users.chain(sets.into_iter().map(anonymous)).filter(|principal| !excused(&principal.roles)).collect()
    }
}

/// Why a claim doesn't hold, as a verb with its object to follow.
fn contradiction(
    claim: Claim,
    grant: &Option<Grant>,
    path: &[&str],
    hides: impl Fn(&Mask) -> bool,
) -> Option<&'static str> {
    let find = |name: &str| -> Option<&ColumnDecision> {
        grant.as_ref().and_then(|grant| grant.columns.iter().find(|column| column.name == name))
    };
    let shown = path.first().map(|column| find(column));
    let visible = shown.map_or(grant.is_some(), |shown| shown.is_some());
    let masked = shown.flatten().is_some_and(|column| column.is_masked(&path[1..], hides));
    match claim {
        Claim::Sees => (!visible).then_some("doesn't see"),
        Claim::Hidden => visible.then_some("sees"),
        Claim::Masked | Claim::Raw if !visible => Some("doesn't see"),
        Claim::Masked => (!masked).then_some("sees the raw values of"),
        Claim::Raw => masked.then_some("sees masked values of"),
        Claim::Filtered => match grant {
            None => Some("doesn't see"),
            Some(grant) => grant.filter.is_none().then_some("sees all rows of"),
        },
    }
}

/// The same as [`ColumnDecision::is_masked`], for the way from the table.
fn is_masked(column: &ColumnDecision, path: &[String], hides: impl Fn(&Mask) -> bool) -> bool {
    let within: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
    column.is_masked(&within, hides)
}

fn described(principal: &Principal) -> String {
    let roles: Vec<&str> = principal.roles.iter().map(String::as_str).collect();
    match (principal.user.as_str(), roles.as_slice()) {
        ("", [role]) => format!("role `{role}`"),
        ("", roles) => format!("whoever has the roles {}", roles.join(", ")),
        (user, _) => format!("user `{user}`"),
    }
}
