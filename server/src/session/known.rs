//! The settings that a session knows: default, kind of value, who may change it, whether clients are told.
//!
//! Names, defaults and descriptions are PostgreSQL 17's. Many have no effect here; they are known because clients set
//! them and carry on only if that works.

use super::values::{Kind, Unit};

/// Version that clients read: features are chosen by it.
pub const SERVER_VERSION: &str = "17.6 (Weir)";
const SERVER_VERSION_NUM: &str = "170006";

/// Who may change a setting, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Fixed when the server was built.
    Internal,
    /// Fixed when the server started.
    Postmaster,
    /// Only a superuser, which nobody is here.
    Superuser,
    User,
}

/// One setting.
#[derive(Debug)]
pub struct Known {
    /// As SHOW prints it; looked up in any case.
    pub name: &'static str,
    pub default: &'static str,
    pub kind: Kind,
    pub context: Context,
    /// Clients are told by ParameterStatus, at login and on each change.
    pub reported: bool,
    pub description: &'static str,
}

const fn user(name: &'static str, default: &'static str, kind: Kind, description: &'static str) -> Known {
    Known { name, default, kind, context: Context::User, reported: false, description }
}

const fn reported(name: &'static str, default: &'static str, kind: Kind, description: &'static str) -> Known {
    Known { name, default, kind, context: Context::User, reported: true, description }
}

const fn fixed(name: &'static str, default: &'static str, kind: Kind, description: &'static str) -> Known {
    Known { name, default, kind, context: Context::Internal, reported: false, description }
}

const fn told(name: &'static str, default: &'static str, kind: Kind, description: &'static str) -> Known {
    Known { name, default, kind, context: Context::Internal, reported: true, description }
}

const fn at_start(name: &'static str, default: &'static str, kind: Kind, description: &'static str) -> Known {
    Known { name, default, kind, context: Context::Postmaster, reported: false, description }
}

const fn superuser(name: &'static str, default: &'static str, kind: Kind, description: &'static str) -> Known {
    Known { name, default, kind, context: Context::Superuser, reported: false, description }
}

const MS: Unit = Unit::Milliseconds;
const KB: Unit = Unit::Kilobytes;
const MAX: i64 = i32::MAX as i64;
const TIMEOUT: Kind = Kind::Int { min: 0, max: MAX, unit: MS };
const COST: Kind = Kind::Real { min: 0.0, max: 1.797_693_134_862_315_7e308 };
const ISOLATION: Kind = Kind::Enum(&["serializable", "repeatable read", "read committed", "read uncommitted"]);
const LEVELS: Kind = Kind::Enum(&[
    "debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error", "fatal", "panic",
]);
const CLIENT_LEVELS: Kind =
    Kind::Enum(&["debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"]);

const fn int(min: i64, max: i64) -> Kind {
    Kind::Int { min, max, unit: Unit::None }
}

const fn kilobytes(min: i64) -> Kind {
    Kind::Int { min, max: MAX, unit: KB }
}

