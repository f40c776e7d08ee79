//! FOR UPDATE and its kin: nothing is ever written here, so no row can be locked (`CheckSelectLocking` in analyze.c).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use pg_query::NodeEnum;
use pg_query::protobuf::{LockClauseStrength, LockingClause, Node, SelectStmt, SetOperation};

use super::expr::inner;
use super::scope::Cte;
use super::{Binder, Result, not_yet};
use crate::PlanError;
use crate::error::code;

/// What an item of FROM is to a locking clause.
enum Locked<'q> {
    Table,
    Query(&'q SelectStmt),
    /// What can't be locked.
    Other(&'static str),
}

impl Binder<'_> {
    /// A query that locks rows of tables is refused as a read-only transaction of PostgreSQL's refuses it; if there are none
    /// to lock, the clause means nothing.
    pub(super) fn check_locking(&self, query: &SelectStmt, ctes: &HashMap<String, Rc<Cte>>) -> Result<()> {
        let ctes: HashSet<&str> = ctes.keys().map(String::as_str).collect();
        let mut command = None;
        for node in &query.locking_clause {
            let NodeEnum::LockingClause(clause) = inner(Some(node))? else { return Err(not_yet("this locking")) };
            if !query.values_lists.is_empty() {
                let message = format!("{} cannot be applied to VALUES", strength(clause));
                return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, None));
            }
            let locks = self.locks_tables(query, clause, &ctes)?;
            command = command.or(locks.then_some(self::command(clause)));
        }
        match command {
            Some(what) => Err(PlanError::ReadOnly { what }),
            None => Ok(()),
        }
    }

    /// The sides of a set operation can't lock what they read.
    pub(super) fn no_locking_in(&self, side: &SelectStmt) -> Result<()> {
        match side.locking_clause.first().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::LockingClause(clause)) => {
                let message = format!("{} is not allowed with UNION/INTERSECT/EXCEPT", strength(clause));
                Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, None))
            }
            _ => Ok(()),
        }
    }

    fn locks_item(&self, item: &Locked<'_>, clause: &LockingClause, ctes: &HashSet<&str>) -> Result<bool> {
        match item {
            Locked::Table => Ok(true),
            Locked::Query(inside) => {
                self.locks_tables(inside, &LockingClause { locked_rels: Vec::new(), ..clause.clone() }, ctes)
            }
            Locked::Other(_) => Ok(false),
        }
    }

    fn locks_tables(&self, query: &SelectStmt, clause: &LockingClause, ctes: &HashSet<&str>) -> Result<bool> {
        let strength = strength(clause);
        let refused =
            |message: String, at: i32| Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(at)));
        if let Some(what) = without_rows_of_tables(query) {
            return refused(format!("{strength} is not allowed with {what}"), -1);
        }
        let mut ctes = ctes.clone();
        for node in query.with_clause.iter().flat_map(|with| &with.ctes) {
            if let Some(NodeEnum::CommonTableExpr(cte)) = &node.node {
                ctes.insert(&cte.ctename);
            }
        }
        let mut items = Vec::new();
        for node in &query.from_clause {
            locked(node, &ctes, &mut items);
        }
        let mut locks = false;
        if clause.locked_rels.is_empty() {
            for (_, item) in &items {
                locks |= self.locks_item(item, clause, &ctes)?;
            }
            return Ok(locks);
        }
        for node in &clause.locked_rels {
            let NodeEnum::RangeVar(named) = inner(Some(node))? else { return Err(not_yet("this locking")) };
            if !named.schemaname.is_empty() || !named.catalogname.is_empty() {
                let message = format!("{strength} must specify unqualified relation names");
                return Err(PlanError::Grammar { message, position: self.position(named.location) });
            }
            match items.iter().find(|(name, _)| *name == Some(named.relname.as_str())) {
                None => {
                    let name = &named.relname;
                    let message = format!("relation \"{name}\" in {strength} clause not found in FROM clause");
                    return Err(PlanError::refused(code::UNDEFINED_TABLE, message, self.position(named.location)));
                }
                Some((_, Locked::Other(what))) => {
                    return refused(format!("{strength} cannot be applied to {what}"), named.location);
                }
                Some((_, item)) => locks |= self.locks_item(item, clause, &ctes)?,
            }
        }
        Ok(locks)
    }
}

/// What a query has whose rows aren't those of its tables.
fn without_rows_of_tables(query: &SelectStmt) -> Option<&'static str> {
    let targets = || query.target_list.iter().filter_map(|node| node.node.as_ref());
    match () {
        () if SetOperation::try_from(query.op) != Ok(SetOperation::SetopNone) => Some("UNION/INTERSECT/EXCEPT"),
        () if !query.distinct_clause.is_empty() => Some("DISTINCT clause"),
        () if !query.group_clause.is_empty() => Some("GROUP BY clause"),
        () if query.having_clause.is_some() => Some("HAVING clause"),
        () if targets().any(|node| super::places::aggregate_call(node).is_some()) => Some("aggregate functions"),
        () if targets().any(|node| super::places::window_call(node).is_some()) => Some("window functions"),
        () if targets().any(|node| super::places::set_call(node).is_some()) => {
            Some("set-returning functions in the target list")
        }
        () => None,
    }
}

/// The items of FROM by the names that they have there.
fn locked<'q>(node: &'q Node, ctes: &HashSet<&str>, found: &mut Vec<(Option<&'q str>, Locked<'q>)>) {
    let named = |alias: &'q Option<pg_query::protobuf::Alias>| alias.as_ref().map(|alias| alias.aliasname.as_str());
    match &node.node {
        Some(NodeEnum::RangeVar(table)) => {
            let is_cte = table.schemaname.is_empty() && ctes.contains(table.relname.as_str());
            let item = if is_cte { Locked::Other("a WITH query") } else { Locked::Table };
            found.push((named(&table.alias).or(Some(&table.relname)), item));
        }
        Some(NodeEnum::RangeTableSample(sample)) => {
            if let Some(relation) = sample.relation.as_deref() {
                locked(relation, ctes, found);
            }
        }
        Some(NodeEnum::RangeSubselect(sub)) => {
            if let Some(NodeEnum::SelectStmt(query)) = sub.subquery.as_deref().and_then(|query| query.node.as_ref()) {
                found.push((named(&sub.alias), Locked::Query(query)));
            }
        }
        Some(NodeEnum::JoinExpr(join)) => {
            found.push((named(&join.alias), Locked::Other("a join")));
            for side in [&join.larg, &join.rarg].into_iter().flatten() {
                locked(side, ctes, found);
            }
        }
        Some(NodeEnum::RangeFunction(function)) => found.push((named(&function.alias), Locked::Other("a function"))),
        Some(NodeEnum::JsonTable(table)) => found.push((named(&table.alias), Locked::Other("a table function"))),
        _ => {}
    }
}

fn strength(clause: &LockingClause) -> &'static str {
    command(clause).trim_start_matches("SELECT ")
}

fn command(clause: &LockingClause) -> &'static str {
    match LockClauseStrength::try_from(clause.strength) {
        Ok(LockClauseStrength::LcsForkeyshare) => "SELECT FOR KEY SHARE",
        Ok(LockClauseStrength::LcsForshare) => "SELECT FOR SHARE",
        Ok(LockClauseStrength::LcsFornokeyupdate) => "SELECT FOR NO KEY UPDATE",
        _ => "SELECT FOR UPDATE",
    }
}
