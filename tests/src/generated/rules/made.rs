//! Rules from a seed: every set of them is accepted.

use super::{Filter, Grant, Link, Mask, Object, ROLES, Rules, USERS, User, With};
use crate::generated::data::{COMMON, Column, Kind, SCHEMAS, TEAMS, Table};
use crate::generated::expression::{Expressions, Scope};
use crate::generated::seeded::Seeded;
use crate::generated::sql::Sql;

/// What a moment is truncated to, and from the third on a date, too.
const PERIODS: [&str; 7] = ["minute", "hour", "day", "week", "month", "quarter", "year"];

impl Rules {
    /// Rules over the tables that make sense of them: every one is accepted.
    pub fn generated(random: &mut Seeded, tables: &[Table]) -> Self {
        let mut rules = Rules { users: USERS.iter().map(|name| user(random, name)).collect(), ..Rules::default() };
        // A role inherits only from ones behind it: never from itself.
        for (number, role) in ROLES.iter().enumerate() {
            for _ in 0..1 + random.below(3) {
                rules.grants.push(grant(random, role, tables));
            }
            let parents = random.some(&ROLES[number + 1..], 15).into_iter().map(|parent| link(role, parent));
            rules.links.extend(parents);
        }
        for name in USERS {
            let mut roles = random.some(&ROLES, 30);
            roles.push(random.pick(&ROLES));
            roles.sort_unstable();
            roles.dedup();
            rules.links.extend(roles.into_iter().map(|role| link(name, role)));
            if random.chance(20) {
                rules.grants.push(grant(random, name, tables));
            }
        }
        for _ in 0..random.below(8) {
            let mut filter = filter(random, tables);
            rules.bind_behind(&mut filter, tables);
            rules.filters.push(filter);
        }
        for _ in 0..random.below(7) {
            rules.masks.extend(mask(random, tables));
        }
        rules
    }

    /// A filter that names a role must name those, too, through which alone that role sees one of its tables.
    fn bind_behind(&self, filter: &mut Filter, tables: &[Table]) {
        let covered: Vec<&Table> = tables.iter().filter(|table| filter.object.covers(table)).collect();
        let mut looked_at = 0;
        while let Some(role) = filter.roles.get(looked_at).cloned() {
            looked_at += 1;
            let blind = covered.iter().filter(|table| !self.grants(&role, table));
            let behind: Vec<&str> = blind
                .flat_map(|table| self.behind(&role).into_iter().filter(|other| self.grants(other, table)))
                .collect();
            for other in behind {
                if !filter.roles.iter().any(|role| role == other) {
                    filter.roles.push(other.to_owned());
                }
            }
        }
    }

    /// Whether the role itself grants anything of the table.
    fn grants(&self, role: &str, table: &Table) -> bool {
        self.grants.iter().any(|grant| !grant.denies && grant.subject == role && grant.object.covers(table))
    }

    /// The roles that a role has, through others, too.
    fn behind(&self, role: &str) -> Vec<&str> {
        let parents = self.links.iter().filter(|link| link.member == role);
        parents.flat_map(|link| [vec![link.role.as_str()], self.behind(&link.role)].concat()).collect()
    }
}

fn user(random: &mut Seeded, name: &str) -> User {
    let team = |random: &mut Seeded| (*random.pick(&TEAMS)).to_owned();
    User {
        name: name.to_owned(),
        team: random.chance(80).then(|| team(random)),
        level: random.chance(80).then(|| random.between(0, 10)),
        teams: random.chance(80).then(|| (0..random.below(4)).map(|_| team(random)).collect()),
    }
}

fn link(member: &str, role: &str) -> Link {
    Link { member: member.to_owned(), role: role.to_owned() }
}

fn grant(random: &mut Seeded, subject: &str, tables: &[Table]) -> Grant {
    let table = random.pick(tables);
    let (schema, name) = (Some(table.schema), Some(table.name.clone()));
    let object = match random.below(20) {
        0 | 1 => Object { schema: None, table: None, column: None },
        2..7 => Object { schema, table: None, column: None },
        7..13 => Object { schema, table: name, column: None },
        _ => Object { schema, table: name, column: Some(random.pick(&table.all_columns()).name.clone()) },
    };
    // A denial of everything leaves nothing to compare.
    let denies = object.schema.is_some() && random.chance(if object.column.is_some() { 30 } else { 4 });
    Grant { subject: subject.to_owned(), object, denies }
}

/// One of the tables, or all of a schema, or all: then with the columns that all tables have.
fn place(random: &mut Seeded, tables: &[Table]) -> (Object, Vec<Column>) {
    let table = random.pick(tables);
    let common = COMMON.map(|(name, kind)| Column { name: name.to_owned(), kind }).to_vec();
    match random.below(10) {
        0 | 1 => (Object { schema: None, table: None, column: None }, common),
        2 | 3 => (Object { schema: Some(*random.pick(&SCHEMAS)), table: None, column: None }, common),
        _ => {
            (Object { schema: Some(table.schema), table: Some(table.name.clone()), column: None }, table.all_columns())
        }
    }
}

fn filter(random: &mut Seeded, tables: &[Table]) -> Filter {
    let (object, columns) = place(random, tables);
    let roles: Vec<String> = match random.chance(25) {
        true => Vec::new(),
        false => random.some(&ROLES, 35).into_iter().map(|role| (*role).to_owned()).collect(),
    };
    let scope = Scope { columns, roles: ROLES.map(str::to_owned).to_vec() };
    let depth = 1 + random.below(3);
    let condition = Expressions { random, failing: None, aggregated: false }.predicate(&scope, depth);
    Filter { object, roles, condition }
}

fn mask(random: &mut Seeded, tables: &[Table]) -> Option<Mask> {
    let (mut object, columns) = place(random, tables);
    let column = random.pick(&columns).clone();
    let unless = random.some(&ROLES, 20).into_iter().map(|role| (*role).to_owned()).collect();
    if object.table.is_some() && random.chance(5) {
        // Of every type, only NULL is.
        return Some(Mask { object, unless, with: With::Null });
    }
    object.column = Some(column.name);
    let with = with(random, column.kind)?;
    Some(Mask { object, unless, with })
}

fn with(random: &mut Seeded, kind: Kind) -> Option<With> {
    Some(match random.below(6) {
        0 => With::Null,
        1 => With::Sql { expression: mask_expression(random, kind) },
        _ => match kind {
            Kind::Text if random.chance(40) => With::Redact { text: "***".to_owned() },
            Kind::Text => With::Partial { keep_first: random.between(0, 3), keep_last: random.between(0, 2) },
            Kind::Int | Kind::Long | Kind::Money | Kind::Real => With::Bucket { size: *random.pick(&[1, 2, 5, 10]) },
            Kind::Date => With::Truncate { to: PERIODS[2 + random.below(PERIODS.len() - 2)] },
            Kind::Moment => With::Truncate { to: PERIODS[random.below(PERIODS.len())] },
            Kind::Bool => return None,
        },
    })
}

/// An expression over `value`; `literal` keeps it apart from words of SQL.
fn mask_expression(random: &mut Seeded, kind: Kind) -> Sql {
    let scope = Scope { columns: vec![Column { name: "value".to_owned(), kind }], roles: Vec::new() };
    let depth = 1 + random.below(3);
    Expressions { random, failing: None, aggregated: false }.value(&scope, kind, depth)
}
