//! Generated policies: roles that inherit, grants and denials on everything down to a column, row filters for roles and
//! for everyone, masks with exceptions.

mod made;

use std::fmt::Write as _;

use super::data::Table;
use super::folder::literal;
use super::sql::{Dialect, Sql};
use crate::weir::Setup;

/// A policy set.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub users: Vec<User>,
    pub links: Vec<Link>,
    pub grants: Vec<Grant>,
    pub filters: Vec<Filter>,
    /// In order: the first that fits applies.
    pub masks: Vec<Mask>,
}

/// A user with attributes; one that is `None` the user lacks.
#[derive(Debug, Clone)]
pub struct User {
    pub name: String,
    pub team: Option<String>,
    pub level: Option<i64>,
    pub teams: Option<Vec<String>>,
}

/// `member`, a user or role, has `role` and whatever that has.
#[derive(Debug, Clone)]
pub struct Link {
    pub member: String,
    pub role: String,
}

#[derive(Debug, Clone)]
pub struct Grant {
    /// A user or role.
    pub subject: String,
    pub object: Object,
    pub denies: bool,
}

/// What a rule covers; `None` stands for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub schema: Option<&'static str>,
    pub table: Option<String>,
    pub column: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Filter {
    pub object: Object,
    /// Whom it binds; none named: everyone.
    pub roles: Vec<String>,
    pub condition: Sql,
}

#[derive(Debug, Clone)]
pub struct Mask {
    /// Where the column is `None`, the mask is for columns of any name.
    pub object: Object,
    pub unless: Vec<String>,
    pub with: With,
}

#[derive(Debug, Clone)]
pub enum With {
    Null,
    Redact {
        text: String,
    },
    Partial {
        keep_first: i64,
        keep_last: i64,
    },
    Truncate {
        to: &'static str,
    },
    Bucket {
        size: i64,
    },
    /// Over `value`.
    Sql {
        expression: Sql,
    },
}

const ROLES: [&str; 6] = ["r0", "r1", "r2", "r3", "r4", "r5"];
pub const USERS: [&str; 5] = ["u0", "u1", "u2", "u3", "u4"];

impl Object {
    pub fn covers(&self, table: &Table) -> bool {
        self.schema.is_none_or(|schema| schema == table.schema) && self.table.as_ref().is_none_or(|t| *t == table.name)
    }

    pub fn covers_column(&self, table: &Table, column: &str) -> bool {
        self.covers(table) && self.column.as_ref().is_none_or(|own| own == column)
    }

    /// As a grant names it.
    fn granted(&self) -> String {
        let table = format!("{}.{}", self.schema.unwrap_or("*"), self.table.as_deref().unwrap_or("*"));
        self.column.as_ref().map_or(table.clone(), |column| format!("{table}.{column}"))
    }

    /// As a mask names it.
    fn masked(&self) -> String {
        let part = |part: Option<&str>| part.unwrap_or("*").to_owned();
        format!("{}.{}.{}", part(self.schema), part(self.table.as_deref()), part(self.column.as_deref()))
    }
}

impl Rules {
    /// The rules as policy files, with their users.
    pub fn files(&self, setup: Setup) -> Setup {
        let with_users = self.users.iter().fold(setup, |setup, user| setup.user(&user.name, &user.attributes(), &[]));
        with_users
            .policy("policy.csv", &self.policy_csv())
            .policy("rows.toml", &self.rows_toml())
            .policy("masks.toml", &self.masks_toml())
    }

    /// All files in one text, to be read.
    pub fn text(&self) -> String {
        let users: String = self.users.iter().map(|user| format!("[{}]\n{}", user.name, user.attributes())).collect();
        format!("{users}\n{}\n{}\n{}", self.policy_csv(), self.rows_toml(), self.masks_toml())
    }

    fn policy_csv(&self) -> String {
        let mut text = String::new();
        for grant in &self.grants {
            let effect = if grant.denies { ", deny" } else { "" };
            let _ = writeln!(text, "p, {}, {}, select{effect}", subject(&grant.subject), grant.object.granted());
        }
        for Link { member, role } in &self.links {
            let _ = writeln!(text, "g, {}, {}", subject(member), subject(role));
        }
        text
    }

    fn rows_toml(&self) -> String {
        let mut text = String::new();
        for (number, filter) in self.filters.iter().enumerate() {
            let roles = if filter.roles.is_empty() { vec!["*".to_owned()] } else { filter.roles.clone() };
            let condition = filter.condition.written(Dialect::Weir);
            let _ = write!(text, "[[filter]]\nname = \"f{number}\"\ntables = [\"{}\"]\n", filter.object.granted());
            let _ = writeln!(text, "roles = {roles:?}\nwhere = {}", toml_text(&condition));
        }
        text
    }

    fn masks_toml(&self) -> String {
        let mut text = String::new();
        for (number, mask) in self.masks.iter().enumerate() {
            let _ = write!(text, "[[mask]]\nname = \"m{number}\"\ncolumns = [\"{}\"]\n", mask.object.masked());
            if !mask.unless.is_empty() {
                let _ = writeln!(text, "unless = {:?}", mask.unless);
            }
            let _ = writeln!(text, "{}", mask.with.keys());
        }
        text
    }
}

impl User {
    fn attributes(&self) -> String {
        let mut text = String::new();
        if let Some(team) = &self.team {
            let _ = writeln!(text, "team = {team:?}");
        }
        if let Some(level) = self.level {
            let _ = writeln!(text, "level = {level}");
        }
        if let Some(teams) = &self.teams {
            let _ = writeln!(text, "teams = {teams:?}");
        }
        text
    }
}

impl With {
    fn keys(&self) -> String {
        match self {
            With::Null => "with = \"null\"".to_owned(),
            With::Redact { text } => format!("with = \"redact\"\ntext = {}", toml_text(text)),
            With::Partial { keep_first, keep_last } => {
                format!("with = \"partial\"\nkeep_first = {keep_first}\nkeep_last = {keep_last}")
            }
            With::Truncate { to } => format!("with = \"truncate\"\nto = \"{to}\""),
            With::Bucket { size } => format!("with = \"bucket\"\nsize = {size}"),
            With::Sql { expression } => {
                format!("with = \"sql\"\nexpression = {}", toml_text(&expression.written(Dialect::Weir)))
            }
        }
    }
}

pub fn is_role(name: &str) -> bool {
    ROLES.contains(&name)
}

pub fn roles() -> impl Iterator<Item = &'static str> {
    ROLES.into_iter()
}

fn subject(name: &str) -> String {
    if is_role(name) { format!("role:{name}") } else { name.to_owned() }
}

/// A basic string of TOML: generated texts hold no control characters.
fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A user's attributes as rows of the oracle's table of them: user, name, text, number, list.
pub fn attribute_rows(user: &User) -> Vec<String> {
    let name = literal(&user.name);
    let team = user.team.iter().map(|team| format!("({name}, 'team', {}, NULL, NULL)", literal(team)));
    let level = user.level.iter().map(|level| format!("({name}, 'level', NULL, {level}, NULL)"));
    let list = |teams: &Vec<String>| teams.iter().map(|team| literal(team)).collect::<Vec<_>>().join(", ");
    let teams = user.teams.iter().map(|teams| format!("({name}, 'teams', NULL, NULL, ARRAY[{}]::text[])", list(teams)));
    team.chain(level).chain(teams).collect()
}
