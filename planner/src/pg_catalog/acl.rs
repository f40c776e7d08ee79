//! Lists of access privileges as `aclitem` shows them, `grantee=arw/grantor` (documentation, 5.8).

/// The letter of each privilege and its name, in the order in which they are shown.
const LETTERS: [(char, &str); 15] = [
    ('a', "INSERT"),
    ('r', "SELECT"),
    ('w', "UPDATE"),
    ('d', "DELETE"),
    ('D', "TRUNCATE"),
    ('x', "REFERENCES"),
    ('t', "TRIGGER"),
    ('X', "EXECUTE"),
    ('U', "USAGE"),
    ('C', "CREATE"),
    ('T', "TEMPORARY"),
    ('c', "CONNECT"),
    ('s', "SET"),
    ('A', "ALTER SYSTEM"),
    ('m', "MAINTAIN"),
];

/// What stands for everyone in the place of a role's number.
pub(crate) const PUBLIC: u32 = 0;

/// The privileges on a kind of thing: all that there are, and those that everyone has unless they are taken away.
#[derive(Clone, Copy)]
pub(crate) struct Privileges {
    all: &'static str,
    public: &'static str,
}

pub(super) const OF_TABLES: Privileges = Privileges { all: "arwdDxtm", public: "" };
pub(super) const OF_SCHEMAS: Privileges = Privileges { all: "UC", public: "" };

impl Privileges {
    /// By the letter that `acldefault` takes.
    pub fn of(kind: &str) -> Option<Self> {
        let of = |all, public| Self { all, public };
        Some(match kind {
            "c" => of("", ""),
            "r" => OF_TABLES,
            "n" => OF_SCHEMAS,
            "s" => of("rwU", ""),
            "d" => of("CTc", "Tc"),
            "f" => of("X", "X"),
            "l" | "T" => of("U", "U"),
            "L" => of("rw", ""),
            "t" => of("C", ""),
            "F" | "S" => of("U", ""),
            "p" => of("sA", ""),
            _ => return None,
        })
    }

    /// The list of a thing on which nothing was granted.
    pub fn usual(self, owner: &str) -> Vec<String> {
        let item = |grantee: &str, held: &str| (!held.is_empty()).then(|| item(grantee, held, owner));
        [item("", self.public), item(owner, self.all)].into_iter().flatten().collect()
    }

    /// Grantee, privileges, and grantor.
    pub fn parts(item: &str) -> Option<(String, Vec<Held>, String)> {
        let (grantee, rest) = name(item)?;
        let (letters, grantor) = rest.strip_prefix('=')?.split_once('/')?;
        let (grantor, _) = name(grantor)?;
        let held = |(letter, privilege): &(char, &'static str)| {
            let at = letters.find(*letter)?;
            Some((*privilege, letters.get(at + 1..).is_some_and(|after| after.starts_with('*'))))
        };
        Some((grantee, LETTERS.iter().filter_map(held).collect(), grantor))
    }
}

/// A privilege's name, and whether it may be granted further.
type Held = (&'static str, bool);

/// What a grantee holds by a grantor.
pub(super) fn item(grantee: &str, held: &str, grantor: &str) -> String {
    format!("{}={held}/{}", quoted(grantee), quoted(grantor))
}

/// Names of letters, digits and underscores stand as they are.
fn quoted(name: &str) -> String {
    match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// A name that a text begins with, and what is behind it.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['=', '/']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        return Some((name.to_owned(), rest));
    };
    let (mut name, mut rest) = (String::new(), quoted);
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return Some((name, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_back() {
        let shown = item("Mia \"M\"", "rw", "weir");
        assert_eq!(shown, "\"Mia \"\"M\"\"\"=rw/weir");
        let (grantee, held, grantor) = Privileges::parts(&shown).unwrap();
        assert_eq!((grantee.as_str(), grantor.as_str()), ("Mia \"M\"", "weir"));
        assert_eq!(held, [("SELECT", false), ("UPDATE", false)]);
        let (grantee, held, _) = Privileges::parts("=r*/weir").unwrap();
        assert_eq!((grantee.as_str(), held), ("", vec![("SELECT", true)]));
    }

    #[test]
    fn owners_hold_everything() {
        assert_eq!(Privileges::of("d").unwrap().usual("weir"), ["=Tc/weir", "weir=CTc/weir"]);
        assert_eq!(OF_TABLES.usual("weir"), ["weir=arwdDxtm/weir"]);
    }
}
