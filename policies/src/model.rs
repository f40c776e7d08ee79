//! The casbin model: the one that is built in, and the check that a folder's model.conf means the same.

use crate::error::Problems;
use crate::files::MODEL;

/// What policy.csv means, in casbin's words: a rule holds for whoever has its subject as a role, objects match by
/// prefix up to a `*`, and a denial wins.
pub(crate) const BUILT_IN: &str = "\
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act
";

/// Refuses a model.conf that says anything else than the built-in one: decisions come from an index over the rules, so a
/// different matcher or effect would be read and then have no effect. Blanks, comments and order don't count.
pub(crate) fn check(text: &str, problems: &mut Problems) {
    let expected = definitions(BUILT_IN);
    let found = definitions(text);
    for definition in &found {
        let same = expected.iter().find(|e| e.section == definition.section && e.key == definition.key);
        match same {
            None => problems.add(MODEL, definition.line, unknown(definition)),
            Some(same) if same.normal_value() != definition.normal_value() => problems.add(
                MODEL,
                definition.line,
                format!("unsupported model, expected `{} = {}`", same.key, same.value),
            ),
            Some(_) => {}
        }
    }
    for missing in expected.iter().filter(|e| !found.iter().any(|f| f.section == e.section && f.key == e.key)) {
        let message = format!("missing in [{}]: `{} = {}`", missing.section, missing.key, missing.value);
        problems.add(MODEL, 0, message);
    }
}

struct Definition<'t> {
    section: &'t str,
    key: &'t str,
    value: &'t str,
    line: u32,
}

impl Definition<'_> {
    /// The value without blanks; of a matcher, its conditions in one order.
    fn normal_value(&self) -> Vec<String> {
        let mut parts: Vec<String> =
            self.value.split("&&").map(|part| part.chars().filter(|c| !c.is_whitespace()).collect()).collect();
        parts.sort();
        parts
    }
}

fn definitions(text: &str) -> Vec<Definition<'_>> {
    let mut section = "";
    let mut found = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.split('#').next().unwrap_or_default().trim();
        if content.is_empty() || content.starts_with(';') {
            continue;
        }
        if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            continue;
        }
        let (key, value) = content.split_once('=').unwrap_or((content, ""));
        found.push(Definition { section, key: key.trim(), value: value.trim(), line });
    }
    found
}

fn unknown(definition: &Definition<'_>) -> String {
    format!(
        "unsupported `{}` in [{}], expected the sections request_definition (r), policy_definition (p), \
         role_definition (g), policy_effect (e) and matchers (m)",
        definition.key, definition.section
    )
}
