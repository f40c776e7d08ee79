//! The settings of one session, with the scopes that SET gives a value: session, transaction, savepoint.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::known::{self, Context, KNOWN};
use super::values::{self, Kind, Role};
use crate::sqlstate::{SqlError, code};
use weir_encode::Style;
use weir_planner::parse::SetValue;
use weir_planner::session::Setting;

/// A known setting by its place in the table, or one with a dot in its name, which holds any text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Known(usize),
    Custom(Arc<str>),
}

type Values = BTreeMap<Key, Arc<str>>;

/// What a rollback returns to.
#[derive(Debug, Clone)]
struct Scopes {
    /// Set for the session, once the transaction commits.
    session: Values,
    /// Set for the transaction alone (SET LOCAL).
    local: Values,
}

/// All settings of a session.
#[derive(Debug)]
pub struct Settings {
    user: String,
    /// What RESET returns to: what the client asked for when it connected.
    startup: Values,
    now: Scopes,
    /// The scopes before the transaction's first change.
    before_transaction: Option<Scopes>,
    /// The scopes at each savepoint, innermost last.
    savepoints: Vec<Scopes>,
    /// Values that clients were last told, by place in the table.
    told: BTreeMap<usize, Arc<str>>,
    version: u64,
    derived: Derived,
}

/// What is read for every statement, worked out once per change.
#[derive(Debug, Default)]
struct Derived {
    style: Style,
    statement_timeout: Option<Duration>,
    idle_in_transaction_timeout: Option<Duration>,
    idle_session_timeout: Option<Duration>,
    search_path: Vec<String>,
}

/// One row of SHOW ALL.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    pub value: String,
    pub description: &'static str,
}

impl Settings {
    /// The settings of a new session of `user`.
    pub fn new(user: &str) -> Self {
        let mut startup = Values::new();
        if let Some(index) = known::find("session_authorization") {
            startup.insert(Key::Known(index), user.into());
        }
        let now = Scopes { session: Values::new(), local: Values::new() };
        let derived = Derived::default();
        let mut settings = Self {
            user: user.to_owned(),
            startup,
            now,
            before_transaction: None,
            savepoints: Vec::new(),
            told: BTreeMap::new(),
            version: 0,
            derived,
        };
        settings.changed();
        settings
    }

    /// Whose session it is.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Sets what the server's own config says; whether a client may change it makes no difference.
    pub fn set_by_server(&mut self, name: &str, value: &str) {
        if let Some(index) = known::find(name) {
            self.startup.insert(Key::Known(index), value.into());
            self.changed();
        }
    }

    /// Applies a value that came with the startup packet, which is where RESET returns to.
    pub fn set_at_startup(&mut self, name: &str, value: &str) -> Result<(), SqlError> {
        let key = self.key(name)?;
        let value = match &key {
            Key::Known(index) => {
                check_context(*index)?;
                // In a startup packet a list is one text.
                let values = match KNOWN[*index].kind {
                    Kind::NameList => values::split_names(value),
                    _ => vec![value.to_owned()],
                };
                self.check(*index, &values)?
            }
            Key::Custom(_) => value.to_owned(),
        };
        self.startup.insert(key, value.into());
        self.changed();
        Ok(())
    }

    /// SET: `local` holds until the transaction ends.
    pub fn set(&mut self, name: &str, value: &SetValue, local: bool) -> Result<(), SqlError> {
        let key = self.key(name)?;
        if let Key::Known(index) = key {
            check_context(index)?;
        }
        let new = match (value, &key) {
            (SetValue::Default, _) => None,
            (SetValue::Values(values), Key::Known(index)) => Some(self.check(*index, values)?),
            (SetValue::Values(values), Key::Custom(_)) => Some(values.join(", ")),
        };
        self.assign(key, new.map(Arc::from), local);
        Ok(())
    }

    /// RESET: back to what the session began with.
    pub fn reset(&mut self, name: &str) -> Result<(), SqlError> {
        self.set(name, &SetValue::Default, false)
    }

