//! users.toml: a table per user, with the password verifier under `scram`; every other key is an attribute.

use std::collections::{BTreeMap, HashMap};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::{Document, kind};
use crate::error::Problems;
use crate::files::USERS;
use crate::grants::check_name;
use crate::principal::Attribute;
use crate::scram::{self, ScramVerifier};

/// One user. Without a verifier nobody can log in with a password as this user.
#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    pub(crate) verifier: Option<ScramVerifier>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
}

/// One of the items that users' lists hold, by the attribute's name; of integers the one that takes most room.
pub(crate) fn items_of_lists(users: &HashMap<String, User>) -> BTreeMap<String, Attribute> {
    let mut items: BTreeMap<String, Attribute> = BTreeMap::new();
    for (name, value) in users.values().flat_map(|user| &user.attributes) {
        let Attribute::List(list) = value else { continue };
        for item in list {
            match items.get_mut(name) {
                Some(kept) if kept.takes_less_than(item) => *kept = item.clone(),
                Some(_) => {}
                None => drop(items.insert(name.clone(), item.clone())),
            }
        }
    }
    // What nobody has items in could hold texts.
    let lists =
        users.values().flat_map(|user| &user.attributes).filter(|(_, value)| matches!(value, Attribute::List(_)));
    for (name, _) in lists {
        items.entry(name.clone()).or_insert_with(|| Attribute::Text(String::new()));
    }
    items
}

/// Keys that look like attributes and would silently be without effect, with what to do instead.
const MISTAKEN_KEYS: [(&str, &str); 4] = [
    ("role", "roles are given in policy.csv: g, USER, role:NAME"),
    ("roles", "roles are given in policy.csv: g, USER, role:NAME"),
    ("password", "a password is never kept: expected `scram`, as `weir password` prints it"),
    ("user", "the user's name is the table's name: [NAME]"),
];

pub(crate) fn read(text: &str, problems: &mut Problems) -> HashMap<String, User> {
    let mut users = HashMap::new();
    let Some(document) = Document::parse(USERS, text, problems) else {
        return users;
    };
    let mut kinds = Kinds::new();
    for (name, line, value) in document.entries() {
        if let Err(message) = check_name("user", name) {
            problems.add(USERS, line, message);
        }
        match value.get_ref() {
            DeValue::Table(table) => {
                users.insert(name.to_owned(), read_user(&document, name, table, &mut kinds, problems));
            }
            other => problems.add(USERS, line, format!("`{name}`: expected a table [USER], found {}", kind(other))),
        }
    }
    users
}

/// Of each attribute the first user who has it, with its value: all others have it in the same kind. Filters are
/// checked once for all users, so an attribute has one type.
type Kinds = HashMap<String, (String, Attribute)>;

fn read_user(
    document: &Document<'_>,
    user_name: &str,
    table: &DeTable<'_>,
    kinds: &mut Kinds,
    problems: &mut Problems,
) -> User {
    let mut user = User::default();
    for (key, value) in table.iter() {
        let (name, line) = (&**key.get_ref(), document.line(&key.span()));
        let result = match name {
            "scram" => read_verifier(value).map(|verifier| user.verifier = Some(verifier)),
            _ => read_attribute(name, value).and_then(|attribute| {
                check_kind(name, &attribute, user_name, kinds)?;
                user.attributes.insert(name.to_owned(), attribute);
                Ok(())
            }),
        };
        if let Err(message) = result {
            problems.add(USERS, line, format!("`{name}`: {message}"));
        }
    }
    user
}

fn check_kind(name: &str, attribute: &Attribute, user: &str, kinds: &mut Kinds) -> Result<(), String> {
    let Some((first, known)) = kinds.get_mut(name) else {
        kinds.insert(name.to_owned(), (user.to_owned(), attribute.clone()));
        return Ok(());
    };
    if !known.is_like(attribute) {
        let (expected, found) = (known.kind(), attribute.kind());
        return Err(format!("expected {expected}, as [{first}] has it, found {found}: an attribute has one kind"));
    }
    // What an empty list would hold, the next one says.
    if *known == Attribute::List(Vec::new()) {
        user.clone_into(first);
        *known = attribute.clone();
    }
    Ok(())
}

fn read_verifier(value: &Spanned<DeValue<'_>>) -> Result<ScramVerifier, String> {
    let text = value.get_ref().as_str().ok_or_else(|| format!("expected a string, found {}", kind(value.get_ref())))?;
    ScramVerifier::parse(text).map_err(|e| e.to_string())
}

fn read_attribute(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Attribute, String> {
    if let Some((_, instead)) = MISTAKEN_KEYS.iter().find(|(key, _)| *key == name) {
        return Err((*instead).to_owned());
    }
    match value.get_ref() {
        DeValue::Array(items) => read_list(items),
        scalar => read_scalar(scalar),
    }
}

/// The items of a list, which are of one kind.
fn read_list(items: &[Spanned<DeValue<'_>>]) -> Result<Attribute, String> {
    let items = items.iter().map(|item| read_scalar(item.get_ref())).collect::<Result<Vec<_>, _>>()?;
    if let Some(first) = items.first()
        && let Some(other) = items.iter().find(|item| !item.is_like(first))
    {
        return Err(format!("a list holds values of one kind, found {} beside {}", other.kind(), first.kind()));
    }
    Ok(Attribute::List(items))
}

fn read_scalar(value: &DeValue<'_>) -> Result<Attribute, String> {
    match value {
        DeValue::String(text) if text.starts_with(scram::PREFIX) => {
            Err("a password verifier belongs under `scram`; here every row filter could read it".to_owned())
        }
        DeValue::String(text) => Ok(Attribute::Text(text.clone().into_owned())),
        DeValue::Boolean(flag) => Ok(Attribute::Boolean(*flag)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(Attribute::Integer)
            .map_err(|_| "the integer is out of range, expected 64 bits".to_owned()),
        DeValue::Float(number) => {
            number.as_str().parse().map(Attribute::Float).map_err(|_| "expected a float".to_owned())
        }
        other => Err(format!("expected a string, integer, float, boolean or list of these, found {}", kind(other))),
    }
}
