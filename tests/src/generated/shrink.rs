//! Makes a failing statement smaller while it still fails.

use super::data::Kind;
use super::sql::Sql;

/// Tries of one shrinking: each asks both servers.
const TRIES: usize = 400;

/// The smallest statement found that `fails` holds for, which it does for `sql`.
pub fn shrunk(sql: &Sql, mut fails: impl FnMut(&Sql) -> bool) -> Sql {
    let mut smallest = sql.clone();
    let mut tries = 0;
    let mut place = 0;
    while let Some(candidates) = candidates(&smallest, place) {
        let found = candidates.into_iter().find(|candidate| {
            tries += 1;
            tries <= TRIES && fails(candidate)
        });
        // What took its place may get smaller still.
        match found {
            Some(smaller) => smallest = smaller,
            None => place += 1,
        }
    }
    smallest
}

/// The statement with the piece at `place`, counted from the root down, replaced by each of what could stand there; none
/// behind the last piece.
fn candidates(sql: &Sql, place: usize) -> Option<Vec<Sql>> {
    let mut left = place;
    let piece = find(sql, &mut left)?;
    Some(simpler(piece).into_iter().map(|smaller| replaced(sql, &mut { place }, &smaller)).collect())
}

fn find<'a>(sql: &'a Sql, place: &mut usize) -> Option<&'a Sql> {
    if *place == 0 {
        return Some(sql);
    }
    *place -= 1;
    match sql {
        Sql::Sequence(parts) => parts.iter().find_map(|part| find(part, place)),
        Sql::Value { inner, .. } | Sql::Optional(inner) | Sql::Order(inner) => find(inner, place),
        Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } | Sql::Selecting { .. } => None,
    }
}

fn simpler(sql: &Sql) -> Vec<Sql> {
    match sql {
        Sql::Optional(_) | Sql::Order(_) => vec![Sql::Sequence(Vec::new())],
        Sql::Value { kind, inner } => {
            let mut found = Vec::new();
            nearest(inner, *kind, &mut found);
            let constant = constant(*kind);
            if !found.contains(&constant) && **inner != constant {
                found.push(constant);
            }
            found
        }
        Sql::Sequence(_) => Vec::new(),
        // What a rule says stays as it is.
        Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } | Sql::Selecting { .. } => Vec::new(),
    }
}

/// The uppermost expressions of the kind below a piece.
fn nearest(sql: &Sql, wanted: Kind, found: &mut Vec<Sql>) {
    match sql {
        Sql::Value { kind, .. } if *kind == wanted => found.push(sql.clone()),
        Sql::Sequence(parts) => parts.iter().for_each(|part| nearest(part, wanted, found)),
        Sql::Value { inner, .. } | Sql::Optional(inner) | Sql::Order(inner) => nearest(inner, wanted, found),
        Sql::Text(_) | Sql::Table { .. } | Sql::Attribute { .. } | Sql::Selecting { .. } => {}
    }
}

fn constant(kind: Kind) -> Sql {
    match kind {
        Kind::Bool => Sql::text("true"),
        Kind::Int => Sql::text("1"),
        Kind::Text => Sql::text("'a'"),
        _ => Sql::Text(format!("CAST(NULL AS {})", kind.sql_name())),
    }
}

fn replaced(sql: &Sql, place: &mut usize, smaller: &Sql) -> Sql {
    if *place == 0 {
        *place = usize::MAX;
        return smaller.clone();
    }
    *place -= usize::from(*place != usize::MAX);
    let mut inside = |inner: &Sql| Box::new(replaced(inner, place, smaller));
    match sql {
        Sql::Sequence(parts) => Sql::Sequence(parts.iter().map(|part| *inside(part)).collect()),
        Sql::Value { kind, inner } => Sql::Value { kind: *kind, inner: inside(inner) },
        Sql::Optional(inner) => Sql::Optional(inside(inner)),
        Sql::Order(inner) => Sql::Order(inside(inner)),
        leaf => leaf.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::sql::Dialect;
    use crate::sql;

    #[test]
    fn only_what_fails_is_left() {
        let flag = || Sql::value(Kind::Bool, [sql!["b"]]);
        let both = Sql::value(Kind::Bool, [sql!["(", flag(), " AND x < 3)"]]);
        let statement =
            sql!["SELECT 1", Sql::optional([sql![" WHERE ", both]]), Sql::Order(Box::new(sql![" ORDER BY 1"]))];
        let written = |sql: &Sql| sql.written(Dialect::Weir);
        let small = shrunk(&statement, |candidate| written(candidate).contains('b'));
        assert_eq!(written(&small), "SELECT 1 WHERE b");
        assert_eq!(written(&shrunk(&statement, |_| true)), "SELECT 1");
        assert_eq!(shrunk(&statement, |_| false), statement);
    }
}
