//! The policy files: three users with different rights, in a git work tree where there is a git command.

use std::path::Path;

use tokio::process::Command;

use super::error::{DemoError, at};

/// A user of the sample.
pub struct User {
    pub name: &'static str,
    pub sees: &'static str,
    attributes: &'static str,
}

pub const USERS: [User; 3] = [
    User {
        name: "ana",
        sees: "analyst for Spain: Spanish rows, personal data masked",
        attributes: "country = \"ES\"\n",
    },
    User { name: "olga", sees: "operations and data protection: everything, unmasked", attributes: "" },
    User { name: "max", sees: "marketing: a few columns of all countries, nothing personal", attributes: "" },
];

const GRANTS: &str = "\
# Who may read what. A table or column that isn't granted doesn't exist for its reader.
p, role:analyst, lake.*, select
p, role:analyst, events.order_events, select
p, role:analyst, shop.*, select

p, role:ops, *.*, select

p, role:marketing, lake.orders.order_id, select
p, role:marketing, lake.orders.day, select
p, role:marketing, lake.orders.restaurant_id, select
p, role:marketing, lake.orders.country, select
p, role:marketing, lake.orders.total, select
p, role:marketing, events.order_events.order_id, select
p, role:marketing, events.order_events.kind, select
p, role:marketing, events.order_events.happened_at, select
p, role:marketing, events.order_events._date, select
p, role:marketing, shop.restaurants, select

g, ana, role:analyst
g, olga, role:ops
g, olga, role:dpo
g, max, role:marketing
";

const ROWS: &str = "\
# Which rows. `attr` reads an attribute of users.toml; who lacks it sees no row.
[[filter]]
name = \"own country\"
tables = [\"lake.orders\", \"lake.couriers\", \"events.order_events\", \"shop.customers\", \"shop.addresses\", \"shop.restaurants\"]
roles = [\"analyst\"]
where = \"country = attr('country')\"
";

const TAGS: &str = "\
# What is personal.
\"pii.name\" = [\"shop.customers.name\", \"lake.couriers.name\", \"shop.addresses.street\"]
\"pii.email\" = [\"*.*.email\"]
\"pii.phone\" = [\"*.*.phone\"]
\"pii.ip\" = [\"*.*.ip\"]
";

const MASKS: &str = "\
# What everyone but data protection sees instead of personal data.
[[mask]]
name = \"names and streets\"
tag = \"pii.name\"
unless = [\"dpo\"]
with = \"redact\"

[[mask]]
name = \"e-mail addresses, joinable\"
tag = \"pii.email\"
unless = [\"dpo\"]
with = \"hash\"

[[mask]]
name = \"phone numbers\"
tag = \"pii.phone\"
unless = [\"dpo\"]
with = \"partial\"
keep_last = 2

[[mask]]
name = \"addresses in the network\"
tag = \"pii.ip\"
unless = [\"dpo\"]
with = \"ip\"
";

const TESTS: &str = "\
# What must hold of all this, whoever changes it; `weir policy test --config weir.toml` also runs the queries.
[[test]]
name = \"an analyst sees one country, and nobody's address\"
as = \"ana\"
filtered = [\"lake.orders\", \"shop.customers\"]
masked = [\"shop.customers.email\", \"shop.addresses.street\"]
query = \"SELECT count(*) FROM shop.customers WHERE country <> 'ES'\"
rows = [[\"0\"]]

[[test]]
name = \"marketing sees orders, and no customer\"
as = \"max\"
sees = [\"lake.orders.total\"]
hidden = [\"shop.customers\", \"lake.orders.customer_id\"]
query = \"SELECT * FROM shop.customers\"
error = \"42P01\"

[[prove]]
name = \"e-mail addresses are raw for data protection alone\"
tag = \"pii.email\"
never = \"raw\"
unless = [\"dpo\"]
";

/// The demo's passwords are no secret: the server listens on this machine only.
pub fn password(user: &str) -> String {
    format!("{user}-demo")
}

/// Writes the files, if they aren't there yet. Whether they lie in a git work tree.
pub async fn lay_out(folder: &Path) -> Result<bool, DemoError> {
    let (policies, unfinished) = (folder.join("policies"), folder.join("policies.unfinished"));
    if policies.exists() {
        return Ok(policies.join(".git").exists());
    }
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
    }
    std::fs::create_dir(&unfinished).map_err(at(&unfinished))?;
    let users = users();
    let files = [
        ("policy.csv", GRANTS),
        ("rows.toml", ROWS),
        ("tags.toml", TAGS),
        ("masks.toml", MASKS),
        ("users.toml", &users),
        ("tests/rights.toml", TESTS),
    ];
    std::fs::create_dir(unfinished.join("tests")).map_err(at(unfinished.join("tests")))?;
    for (name, text) in files {
        std::fs::write(unfinished.join(name), text).map_err(at(unfinished.join(name)))?;
    }
    let committed = commit(&unfinished).await?;
    std::fs::rename(&unfinished, &policies).map_err(at(&policies))?;
    Ok(committed)
}

fn users() -> String {
    let verifier = |user: &User| postgres_protocol::password::scram_sha_256(password(user.name).as_bytes());
    let table = |user: &User| format!("[{}]\nscram = \"{}\"\n{}\n", user.name, verifier(user), user.attributes);
    format!("# Who may log in. Verifiers are made by `weir password`.\n{}", USERS.iter().map(table).collect::<String>())
}

/// Puts the files under version control. False where there is no git.
async fn commit(folder: &Path) -> Result<bool, DemoError> {
    let steps: [&[&str]; 3] = [
        &["init", "--quiet", "--initial-branch=main"],
        &["add", "."],
        &["commit", "--quiet", "-m", "Rights of three users"],
    ];
    for arguments in steps {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder).args(["-c", "user.name=Weir demo", "-c", "user.email=demo@localhost"]);
        // The user's own settings, such as signed commits or hooks, have no business here.
        git.args(["-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"]).args(arguments);
        let variables = std::env::vars_os().map(|(name, _)| name);
        // Within a hook or an alias, these would lead git to the outer repository.
        for name in variables.filter(|name| name.to_string_lossy().starts_with("GIT_")) {
            git.env_remove(name);
        }
        let output = match git.stdin(std::process::Stdio::null()).output().await {
            Ok(output) => output,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(e) => return Err(at("git")(e)),
        };
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(DemoError::Program { program: "git".to_owned(), output: text });
        }
    }
    Ok(true)
}