/// All settings, sorted by lower-case name.
#[rustfmt::skip] // one line per setting
pub static KNOWN: &[Known] = &[
    reported("application_name", "", Kind::Name, "Sets the application name to be reported in statistics and logs."),
    user("array_nulls", "on", Kind::Bool, "Enable input of NULL elements in arrays."),
    user("backslash_quote", "safe_encoding", Kind::Enum(&["safe_encoding", "on", "off"]), "Sets whether \"\\'\" is allowed in string literals."),
    fixed("block_size", "8192", int(8192, 8192), "Shows the size of a disk block."),
    user("bytea_output", "hex", Kind::Enum(&["escape", "hex"]), "Sets the output format for bytea."),
    user("check_function_bodies", "on", Kind::Bool, "Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE."),
    user("client_connection_check_interval", "0", TIMEOUT, "Sets the time interval between checks for disconnection while running queries."),
    reported("client_encoding", "UTF8", Kind::Encoding, "Sets the client's character set encoding."),
    user("client_min_messages", "notice", CLIENT_LEVELS, "Sets the message levels that are sent to the client."),
    user("constraint_exclusion", "partition", Kind::Enum(&["partition", "on", "off"]), "Enables the planner to use constraints to optimize queries."),
    user("cpu_tuple_cost", "0.01", COST, "Sets the planner's estimate of the cost of processing each tuple (row)."),
    user("cursor_tuple_fraction", "0.1", Kind::Real { min: 0.0, max: 1.0 }, "Sets the planner's estimate of the fraction of a cursor's rows that will be retrieved."),
    reported("DateStyle", "ISO, MDY", Kind::DateStyle, "Sets the display format for date and time values."),
    user("default_statistics_target", "100", int(1, 10_000), "Sets the default statistics target."),
    user("default_table_access_method", "heap", Kind::Text, "Sets the default table access method for new tables."),
    user("default_tablespace", "", Kind::Text, "Sets the default tablespace to create tables and indexes in."),
    user("default_text_search_config", "pg_catalog.english", Kind::Text, "Sets default text search configuration."),
    user("default_transaction_deferrable", "off", Kind::Bool, "Sets the default deferrable status of new transactions."),
    user("default_transaction_isolation", "read committed", ISOLATION, "Sets the transaction isolation level of each new transaction."),
    reported("default_transaction_read_only", "off", Kind::Bool, "Sets the default read-only status of new transactions."),
    user("effective_cache_size", "4194304", Kind::Int { min: 1, max: MAX, unit: Unit::Blocks }, "Sets the planner's assumption about the total size of the data caches."),
    user("enable_bitmapscan", "on", Kind::Bool, "Enables the planner's use of bitmap-scan plans."),
    user("enable_hashagg", "on", Kind::Bool, "Enables the planner's use of hashed aggregation plans."),
    user("enable_hashjoin", "on", Kind::Bool, "Enables the planner's use of hash join plans."),
    user("enable_indexonlyscan", "on", Kind::Bool, "Enables the planner's use of index-only-scan plans."),
    user("enable_indexscan", "on", Kind::Bool, "Enables the planner's use of index-scan plans."),
    user("enable_material", "on", Kind::Bool, "Enables the planner's use of materialization."),
    user("enable_mergejoin", "on", Kind::Bool, "Enables the planner's use of merge join plans."),
    user("enable_nestloop", "on", Kind::Bool, "Enables the planner's use of nested-loop join plans."),
    user("enable_seqscan", "on", Kind::Bool, "Enables the planner's use of sequential-scan plans."),
    user("enable_sort", "on", Kind::Bool, "Enables the planner's use of explicit sort steps."),
    user("escape_string_warning", "on", Kind::Bool, "Warn about backslash escapes in ordinary string literals."),
    user("exit_on_error", "off", Kind::Bool, "Terminate session on any error."),
    user("extra_float_digits", "1", int(-15, 3), "Sets the number of digits displayed for floating-point values."),
    user("from_collapse_limit", "8", int(1, MAX), "Sets the FROM-list size beyond which subqueries are not collapsed."),
    user("geqo", "on", Kind::Bool, "Enables genetic query optimization."),
    user("gin_fuzzy_search_limit", "0", int(0, MAX), "Sets the maximum allowed result for exact search by GIN."),
    user("hash_mem_multiplier", "2", Kind::Real { min: 1.0, max: 1000.0 }, "Multiple of \"work_mem\" to use for hash tables."),
    user("idle_in_transaction_session_timeout", "0", TIMEOUT, "Sets the maximum allowed idle time between queries, when in a transaction."),
    user("idle_session_timeout", "0", TIMEOUT, "Sets the maximum allowed idle time between queries, when not in a transaction."),
    told("in_hot_standby", "off", Kind::Bool, "Shows whether hot standby is currently active."),
    told("integer_datetimes", "on", Kind::Bool, "Shows whether datetimes are integer based."),
    reported("IntervalStyle", "postgres", Kind::Enum(&["postgres", "postgres_verbose", "sql_standard", "iso_8601"]), "Sets the display format for interval values."),
    told("is_superuser", "off", Kind::Bool, "Shows whether the current user is a superuser."),
    user("jit", "on", Kind::Bool, "Allow JIT compilation."),
    user("join_collapse_limit", "8", int(1, MAX), "Sets the FROM-list size beyond which JOIN constructs are not flattened."),
    fixed("lc_collate", "C.UTF-8", Kind::Text, "Shows the collation order locale."),
    fixed("lc_ctype", "C.UTF-8", Kind::Text, "Shows the character classification and case conversion locale."),
    user("lc_messages", "C.UTF-8", Kind::Text, "Sets the language in which messages are displayed."),
    user("lc_monetary", "C.UTF-8", Kind::Text, "Sets the locale for formatting monetary amounts."),
    user("lc_numeric", "C.UTF-8", Kind::Text, "Sets the locale for formatting numbers."),
    user("lc_time", "C.UTF-8", Kind::Text, "Sets the locale for formatting date and time values."),
    user("lock_timeout", "0", TIMEOUT, "Sets the maximum allowed duration of any wait for a lock."),
    superuser("log_min_messages", "warning", LEVELS, "Sets the message levels that are logged."),
    superuser("log_statement", "none", Kind::Enum(&["none", "ddl", "mod", "all"]), "Sets the type of statements logged."),
    user("maintenance_work_mem", "65536", kilobytes(64), "Sets the maximum memory to be used for maintenance operations."),
    at_start("max_connections", "100", int(1, 262_143), "Sets the maximum number of concurrent connections."),
    fixed("max_function_args", "100", int(100, 100), "Shows the maximum number of function arguments."),
    fixed("max_identifier_length", "63", int(63, 63), "Shows the maximum identifier length."),
    fixed("max_index_keys", "32", int(32, 32), "Shows the maximum number of index keys."),
    user("max_parallel_workers_per_gather", "2", int(0, 1024), "Sets the maximum number of parallel processes per executor node."),
    user("parallel_setup_cost", "1000", COST, "Sets the planner's estimate of the cost of starting up worker processes for parallel query."),
    user("parallel_tuple_cost", "0.1", COST, "Sets the planner's estimate of the cost of passing each tuple (row) from worker to leader backend."),
    user("password_encryption", "scram-sha-256", Kind::Enum(&["md5", "scram-sha-256"]), "Chooses the algorithm for encrypting passwords."),
    user("plan_cache_mode", "auto", Kind::Enum(&["auto", "force_generic_plan", "force_custom_plan"]), "Controls the planner's selection of custom or generic plan."),
    user("quote_all_identifiers", "off", Kind::Bool, "When generating SQL fragments, quote all identifiers."),
    user("random_page_cost", "4", COST, "Sets the planner's estimate of the cost of a nonsequentially fetched disk page."),
    user("role", "none", Kind::Role, "Sets the current role."),
    user("row_security", "on", Kind::Bool, "Enables row security."),
    reported("scram_iterations", "4096", int(1, MAX), "Sets the iteration count for SCRAM secret generation."),
    reported("search_path", "\"$user\", public", Kind::NameList, "Sets the schema search order for names that are not schema-qualified."),
    user("seq_page_cost", "1", COST, "Sets the planner's estimate of the cost of a sequentially fetched disk page."),
    told("server_encoding", "UTF8", Kind::Text, "Shows the server (database) character set encoding."),
    told("server_version", SERVER_VERSION, Kind::Text, "Shows the server version."),
    fixed("server_version_num", SERVER_VERSION_NUM, int(0, MAX), "Shows the server version as an integer."),
    reported("session_authorization", "", Kind::Role, "Sets the session user name."),
    superuser("session_replication_role", "origin", Kind::Enum(&["origin", "replica", "local"]), "Sets the session's behavior for triggers and rewrite rules."),
    fixed("shared_buffers", "16384", Kind::Int { min: 16, max: MAX, unit: Unit::Blocks }, "Sets the number of shared memory buffers used by the server."),
    fixed("ssl", "off", Kind::Bool, "Enables SSL connections."),
    reported("standard_conforming_strings", "on", Kind::OnOnly, "Causes '...' strings to treat backslashes literally."),
    user("statement_timeout", "0", TIMEOUT, "Sets the maximum allowed duration of any statement."),
    user("synchronize_seqscans", "on", Kind::Bool, "Enable synchronized sequential scans."),
    user("synchronous_commit", "on", Kind::Enum(&["local", "remote_write", "remote_apply", "on", "off"]), "Sets the current transaction's synchronization level."),
    user("temp_buffers", "1024", Kind::Int { min: 100, max: MAX, unit: Unit::Blocks }, "Sets the maximum number of temporary buffers used by each session."),
    user("temp_tablespaces", "", Kind::NameList, "Sets the tablespace(s) to use for temporary tables and sort files."),
    reported("TimeZone", "UTC", Kind::TimeZone, "Sets the time zone for displaying and interpreting time stamps."),
    user("timezone_abbreviations", "Default", Kind::Text, "Selects a file of time zone abbreviations."),
    user("track_activities", "on", Kind::Bool, "Collects information about executing commands."),
    user("transaction_deferrable", "off", Kind::Bool, "Whether to defer a read-only serializable transaction until it can be executed with no possible serialization failures."),
    user("transaction_isolation", "read committed", ISOLATION, "Sets the current transaction's isolation level."),
    user("transaction_read_only", "off", Kind::Bool, "Sets the current transaction's read-only status."),
    user("transaction_timeout", "0", TIMEOUT, "Sets the maximum allowed duration of any transaction within a session (not a prepared transaction)."),
    user("transform_null_equals", "off", Kind::Bool, "Treats \"expr=NULL\" as \"expr IS NULL\"."),
    user("vacuum_cost_delay", "0", Kind::Real { min: 0.0, max: 100.0 }, "Vacuum cost delay in milliseconds."),
    at_start("wal_level", "replica", Kind::Enum(&["minimal", "replica", "logical"]), "Sets the level of information written to the WAL."),
    user("work_mem", "4096", kilobytes(64), "Sets the maximum memory to be used for query workspaces."),
    user("xmlbinary", "base64", Kind::Enum(&["base64", "hex"]), "Sets how binary values are to be encoded in XML."),
    user("xmloption", "content", Kind::Enum(&["content", "document"]), "Sets whether XML data in implicit parsing and serialization operations is to be considered as documents or content fragments."),
];

/// The setting called `name`, in any case; `SET TIME ZONE` and its like already use PostgreSQL's names.
pub fn find(name: &str) -> Option<usize> {
    KNOWN.binary_search_by(|known| compare(known.name, name)).ok()
}

/// Order of two names without regard to case.
fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    one.bytes().map(|b| b.to_ascii_lowercase()).cmp(other.bytes().map(|b| b.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::values::Role;

    #[test]
    fn sorted_so_that_every_name_is_found() {
        for (index, known) in KNOWN.iter().enumerate() {
            assert_eq!(find(&known.name.to_uppercase()), Some(index), "{} is out of order", known.name);
        }
        assert_eq!(find("no_such"), None);
    }

    #[test]
    fn every_default_is_a_value_of_its_kind() {
        let role = Role { user: "" };
        for known in KNOWN.iter().filter(|known| known.name != "session_authorization") {
            let value = [known.default.to_owned()];
            let canonical = known.kind.check(known.name, &value, &role, known.default);
            if !matches!(known.kind, Kind::NameList) {
                assert_eq!(canonical.unwrap(), known.default, "{}", known.name);
            }
        }
    }
}