    /// RESET ALL. What describes the transaction or the role stays.
    pub fn reset_all(&mut self) {
        self.keep_for_rollback();
        let stays = |key: &Key| match key {
            Key::Known(index) => KNOWN[*index].name.starts_with("transaction_") || KNOWN[*index].kind == Kind::Role,
            Key::Custom(_) => false,
        };
        self.now.session.retain(|key, _| stays(key));
        self.now.local.retain(|key, _| stays(key));
        self.changed();
    }

    /// The canonical value, without a unit.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.value(&self.key(name).ok()?)
    }

    /// A setting's name in its own spelling, and its value as SHOW prints it.
    pub fn show(&self, name: &str) -> Result<(String, String), SqlError> {
        let key = self.key(name).map_err(|_| unknown(name))?;
        let value = self.value(&key).ok_or_else(|| unknown(name))?;
        Ok(match key {
            Key::Known(index) => (KNOWN[index].name.to_owned(), KNOWN[index].kind.show(value)),
            Key::Custom(name) => (name.to_string(), value.to_owned()),
        })
    }

    /// All settings in order of their names.
    pub fn show_all(&self) -> Vec<Shown> {
        let known = KNOWN.iter().enumerate().map(|(index, known)| Shown {
            name: known.name.to_owned(),
            value: known.kind.show(self.value(&Key::Known(index)).unwrap_or(known.default)),
            description: known.description,
        });
        known.collect()
    }

    /// All settings in order of their names, each in its own unit.
    pub fn held(&self) -> Vec<Setting> {
        let known = KNOWN.iter().enumerate().map(|(index, known)| Setting {
            name: known.name.to_owned(),
            value: self.value(&Key::Known(index)).unwrap_or(known.default).to_owned(),
            default: known.default.to_owned(),
            description: known.description,
        });
        known.collect()
    }

    /// Settings that clients are told of and whose value isn't the one they were last told.
    pub fn take_news(&mut self) -> Vec<(&'static str, Arc<str>)> {
        let mut news = Vec::new();
        for (index, known) in KNOWN.iter().enumerate().filter(|(_, known)| known.reported) {
            let value = self.value(&Key::Known(index)).unwrap_or(known.default);
            if self.told.get(&index).map(|told| &**told) != Some(value) {
                let value: Arc<str> = value.into();
                news.push((known.name, Arc::clone(&value)));
                self.told.insert(index, value);
            }
        }
        news
    }

    /// Another number after every change, so that what was planned under other settings isn't used again.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn style(&self) -> &Style {
        &self.derived.style
    }

    pub fn statement_timeout(&self) -> Option<Duration> {
        self.derived.statement_timeout
    }

    pub fn idle_in_transaction_timeout(&self) -> Option<Duration> {
        self.derived.idle_in_transaction_timeout
    }

    pub fn idle_session_timeout(&self) -> Option<Duration> {
        self.derived.idle_session_timeout
    }

    /// Schemas of the search path, without quotes; `$user` stands for the user's own.
    pub fn search_path(&self) -> &[String] {
        &self.derived.search_path
    }

    /// The transaction is over: a commit keeps what was SET, either way SET LOCAL is forgotten.
    pub fn end_transaction(&mut self, commit: bool) {
        let before = self.before_transaction.take();
        self.savepoints.clear();
        let Some(before) = before else { return };
        if commit {
            self.now.local.clear();
        } else {
            self.now = before;
        }
        for name in ["transaction_isolation", "transaction_read_only", "transaction_deferrable"] {
            if let Some(index) = known::find(name) {
                self.now.session.remove(&Key::Known(index));
            }
        }
        self.changed();
    }

    pub fn push_savepoint(&mut self) {
        self.savepoints.push(self.now.clone());
    }

    /// Keeps the values, and forgets the savepoints from number `depth` on.
    pub fn release_savepoint(&mut self, depth: usize) {
        self.savepoints.truncate(depth);
    }

    /// Returns to the values at savepoint number `depth`, which stays.
    pub fn rollback_to_savepoint(&mut self, depth: usize) {
        if let Some(scopes) = self.savepoints.get(depth).cloned() {
            self.savepoints.truncate(depth + 1);
            self.now = scopes;
            self.changed();
        }
    }

    fn assign(&mut self, key: Key, value: Option<Arc<str>>, local: bool) {
        self.keep_for_rollback();
        if local {
            let value = value.or_else(|| self.startup_value(&key).map(Arc::from));
            self.now.local.extend(value.map(|value| (key, value)));
        } else {
            self.now.local.remove(&key);
            match value {
                Some(value) => self.now.session.insert(key, value),
                None => self.now.session.remove(&key),
            };
        }
        self.changed();
    }

    fn keep_for_rollback(&mut self) {
        if self.before_transaction.is_none() {
            self.before_transaction = Some(self.now.clone());
        }
    }

    fn key(&self, name: &str) -> Result<Key, SqlError> {
        match known::find(name) {
            Some(index) => Ok(Key::Known(index)),
            None if is_custom(name) => Ok(Key::Custom(name.to_ascii_lowercase().into())),
            None if name.contains('.') => {
                Err(SqlError::new(code::INVALID_NAME, format!("invalid configuration parameter name \"{name}\""))
                    .detail("Custom parameter names must be two or more simple identifiers separated by dots."))
            }
            None => Err(unknown(name)),
        }
    }

    fn value(&self, key: &Key) -> Option<&str> {
        let set = self.now.local.get(key).or_else(|| self.now.session.get(key));
        match (set, default_of(key)) {
            (Some(value), _) => Some(value),
            (None, Some(default)) => self.value(&default),
            (None, None) => self.startup_value(key),
        }
    }

    fn startup_value(&self, key: &Key) -> Option<&str> {
        let default = match key {
            Key::Known(index) => Some(KNOWN[*index].default),
            Key::Custom(_) => None,
        };
        self.startup.get(key).map(|value| &**value).or(default)
    }

    fn check(&self, index: usize, values: &[String]) -> Result<String, SqlError> {
        let known = &KNOWN[index];
        let current = self.value(&Key::Known(index)).unwrap_or(known.default);
        known.kind.check(known.name, values, &Role { user: &self.user }, current)
    }

    fn changed(&mut self) {
        self.version += 1;
        let text = |name: &str| self.get(name).unwrap_or_default();
        self.derived = Derived {
            style: values::style(
                text("DateStyle"),
                text("IntervalStyle"),
                text("TimeZone"),
                text("extra_float_digits"),
                text("bytea_output"),
            ),
            statement_timeout: values::timeout(text("statement_timeout")),
            idle_in_transaction_timeout: values::timeout(text("idle_in_transaction_session_timeout")),
            idle_session_timeout: values::timeout(text("idle_session_timeout")),
            search_path: values::split_names(text("search_path")),
        };
    }
}

