//! Generated policies: roles that inherit, grants and denials on everything down to a column, row filters for roles and
//! for everyone, which may read other tables, masks with exceptions, of columns that they name or that carry a tag.

mod closing;
mod files;
mod made;
mod masking;
mod selecting;

use super::data::{Table, granted_name};
use super::folder::literal;
use super::sql::Sql;

/// A policy set.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub users: Vec<User>,
    pub links: Vec<Link>,
    pub grants: Vec<Grant>,
    pub filters: Vec<Filter>,
    pub tags: Vec<Tag>,
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

/// A name for columns.
#[derive(Debug, Clone)]
pub struct Tag {
    pub name: String,
    pub objects: Vec<Object>,
}

#[derive(Debug, Clone)]
pub struct Mask {
    /// The tag whose columns it covers, if it doesn't name them itself.
    pub tag: Option<String>,
    /// The columns either way; one that is `None` stands for columns of any name.
    pub objects: Vec<Object>,
    pub unless: Vec<String>,
    pub with: With,
}

#[derive(Debug, Clone)]
pub enum With {
    Null,
    Hash,
    Email,
    Ip,
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

    /// Whether it covers a column, or the record of which the column is a field.
    pub fn covers_column(&self, table: &Table, column: &str) -> bool {
        let named = [column, granted_name(column)];
        self.covers(table) && self.column.as_ref().is_none_or(|own| named.contains(&own.as_str()))
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
    /// Who of all users and roles grants the column itself.
    pub fn grantors(&self, table: &Table, column: &str) -> Vec<&str> {
        let grants = self.grants.iter().filter(|grant| !grant.denies && grant.object.covers_column(table, column));
        let mut subjects: Vec<&str> = grants.map(|grant| grant.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }

    /// Whether any filter's sub-selects read a table.
    pub fn read(&self, table: &Table) -> bool {
        self.filters.iter().any(|filter| filter.reads(table))
    }

    /// Whether any mask is a hash.
    pub fn hash(&self) -> bool {
        self.masks.iter().any(|mask| matches!(mask.with, With::Hash))
    }
}

impl Filter {
    /// Whether its sub-selects read a table.
    pub fn reads(&self, table: &Table) -> bool {
        self.condition.tables().contains(&(table.schema, table.name.as_str()))
    }
}

pub fn is_role(name: &str) -> bool {
    ROLES.contains(&name)
}

pub fn roles() -> impl Iterator<Item = &'static str> {
    ROLES.into_iter()
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
