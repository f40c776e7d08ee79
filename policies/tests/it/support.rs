//! Short ways to a policy set and its decisions.

use std::collections::BTreeMap;

use weir_policies::{
    Decision, Grant, Inventory, InventoryTable, PolicyError, PolicySet, Principal, Rights, RowCondition,
};

/// A password verifier in the right form; no test logs in with it.
pub const SCRAM: &str = "SCRAM-SHA-256$4096:QSXCR+Q6sek8bf92QSXCRw==$\
    6dlGYMOdZcOPutkcNY8U2g7vK9Y1YGNTa5Xi1Tds4QE=:D+CSWLOshSulAsxiupA+qs2/fTE3Is2QCcSuEsL8lzo=";

/// The three columns of every table in these tests, unless a test has its own.
pub const COLUMNS: [&str; 3] = ["id", "email", "total"];

pub type Files = BTreeMap<&'static str, String>;

/// A set of the files that `text` holds, each begun by a line `== NAME`.
pub fn files(text: &'static str) -> Files {
    let text = text.strip_prefix("== ").expect("a file's name").trim_end_matches('\n');
    let parts = text.split("\n== ").map(|part| part.split_once('\n').unwrap_or((part, "")));
    parts.map(|(name, content)| (name, format!("{content}\n"))).collect()
}

pub fn try_load(files: &Files) -> Result<PolicySet, Vec<PolicyError>> {
    PolicySet::from_files(files.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())))
}

pub fn load(text: &'static str) -> PolicySet {
    try_load(&files(text)).unwrap_or_else(|errors| panic!("refused: {}", lines(&errors)))
}

/// All mistakes as text, one per line; loading must fail.
pub fn mistakes(text: &'static str) -> String {
    lines(&try_load(&files(text)).expect_err("refused"))
}

pub fn lines(errors: &[PolicyError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A principal with exactly these roles.
pub fn principal(user: &str, roles: &[&str]) -> Principal {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Principal { user: user.to_owned(), roles, attributes: BTreeMap::new() }
}

pub fn rights(set: &PolicySet, roles: &[&str]) -> std::sync::Arc<Rights> {
    set.rights(&principal("someone", roles))
}

pub fn decide(set: &PolicySet, roles: &[&str], table: &str) -> Decision {
    let (schema, table) = table.split_once('.').expect("schema.table");
    rights(set, roles).decide(schema, table, &COLUMNS)
}

pub fn grant(set: &PolicySet, roles: &[&str], table: &str) -> Grant {
    match decide(set, roles, table) {
        Decision::Granted(grant) => grant,
        Decision::Denied => panic!("{table} is denied to {roles:?}"),
    }
}

/// The visible columns, or `denied`.
pub fn sees(set: &PolicySet, roles: &[&str], table: &str) -> String {
    match decide(set, roles, table) {
        Decision::Denied => "denied".to_owned(),
        Decision::Granted(grant) => grant.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(" "),
    }
}

/// A condition as text: `(a & b)`, `(a | b)`, or `all rows`.
pub fn show(condition: Option<&RowCondition>) -> String {
    fn write(condition: &RowCondition) -> String {
        let join = |parts: &[RowCondition], with: &str| {
            format!("({})", parts.iter().map(write).collect::<Vec<_>>().join(with))
        };
        match condition {
            RowCondition::All(parts) => join(parts, " & "),
            RowCondition::Any(parts) => join(parts, " | "),
            RowCondition::Filter(filter) => filter.condition.to_string(),
        }
    }
    condition.map_or("all rows".to_owned(), write)
}

/// An inventory of tables `schema.table` with the usual columns.
pub fn inventory(tables: &[&str]) -> Inventory {
    let table = |name: &&str| {
        let (schema, table) = name.split_once('.').expect("schema.table");
        let columns = COLUMNS.map(str::to_owned).to_vec();
        InventoryTable { schema: schema.to_owned(), table: table.to_owned(), columns, fields: Vec::new() }
    };
    Inventory { tables: tables.iter().map(table).collect(), ..Inventory::default() }
}
