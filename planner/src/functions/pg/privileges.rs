//! `has_table_privilege` and its kin: what one may see may be read, and nothing else.

use datafusion::error::Result;
use weir_values::{ValueError, code};

use arrow::array::ArrayRef;

use super::catalogs::{Catalogs, Checked, catalogs};
use super::columns::{Args, Text, map6};
use super::{Proc, of_catalogs};
use crate::pg_catalog::{DATABASE_OID, FUNCTIONS, OWNER_OID, TABLESPACES, TYPES};

pub(super) const PROCS: &[Proc] = &[of_catalogs("has_privilege", has_privilege)];

/// What there are privileges on: the privileges, and those that everyone has who sees it.
struct Kind {
    name: &'static str,
    all: &'static [&'static str],
    held: &'static [&'static str],
}

const TABLE: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "RULE"];
const COLUMN: &[&str] = &["SELECT", "INSERT", "UPDATE", "REFERENCES"];

const KINDS: &[Kind] = &[
    Kind { name: "table", all: TABLE, held: &["SELECT"] },
    Kind { name: "any_column", all: COLUMN, held: &["SELECT"] },
    Kind { name: "column", all: COLUMN, held: &["SELECT"] },
    Kind { name: "sequence", all: &["USAGE", "SELECT", "UPDATE"], held: &[] },
    Kind { name: "schema", all: &["CREATE", "USAGE"], held: &["USAGE"] },
    Kind { name: "database", all: &["CREATE", "CONNECT", "TEMPORARY", "TEMP"], held: &["CONNECT"] },
    Kind { name: "function", all: &["EXECUTE"], held: &["EXECUTE"] },
    Kind { name: "type", all: &["USAGE"], held: &["USAGE"] },
    Kind { name: "tablespace", all: &["CREATE"], held: &[] },
    Kind { name: "server", all: &["USAGE"], held: &[] },
    Kind { name: "foreign_data_wrapper", all: &["USAGE"], held: &[] },
    Kind { name: "role", all: &["USAGE", "MEMBER", "SET"], held: &["USAGE", "MEMBER", "SET"] },
];

/// Whether there are privileges on such things here.
pub(crate) fn is_kind(name: &str) -> bool {
    KINDS.iter().any(|kind| kind.name == name)
}

/// The kind, who asks (nobody but oneself if empty), the object, whether that is a number or a name, the column, the
/// privileges.
fn has_privilege(args: &Args<'_>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map6::<Text, Text, Text, Text, Text, Text, _>(args, |kind, who, object, is_by, column, privileges| {
        let kind = KINDS.iter().find(|known| known.name == kind);
        let kind = kind.ok_or_else(|| ValueError::new(code::FEATURE_NOT_SUPPORTED, "no such privileges"))?;
        let is_owner = match who.parse::<u32>() {
            _ if who.is_empty() => catalogs.objects.user == crate::pg_catalog::OWNER,
            Ok(oid) => oid == OWNER_OID,
            Err(_) => catalogs.role_named(who)? == OWNER_OID,
        };
        let oid = match is_by {
            "oid" => object.parse().ok(),
            _ => Some(catalogs.object_named(kind.name, object)?),
        };
        let wanted = wanted(kind, privileges)?;
        let Some(oid) = oid.filter(|oid| catalogs.is_there(kind.name, *oid)) else { return Ok(None) };
        if kind.name == "column" && !catalogs.has_column(oid, column)? {
            return Ok(None);
        }
        let is_other = kind.name == "role" && catalogs.role_name(oid) != Some(catalogs.objects.user.as_str());
        Ok(Some(is_owner || !is_other && wanted.iter().any(|privilege| kind.held.contains(&privilege.as_str()))))
    })
}

fn missing(kind: &str, name: &str) -> ValueError {
    ValueError::new(code::UNDEFINED_OBJECT, format!("{kind} \"{name}\" does not exist"))
}

/// The privileges of a list, one of which is enough. To grant them is nobody's.
fn wanted(kind: &Kind, privileges: &str) -> Checked<Vec<String>> {
    let mut wanted = Vec::new();
    for privilege in privileges.split(',') {
        let name = privilege.trim().to_ascii_uppercase();
        let grants = [" WITH GRANT OPTION", " WITH ADMIN OPTION"].iter().find_map(|end| name.strip_suffix(end));
        if !kind.all.contains(&grants.unwrap_or(&name)) {
            let message = format!("unrecognized privilege type: \"{}\"", privilege.trim());
            return Err(ValueError::new(code::INVALID_PARAMETER_VALUE, message));
        }
        if grants.is_none() {
            wanted.push(name);
        }
    }
    Ok(wanted)
}

impl Catalogs {
    fn object_named(&self, kind: &str, name: &str) -> Checked<u32> {
        match kind {
            "table" | "any_column" | "column" | "sequence" => self.class(name),
            "schema" => {
                let missing = || ValueError::new("3F000", format!("schema \"{name}\" does not exist"));
                self.objects.namespace(name).ok_or_else(missing)
            }
            "database" => self.database(name).map(|()| DATABASE_OID),
            "function" => self.function_with_types(name),
            "type" => self.type_named(name),
            "tablespace" => TABLESPACES.named(name).first().copied().ok_or_else(|| missing("tablespace", name)),
            "server" => Err(missing("server", name)),
            "foreign_data_wrapper" => Err(missing("foreign-data wrapper", name)),
            _ => self.role_named(name),
        }
    }

    fn is_there(&self, kind: &str, oid: u32) -> bool {
        match kind {
            "table" | "any_column" | "column" | "sequence" => self.objects.relation(oid).is_some(),
            "schema" => self.objects.namespace_name(oid).is_some(),
            "database" => oid == DATABASE_OID,
            "function" => FUNCTIONS.get(oid).is_some(),
            "type" => TYPES.get(oid).is_some(),
            "tablespace" => TABLESPACES.get(oid).is_some(),
            "server" | "foreign_data_wrapper" => false,
            _ => self.role_name(oid).is_some(),
        }
    }

    /// By number, or by a name, which has to be there.
    fn has_column(&self, oid: u32, column: &str) -> Checked<bool> {
        let count = self.objects.relation(oid).map_or(0, |relation| relation.columns.fields().len());
        match column.strip_prefix('#').map(str::parse::<usize>) {
            Some(place) => Ok(place.is_ok_and(|place| (1..=count).contains(&place))),
            None => self.column(oid, column).map(|_| true),
        }
    }
}
