//! Rules from a seed: every set of them is accepted.

use super::selecting::Selecting;
use super::{Filter, Grant, Link, Object, ROLES, Rules, USERS, User};
use crate::generated::data::{COMMON, Column, SCHEMAS, TEAMS, Table, granted_name};
use crate::generated::expression::{Expressions, Scope};
use crate::generated::folder::quoted;
use crate::generated::seeded::Seeded;

/// How often other roles are looked for that a filter may bind.
const TRIES: usize = 12;

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
        rules.keep_open(random, tables);
        rules.mask(random, tables);
        rules
    }

    /// Binds filters to others where Weir would keep a table closed.
    fn keep_open(&mut self, random: &mut Seeded, tables: &[Table]) {
        for tries in 0.. {
            let Some(number) = self.closing(tables) else { return };
            let mut filter = self.filters[number].clone();
            // What binds everyone closes nothing.
            filter.roles = if tries < TRIES { bound(random) } else { Vec::new() };
            self.bind_behind(&mut filter, tables);
            self.filters[number] = filter;
        }
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

    /// The roles that a user or role has, through others, too.
    pub(super) fn behind(&self, role: &str) -> Vec<&str> {
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
        _ => Object {
            schema,
            table: name,
            column: Some(granted_name(&random.pick(&table.all_columns()).name).to_owned()),
        },
    };
    // A denial of everything leaves nothing to compare.
    let denies = object.schema.is_some() && random.chance(if object.column.is_some() { 30 } else { 4 });
    Grant { subject: subject.to_owned(), object, denies }
}

/// One of the tables, or all of a schema, or all: then with the columns that all tables have.
pub(super) fn place(random: &mut Seeded, tables: &[Table]) -> (Object, Vec<Column>) {
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
    let roles = if random.chance(25) { Vec::new() } else { bound(random) };
    // One that decides on all tables soon leaves nothing.
    let condition = match random.chance(if object.table.is_some() { 45 } else { 20 }) {
        true => Selecting::new(random, tables, object.table.as_deref(), &columns).condition(),
        false => {
            let named = |column: &Column| Column { name: quoted(&column.name), ..column.clone() };
            let scope =
                Scope { columns: columns.iter().map(named).collect(), roles: ROLES.map(str::to_owned).to_vec() };
            let depth = 1 + random.below(3);
            Expressions { random, failing: None, aggregated: false, unbounded: false }.predicate(&scope, depth)
        }
    };
    Filter { object, roles, condition }
}

fn bound(random: &mut Seeded) -> Vec<String> {
    random.some(&ROLES, 35).into_iter().map(|role| (*role).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::data;
    use crate::generated::rules::With;
    use crate::generated::sql::Dialect;

    #[test]
    fn every_kind_of_rule_comes_up() {
        let sets: Vec<(Vec<Table>, Rules)> = (0..100)
            .map(|seed| {
                let random = Seeded::new(seed);
                let tables = data::tables(&mut random.part(1), 2, 4);
                let rules = Rules::generated(&mut random.part(2), &tables);
                (tables, rules)
            })
            .collect();
        let closed = sets.iter().filter(|(tables, rules)| rules.closing(tables).is_some()).count();
        assert_eq!(closed, 0);
        let conditions: String = sets
            .iter()
            .flat_map(|(_, rules)| &rules.filters)
            .map(|filter| filter.condition.written(Dialect::Weir) + "\n")
            .collect();
        for part in
            [" IN (SELECT", " NOT IN (SELECT", "(EXISTS (", "(NOT EXISTS (", "(SELECT max(", " JOIN ", "\"r\"['f0']"]
        {
            assert!(conditions.contains(part), "{part} in\n{conditions}");
        }
        let masks: Vec<_> = sets.iter().flat_map(|(_, rules)| &rules.masks).collect();
        for with in [With::Hash, With::Email, With::Ip] {
            let is_one = |found: &With| std::mem::discriminant(found) == std::mem::discriminant(&with);
            assert!(masks.iter().any(|mask| is_one(&mask.with) && mask.tag.is_some()), "{with:?}");
        }
        let field = |column: &Option<String>| column.as_deref().is_some_and(|column| column.starts_with("r."));
        assert!(masks.iter().any(|mask| mask.objects.iter().any(|object| field(&object.column))));
    }
}
