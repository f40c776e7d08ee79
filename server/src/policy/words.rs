//! Rules in words.

use weir_planner::permit::spelled;
use weir_policies::{FilterRule, MaskKind, Principal, RowCondition};

/// How many names a message lists.
const MAX_NAMED: usize = 20;

/// What a mask leaves of a value.
pub fn mask(kind: &MaskKind) -> String {
    match kind {
        MaskKind::Null => "NULL for every value".to_owned(),
        MaskKind::Redact { text } => format!("'{text}' for every value"),
        MaskKind::Hash => "a keyed hash, the same for equal values".to_owned(),
        MaskKind::Partial { keep_first, keep_last: 0 } => format!("the first {keep_first} characters"),
        MaskKind::Partial { keep_first: 0, keep_last } => format!("the last {keep_last} characters"),
        MaskKind::Partial { keep_first, keep_last } => {
            format!("the first {keep_first} and the last {keep_last} characters")
        }
        MaskKind::Email => "the domain of the e-mail address".to_owned(),
        MaskKind::Ip => "the network of the IP address".to_owned(),
        MaskKind::Truncate { to } => format!("the beginning of its {to}"),
        MaskKind::Bucket { size } => format!("the multiple of {size} at or below it"),
        MaskKind::Sql { expression, .. } => format!("the SQL expression {expression}"),
    }
}

/// A condition as SQL with the principal's values in place.
pub fn condition(condition: &RowCondition, principal: &Principal) -> String {
    let each = |parts: &[RowCondition], word: &str| {
        let part = |part: &RowCondition| format!("({})", self::condition(part, principal));
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    };
    match condition {
        RowCondition::All(parts) if parts.is_empty() => "true".to_owned(),
        RowCondition::Any(parts) if parts.is_empty() => "false".to_owned(),
        RowCondition::All(parts) => each(parts, " AND "),
        RowCondition::Any(parts) => each(parts, " OR "),
        RowCondition::Filter(filter) => filter_sql(filter, principal),
    }
}

/// A filter with its place, how it reads for the principal, and how it is written where that differs.
pub fn filter(filter: &FilterRule, principal: &Principal) -> String {
    let sql = filter_sql(filter, principal);
    let place = format!("filter \"{}\" ({}:{})", filter.name, filter.file, filter.line);
    let mut text = match missing_attributes(&filter.condition, principal).as_slice() {
        [] if sql.replace(char::is_whitespace, "") == filter.condition.replace(char::is_whitespace, "") => {
            return format!("{place}: {sql}");
        }
        [] => String::new(),
        missing => format!(", where {} has no {}: NULL keeps no row", principal.user, missing.join(", ")),
    };
    text.insert_str(0, &format!("{place}: {sql}, written {}", filter.condition.trim()));
    text
}

/// A filter's condition with the principal's values in place.
pub fn filter_sql(filter: &FilterRule, principal: &Principal) -> String {
    // A set whose filters don't parse is never loaded.
    spelled(&filter.condition, principal).unwrap_or_else(|_| filter.condition.to_string())
}

/// Attributes that the condition reads and the principal lacks.
fn missing_attributes<'t>(condition: &'t str, principal: &Principal) -> Vec<&'t str> {
    let calls = condition.split("attr('").skip(1).filter_map(|rest| rest.split_once('\'')).map(|(name, _)| name);
    let mut missing: Vec<&str> = calls.filter(|name| !principal.attributes.contains_key(*name)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// The names in order, as far as a message should go on.
pub fn some_of(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    let left_out = names.len().saturating_sub(MAX_NAMED);
    names.truncate(MAX_NAMED);
    match (names.as_slice(), left_out) {
        ([], _) => "none".to_owned(),
        (names, 0) => names.join(", "),
        (names, more) => format!("{} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use weir_policies::PolicySet;

    use super::*;

    #[test]
    fn names_are_listed_as_far_as_is_useful() {
        assert_eq!(some_of(vec!["eva", "ana"]), "ana, eva");
        assert_eq!(some_of(Vec::new()), "none");
        let many: Vec<String> = (10..40).map(|n| n.to_string()).collect();
        assert!(some_of(many.iter().map(String::as_str).collect()).ends_with("28, 29 and 10 more"));
    }

    #[test]
    fn a_filter_is_told_with_the_values_of_the_principal() {
        let files = [
            ("policy.csv", "p, role:analyst, lake.*, select\ng, ana, role:analyst\ng, bob, role:analyst\n"),
            ("users.toml", "[ana]\ncountry = \"ES\"\n[bob]\n"),
            (
                "rows.toml",
                "[[filter]]\nname = \"own\"\ntables = [\"lake.*\"]\nroles = [\"analyst\"]\nwhere = \"country = attr('country')\"\n",
            ),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
        let set = PolicySet::from_files(files).unwrap();
        let (ana, bob) = (set.principal("ana").unwrap(), set.principal("bob").unwrap());
        let own = &set.filters()[0];
        assert_eq!(
            filter(own, &ana),
            "filter \"own\" (rows.toml:1): country = 'ES', written country = attr('country')"
        );
        assert_eq!(
            filter(own, &bob),
            "filter \"own\" (rows.toml:1): country = NULL, written country = attr('country'), where bob has no country: \
             NULL keeps no row"
        );
    }
}
