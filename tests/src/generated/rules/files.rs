//! Rules as policy files.

use std::fmt::Write as _;

use super::{Link, Object, Rules, Tag, User, With, is_role};
use crate::generated::sql::Dialect;
use crate::weir::Setup;

impl Rules {
    /// The rules as policy files, with their users.
    pub fn files(&self, setup: Setup) -> Setup {
        let with_users = self.users.iter().fold(setup, |setup, user| setup.user(&user.name, &user.attributes(), &[]));
        with_users
            .policy("policy.csv", &self.policy_csv())
            .policy("rows.toml", &self.rows_toml())
            .policy("tags.toml", &self.tags_toml())
            .policy("masks.toml", &self.masks_toml())
    }

    /// All files in one text, to be read.
    pub fn text(&self) -> String {
        let users: String = self.users.iter().map(|user| format!("[{}]\n{}", user.name, user.attributes())).collect();
        [users, self.policy_csv(), self.rows_toml(), self.tags_toml(), self.masks_toml()].join("\n")
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

    fn tags_toml(&self) -> String {
        self.tags.iter().map(|Tag { name, objects }| format!("{name:?} = {}\n", listed(objects))).collect()
    }

    fn masks_toml(&self) -> String {
        let mut text = String::new();
        for (number, mask) in self.masks.iter().enumerate() {
            let columns = match &mask.tag {
                Some(tag) => format!("tag = {tag:?}"),
                None => format!("columns = {}", listed(&mask.objects)),
            };
            let _ = write!(text, "[[mask]]\nname = \"m{number}\"\n{columns}\n");
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
            With::Hash => "with = \"hash\"".to_owned(),
            With::Email => "with = \"email\"".to_owned(),
            With::Ip => "with = \"ip\"".to_owned(),
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

/// Columns as masks and tags list them.
fn listed(objects: &[Object]) -> String {
    format!("{:?}", objects.iter().map(Object::masked).collect::<Vec<_>>())
}

fn subject(name: &str) -> String {
    if is_role(name) { format!("role:{name}") } else { name.to_owned() }
}

/// A basic string of TOML: generated texts hold no control characters.
fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