fn check_context(index: usize) -> Result<(), SqlError> {
    let name = KNOWN[index].name;
    let cannot = |when: &str| {
        Err(SqlError::new(code::CANNOT_CHANGE_PARAMETER, format!("parameter \"{name}\" cannot be {when}")))
    };
    match KNOWN[index].context {
        Context::User => Ok(()),
        Context::Internal => cannot("changed"),
        Context::Postmaster => cannot("changed without restarting the server"),
        Context::Superuser => {
            Err(SqlError::new(code::INSUFFICIENT_PRIVILEGE, format!("permission denied to set parameter \"{name}\"")))
        }
    }
}

/// The setting that a transaction's own one begins with.
fn default_of(key: &Key) -> Option<Key> {
    let Key::Known(index) = key else { return None };
    let name = KNOWN[*index].name;
    if !name.starts_with("transaction_") || name == "transaction_timeout" {
        return None;
    }
    known::find(&format!("default_{name}")).map(Key::Known)
}

/// Names with a dot are anyone's own, as in PostgreSQL: simple identifiers with dots between them.
fn is_custom(name: &str) -> bool {
    let simple = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
    };
    name.contains('.') && name.split('.').all(simple)
}

fn unknown(name: &str) -> SqlError {
    SqlError::new(code::UNDEFINED_OBJECT, format!("unrecognized configuration parameter \"{name}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> SetValue {
        SetValue::Values(vec![text.to_owned()])
    }

    #[test]
    fn a_rollback_takes_set_back_and_a_commit_keeps_it() {
        let mut settings = Settings::new("ana");
        settings.set("statement_timeout", &values("5s"), false).unwrap();
        settings.end_transaction(false);
        assert_eq!(settings.statement_timeout(), None);
        settings.set("statement_timeout", &values("5s"), false).unwrap();
        settings.end_transaction(true);
        assert_eq!(settings.statement_timeout(), Some(Duration::from_secs(5)));
        assert_eq!(settings.show("STATEMENT_TIMEOUT").unwrap().1, "5s");
    }

    #[test]
    fn set_local_ends_with_the_transaction() {
        let mut settings = Settings::new("ana");
        settings.set("TimeZone", &values("Asia/Tokyo"), false).unwrap();
        settings.set("TimeZone", &values("Europe/Madrid"), true).unwrap();
        assert_eq!(settings.get("timezone"), Some("Europe/Madrid"));
        settings.end_transaction(true);
        assert_eq!(settings.get("timezone"), Some("Asia/Tokyo"));
    }

    #[test]
    fn savepoints_nest() {
        let mut settings = Settings::new("ana");
        settings.set("a.b", &values("1"), false).unwrap();
        settings.push_savepoint();
        settings.set("a.b", &values("2"), false).unwrap();
        settings.push_savepoint();
        settings.set("a.b", &values("3"), false).unwrap();
        settings.rollback_to_savepoint(1);
        assert_eq!(settings.get("a.b"), Some("2"));
        settings.rollback_to_savepoint(0);
        assert_eq!(settings.get("A.B"), Some("1"));
        settings.end_transaction(true);
        assert_eq!(settings.get("a.b"), Some("1"));
    }

    #[test]
    fn reset_returns_to_what_the_client_connected_with() {
        let mut settings = Settings::new("ana");
        settings.set_at_startup("application_name", "psql").unwrap();
        settings.set_at_startup("search_path", "\"$user\", Lake").unwrap();
        assert_eq!(settings.search_path(), ["$user", "lake"]);
        settings.set("application_name", &values("other"), false).unwrap();
        settings.reset_all();
        assert_eq!(settings.get("application_name"), Some("psql"));
        assert_eq!(settings.get("session_authorization"), Some("ana"));
    }

    #[test]
    fn clients_are_told_once_and_again_on_change() {
        let mut settings = Settings::new("ana");
        let first = settings.take_news();
        assert!(first.len() >= 15, "{first:?}");
        assert!(settings.take_news().is_empty());
        settings.set("application_name", &values("x"), false).unwrap();
        assert_eq!(settings.take_news(), [("application_name", "x".into())]);
        settings.end_transaction(false);
        assert_eq!(settings.take_news(), [("application_name", "".into())]);
    }

    #[test]
    fn what_cannot_be_set_says_so_in_postgresql_words() {
        let mut settings = Settings::new("ana");
        let mut error = |name: &str| {
            let error = settings.set(name, &values("1"), false).unwrap_err();
            (error.code, error.message)
        };
        assert_eq!(error("nonsense"), ("42704", "unrecognized configuration parameter \"nonsense\"".to_owned()));
        assert_eq!(error("server_version"), ("55P02", "parameter \"server_version\" cannot be changed".to_owned()));
        assert_eq!(error("a..b"), ("42602", "invalid configuration parameter name \"a..b\"".to_owned()));
        assert_eq!(error("log_statement").0, "42501");
    }

    #[test]
    fn every_change_has_its_own_version() {
        let mut settings = Settings::new("ana");
        let first = settings.version();
        settings.set("work_mem", &values("8MB"), false).unwrap();
        let second = settings.version();
        settings.end_transaction(false);
        assert!(first < second && second < settings.version());
    }
}
