//! `weir policy`: the policy files for people who write and review them.

mod diff;
mod explain;
mod junit;
mod replay;
mod test;
mod untagged;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::{self, ConfigError};
use crate::engine::EngineError;
use crate::sqlstate::SqlError;

use diff::DiffError;

/// What `weir policy` can be asked.
#[derive(Debug, clap::Subcommand)]
pub enum PolicyCommand {
    /// Run the tests of the policy folder: those over the rules, and queries against the sources
    #[command(after_help = "Example:\n  weir policy test --config weir.toml --junit report.xml\n\n\
        A file of tests, policies/tests/orders.toml:\n\
        \n  [[test]]\
        \n  name = \"an analyst sees no address\"\
        \n  as = \"ana\"\
        \n  sees = [\"lake.orders\"]               # also: filtered = [...], raw = [...]\
        \n  hidden = [\"shop.addresses\"]\
        \n  masked = [\"shop.customers.email\"]\
        \n  query = \"SELECT count(*) FROM lake.orders WHERE country <> 'ES'\"\
        \n  rows = [[\"0\"]]                       # or: error = \"42P01\"\
        \n\
        \n  [[prove]]\
        \n  name = \"no one but the dpo reads an address raw\"\
        \n  tag = \"pii.email\"                    # or: columns = [...]\
        \n  never = \"raw\"                        # or: visible\
        \n  unless = [\"dpo\"]")]
    Test {
        /// The config file
        #[arg(long, value_name = "FILE", default_value = "weir.toml")]
        config: PathBuf,
        /// Also write the results in JUnit's format
        #[arg(long, value_name = "FILE")]
        junit: Option<PathBuf>,
    },
    /// Say in plain words which rule does what to the tables and columns of a statement
    #[command(
        after_help = "Examples:\n  weir policy explain --config weir.toml --as ana 'SELECT email FROM shop.customers'\n  \
        weir policy explain --as role:analyst 'SELECT * FROM lake.orders'\n  \
        weir policy explain --untagged\n\n\
        The statement is planned, not run. The answer names what the principal can't see: it is for those who write \
        the rules. --untagged reads up to 1,000 rows of each table, whatever the rules say, and prints none of their \
        values; it fails if a table can't be read."
    )]
    Explain {
        /// The config file
        #[arg(long, value_name = "FILE", default_value = "weir.toml")]
        config: PathBuf,
        /// List the columns that look like e-mail addresses, IP addresses, phone or card numbers or IBANs, by their name
        /// or by a sample of their values, and that carry no tag
        #[arg(long)]
        untagged: bool,
        /// A user, or role:NAME for someone who has this role, no attribute, and nothing else
        #[arg(long = "as", value_name = "WHO", required_unless_present = "untagged", conflicts_with = "untagged")]
        who: Option<String>,
        /// A query
        #[arg(required_unless_present = "untagged", conflicts_with = "untagged")]
        statement: Option<String>,
    },
    /// Tell who gains or loses which tables, columns and rows between two states of the policies
    #[command(after_help = "A state is a folder, or a git revision of the policy folder that the config names.\n\n\
        Exit status: 0 if nobody gains anything, 3 if somebody does or may, 1 if the states can't be compared.\n\n\
        Examples, in CI for a pull request:\n  weir policy diff origin/main HEAD\n  \
        weir policy diff origin/main HEAD --replay audit.jsonl\n\n\
        What it says:\n  \
        gain   role analyst (ana, bob) gains lake.orders.total\n  \
        gain?  user leo may see other rows of lake.orders, those where `a`, and saw those where `b`\n  \
        loss   role clerk sees lake.orders.email masked by `mail` (hash), and saw it raw\n\n\
        On a source that can't be reached, tables and columns are those that the rules name, and `*` is all others.\n\n\
        With --replay it also says which statements on record would now fail, or may give other results:\n  \
        fails  ana, 12 times: SELECT email FROM shop.customers: 42703 column \"email\" does not exist\n  \
        other  bob, 3 times: SELECT count(*) FROM lake.orders: filter `own` (rows.toml:3) now holds on lake.orders\n  \
        works  leo, once: SELECT * FROM lake.couriers: it failed with 42P01 relation \"lake.couriers\" does not exist\n\n\
        Statements that succeeded are planned under both states, and none is run: whether results differ, the data \
        decides. Told is what touches the tables and columns that a statement reads. Queries of system catalogs show \
        what is visible, which is told above. Statements about the session are left out; those that fail under both \
        states, such as with names that only a search_path of their session finds, are counted. Both states must be \
        such as a server would take, tests included. No statement changes the exit status: gains alone do.")]
    Diff {
        /// The state before
        old: String,
        /// The state after; without it the policy folder as it is now
        new: Option<String>,
        /// The config file
        #[arg(long, value_name = "FILE", default_value = "weir.toml")]
        config: PathBuf,
        /// Write the changes as one JSON object
        #[arg(long)]
        json: bool,
        /// Also tell which statements of this audit log would fail, or may give other results
        #[arg(long, value_name = "AUDIT_LOG")]
        replay: Option<PathBuf>,
    },
}

/// The exit status of `weir policy diff` where somebody gains something.
const GAIN: u8 = 3;

/// Why a policy command couldn't be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PolicyCommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("there is no user `{user}`; users.toml has: {known}")]
    UnknownUser { user: String, known: String },
    #[error("there is no role `{role}`; policy.csv names: {known}")]
    UnknownRole { role: String, known: String },
    #[error("the statement can't be explained: {0}")]
    Statement(#[from] SqlError),
    #[error(transparent)]
    Diff(#[from] DiffError),
    #[error("{}: {error}", path.display())]
    Report { path: PathBuf, error: std::io::Error },
}

/// Carries the command out; the exit status tells whether what was asked holds.
pub async fn run(command: PolicyCommand) -> Result<ExitCode, PolicyCommandError> {
    match command {
        PolicyCommand::Diff { old, new, config, json, replay } => {
            let found = diff::run(config::read(&config)?, &old, new.as_deref(), replay).await?;
            println!("{}", if json { found.json() } else { found.to_string() });
            Ok(if found.gains() { ExitCode::from(GAIN) } else { ExitCode::SUCCESS })
        }
        PolicyCommand::Test { config, junit } => {
            let results = test::run(config::read(&config)?).await?;
            results.iter().for_each(|result| println!("{result}"));
            let failed = results.iter().filter(|result| result.failed()).count();
            println!("{} tests, {failed} failed", results.len());
            if let Some(path) = junit {
                let write = std::fs::write(&path, junit::report(&results));
                write.map_err(|error| PolicyCommandError::Report { path, error })?;
            }
            Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        PolicyCommand::Explain { config, who: Some(who), statement: Some(statement), .. } => {
            print!("{}", explain::run(config::read(&config)?, &who, &statement).await?);
            Ok(ExitCode::SUCCESS)
        }
        PolicyCommand::Explain { config, .. } => {
            let report = untagged::run(config::read(&config)?).await?;
            print!("{report}");
            Ok(if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}
