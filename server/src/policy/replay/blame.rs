//! Because of which rules a table or column came or went: told by comparing the grants and denials of both states.

use weir_policies::{Rights, RuleRef};

/// Why a table that was there isn't any more.
pub fn table_lost(schema: &str, table: &str, old: &Rights, new: &Rights) -> String {
    lost(&format!("{schema}.{table}"), &|rights| rules(rights, schema, table, None), old, new)
}

/// The same for a column of a table that is still there.
pub fn column_lost(schema: &str, table: &str, column: &str, old: &Rights, new: &Rights) -> String {
    lost(&format!("{schema}.{table}.{column}"), &|rights| rules(rights, schema, table, Some(column)), old, new)
}

/// Why a column is there that wasn't.
pub fn column_gained(schema: &str, table: &str, column: &str, old: &Rights, new: &Rights) -> String {
    let [before, after] = [old, new].map(|rights| rules(rights, schema, table, Some(column)));
    let what = format!("{schema}.{table}.{column}");
    match (more(&after.grants, &before.grants), more(&before.denials, &after.denials)) {
        (Some(grants), _) => format!("{what} is granted by {grants}"),
        (None, Some(denials)) => format!("{what} was denied by {denials}"),
        (None, None) => format!("{what} is visible"),
    }
}

struct Bearing {
    grants: Vec<RuleRef>,
    denials: Vec<RuleRef>,
}

fn rules(rights: &Rights, schema: &str, table: &str, column: Option<&str>) -> Bearing {
    Bearing { grants: rights.grants(schema, table, column), denials: rights.denials(schema, table, column) }
}

fn lost(what: &str, rules: &dyn Fn(&Rights) -> Bearing, old: &Rights, new: &Rights) -> String {
    let (before, after) = (rules(old), rules(new));
    match (more(&after.denials, &before.denials), more(&before.grants, &after.grants)) {
        (Some(denials), _) => format!("{what} is denied by {denials}"),
        (None, Some(grants)) => format!("{what} was granted by {grants}"),
        (None, None) => format!("{what} is no longer visible"),
    }
}

/// Rules that `these` have more than `those`, wherever they stand; none if there is none.
fn more(these: &[RuleRef], those: &[RuleRef]) -> Option<String> {
    let more = these.iter().filter(|rule| !those.iter().any(|other| other.name == rule.name));
    let more: Vec<String> = more.map(|rule| format!("{} ({}:{})", rule.name, rule.file, rule.line)).collect();
    (!more.is_empty()).then(|| more.join(", "))
}

#[cfg(test)]
mod tests {
    use weir_policies::PolicySet;

    use super::*;

    fn rights_of_ana(rules: &str) -> std::sync::Arc<Rights> {
        let files = [("policy.csv", format!("{rules}g, ana, role:a\n")), ("users.toml", "[ana]\n".to_owned())];
        let set = PolicySet::from_files(files.map(|(name, text)| (name.to_owned(), text.into_bytes()))).unwrap();
        set.rights(&set.principal("ana").unwrap())
    }

    #[test]
    fn a_denial_goes_before_a_grant_that_is_gone() {
        let old = rights_of_ana("p, role:a, lake.orders, select\np, role:b, lake.orders, select\n");
        let denied = rights_of_ana("p, role:a, lake.orders, select\np, role:a, lake.orders.total, select, deny\n");
        let gone = rights_of_ana("p, role:a, lake.orders.id, select\n");
        assert_eq!(
            column_lost("lake", "orders", "total", &old, &denied),
            "lake.orders.total is denied by role:a lake.orders.total (policy.csv:2)"
        );
        assert_eq!(
            column_lost("lake", "orders", "total", &old, &gone),
            "lake.orders.total was granted by role:a lake.orders (policy.csv:1)"
        );
        assert_eq!(
            column_gained("lake", "orders", "total", &denied, &old),
            "lake.orders.total was denied by role:a lake.orders.total (policy.csv:2)"
        );
        let nothing = rights_of_ana("p, role:b, lake.orders, select\n");
        assert_eq!(
            table_lost("lake", "orders", &old, &nothing),
            "lake.orders was granted by role:a lake.orders (policy.csv:1)"
        );
    }
}
