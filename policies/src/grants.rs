//! The rules of a policy.csv: who may select from what (`p`), and who has which role (`g`).

use std::fmt;
use std::sync::Arc;

use crate::csv::{self, Row};
use crate::domains::Origin;
use crate::error::Problems;
use crate::pattern::{Part, RESERVED_SCHEMA, split};

/// What casbin calls the only action there is.
pub(crate) const SELECT: &str = "select";

const ROLE_PREFIX: &str = "role:";

/// A `p` line.
#[derive(Debug, Clone)]
pub(crate) struct GrantRule {
    pub(crate) subject: Subject,
    pub(crate) object: Object,
    pub(crate) effect: Effect,
    pub(crate) file: Arc<str>,
    pub(crate) line: u32,
}

/// A `g` line: `member` has `role`, and whatever that role has.
#[derive(Debug, Clone)]
pub(crate) struct RoleLink {
    pub(crate) member: Subject,
    pub(crate) role: Subject,
    /// Where the line stands.
    pub(crate) origin: Origin,
    pub(crate) line: u32,
}

#[derive(Debug, Default)]
pub(crate) struct PolicyRules {
    pub(crate) grants: Vec<GrantRule>,
    pub(crate) links: Vec<RoleLink>,
}

impl PolicyRules {
    /// All roles that are named, each perhaps several times.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        let granted = self.grants.iter().map(|grant| &grant.subject);
        let linked = self.links.iter().flat_map(|link| [&link.member, &link.role]);
        granted.chain(linked).filter_map(|subject| subject.role()).map(|role| &**role)
    }
}

/// Who a rule speaks of. Displayed as it stands in policy.csv.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Subject {
    User(Arc<str>),
    Role(Arc<str>),
}

/// What a grant covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    Everything,
    Schema(Arc<str>),
    Table(Arc<str>, Arc<str>),
    Column(Arc<str>, Arc<str>, Arc<str>),
    /// `weir.policies`: the right to see what rules were applied.
    Policies,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// Reads a policy.csv and adds its rules; lines with a mistake are left out and reported.
pub(crate) fn read(origin: &Origin, text: &str, rules: &mut PolicyRules, problems: &mut Problems) {
    for row in csv::rows(&origin.file, text, problems) {
        if let Err(message) = read_row(origin, &row, rules) {
            problems.add(&origin.file, row.line, message);
        }
    }
}

fn read_row(origin: &Origin, row: &Row, rules: &mut PolicyRules) -> Result<(), String> {
    let fields: Vec<&str> = row.fields.iter().map(String::as_str).collect();
    match fields.as_slice() {
        ["p", subject, object, action] => {
            rules.grants.push(grant(origin, row.line, subject, object, [action, "allow"])?);
        }
        ["p", subject, object, action, effect] => {
            rules.grants.push(grant(origin, row.line, subject, object, [action, effect])?);
        }
        ["p", ..] => return Err("expected `p, SUBJECT, OBJECT, select` and at most `allow` or `deny`".to_owned()),
        ["g", member, role] => rules.links.push(link(origin, row.line, member, role)?),
        ["g", ..] => return Err("expected `g, USER or role:NAME, role:NAME`".to_owned()),
        [kind, ..] => return Err(format!("unknown kind of rule `{kind}`, expected `p` or `g`")),
        [] => {}
    }
    Ok(())
}

fn grant(
    origin: &Origin,
    line: u32,
    subject: &str,
    object: &str,
    [action, effect]: [&str; 2],
) -> Result<GrantRule, String> {
    let subject = Subject::parse(subject)?;
    let object = Object::parse(object)?;
    origin.beyond(&object.to_string()).map_or(Ok(()), Err)?;
    if action != SELECT {
        return Err(format!("unknown action `{action}`, expected `{SELECT}`"));
    }
    let effect = match effect {
        "allow" => Effect::Allow,
        "deny" => Effect::Deny,
        _ => return Err(format!("unknown effect `{effect}`, expected `allow` or `deny`")),
    };
    Ok(GrantRule { subject, object, effect, file: origin.file.clone(), line })
}

fn link(origin: &Origin, line: u32, member: &str, role: &str) -> Result<RoleLink, String> {
    let (member, role) = (Subject::parse(member)?, Subject::parse(role)?);
    if let Subject::User(name) = &role {
        return Err(format!("`{name}` is not a role: expected role:NAME, as only roles are handed on"));
    }
    if member == role {
        return Err(format!("`{member}` can't have itself as a role"));
    }
    Ok(RoleLink { member, role, origin: origin.clone(), line })
}

impl Subject {
    pub(crate) fn parse(text: &str) -> Result<Subject, String> {
        match text.strip_prefix(ROLE_PREFIX) {
            Some(name) => check_name("role", name).map(|()| Subject::Role(name.into())),
            None => check_name("user", text).map(|()| Subject::User(text.into())),
        }
    }

    pub(crate) fn role(&self) -> Option<&Arc<str>> {
        match self {
            Subject::Role(name) => Some(name),
            Subject::User(_) => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::User(name) => f.write_str(name),
            Subject::Role(name) => write!(f, "{ROLE_PREFIX}{name}"),
        }
    }
}

/// A user's or role's name. A colon is refused, so that no user's name can read as a role, nor a misspelt `role:` as a user.
pub(crate) fn check_name(kind: &str, name: &str) -> Result<(), String> {
    let mistake = match name {
        "" => "the name is empty",
        _ if name.contains('*') => "`*` can't stand for names here",
        _ if name.contains(':') => "expected a user's name or role:NAME",
        _ if name.trim() != name => "a blank before or after the name",
        _ if name.contains(char::is_control) => "the name holds a control character",
        _ => return Ok(()),
    };
    Err(format!("{kind} `{}`: {mistake}", name.escape_debug()))
}

impl Object {
    pub(crate) fn parse(text: &str) -> Result<Object, String> {
        use Part::{Any, Name};
        match split(text)?.as_slice() {
            [Name(schema), rest @ ..] if **schema == *RESERVED_SCHEMA => match rest {
                [Name(table)] if **table == *"policies" => Ok(Object::Policies),
                _ => Err(format!(
                    "`{text}`: schema `{RESERVED_SCHEMA}` is reserved, and only weir.policies is known there"
                )),
            },
            [Any, Any] => Ok(Object::Everything),
            [Name(schema), Any] => Ok(Object::Schema(schema.clone())),
            [Name(schema), Name(table)] => Ok(Object::Table(schema.clone(), table.clone())),
            [Name(schema), Name(table), Name(column)] => {
                Ok(Object::Column(schema.clone(), table.clone(), column.clone()))
            }
            _ => Err(format!("expected schema.table, schema.table.column, schema.* or *.*, found `{text}`")),
        }
    }
}

impl Object {
    /// The schemas that it covers something of; none if it isn't data.
    pub(crate) fn schema(&self) -> Option<Part> {
        match self {
            Object::Everything => Some(Part::Any),
            Object::Schema(schema) | Object::Table(schema, _) | Object::Column(schema, _, _) => {
                Some(Part::Name(schema.clone()))
            }
            Object::Policies => None,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Object::Everything => f.write_str("*.*"),
            Object::Schema(schema) => write!(f, "{schema}.*"),
            Object::Table(schema, table) => write!(f, "{schema}.{table}"),
            Object::Column(schema, table, column) => write!(f, "{schema}.{table}.{column}"),
            Object::Policies => write!(f, "{RESERVED_SCHEMA}.policies"),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        })
    }
}
