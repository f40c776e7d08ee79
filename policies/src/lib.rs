//! Policy files to decisions: who sees which tables, columns and rows, and what is masked.
//!
//! ```no_run
//! # fn main() -> Result<(), Vec<weir_policies::PolicyError>> {
//! use weir_policies::{Decision, PolicySet};
//!
//! let set = PolicySet::load("policies".as_ref())?;
//! if let Some(ana) = set.principal("ana") {
//!     match set.rights(&ana).decide("lake", "orders", &["id", "country", "total"]) {
//!         Decision::Denied => println!("no such table"),
//!         Decision::Granted(grant) => println!("{} columns, filter {:?}", grant.columns.len(), grant.filter),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A policy folder holds `policy.csv` (grants and roles, in casbin's form), and if wanted `users.toml`, `rows.toml`,
//! `masks.toml`, `tags.toml`, `model.conf`, and `domains.toml` with a folder per data domain. [`PolicySet::load`] reads all of it or refuses all of it, with every mistake's
//! file and line; [`PolicySet::check`] then holds the rules against the tables that there are.
//!
//! What the rules mean:
//!
//! - Nothing is visible unless granted, and a denial wins over every grant.
//! - A row filter binds the roles that it names, through these roles' own grants. Within one role all filters hold together; a
//!   principal sees the union of what each granting role (or a grant to the user itself) shows. This is exact per cell: a
//!   column that only some of the roles grant shows only on the rows that these roles see
//!   ([`ColumnDecision::shown_where`]). A filter with `roles = ["*"]` binds everyone.
//! - Of the masks that cover a column, the first one in the file that doesn't spare the principal applies.
//! - A domain's files speak of the schemas that `domains.toml` gives to it, and of nothing else. Its own roles, named
//!   `DOMAIN.NAME`, bear on these schemas alone, whichever file speaks of them; and only these roles it may hand out.
//!   The house's masks go before a domain's.
//! - Names are the catalog's, compared exactly, part by part.
//!
//! Invariants:
//!
//! - A set is immutable, and whole: there is no way to have half of one.
//! - Decisions are plain data and depend on nothing but the set and the principal. This crate knows no SQL engine:
//!   conditions and expressions are text here; the planner parses and type-checks them.
//! - Casbin stays inside `enforcer.rs`. It answers which rules and roles there are, once; decisions come from an index
//!   over that, so their cost doesn't grow with the number of rules.
//! - No secret is shown by `Debug` or in a message.

mod condition;
mod csv;
mod decision;
mod diff;
mod document;
mod domains;
mod enforcer;
mod error;
mod expectations;
mod files;
mod folder;
mod grants;
mod index;
mod inventory;
mod lookup;
mod masks;
mod model;
mod parts;
mod pattern;
mod principal;
mod rights;
mod rows;
mod scram;
mod set;
mod tags;
mod users;

pub use condition::RowCondition;
pub use decision::{ColumnDecision, Decision, FieldMask, Grant, RuleKind, RuleRef};
pub use diff::{Change, ChangeKind};
pub use error::PolicyError;
pub use expectations::{ExpectedAnswer, Failure, Outcome, PolicyTest, ShowsValue, Verdict};
pub use inventory::{About, Inventory, InventoryTable};
pub use lookup::Membership;
pub use masks::{Mask, MaskKind, Period};
pub use principal::{Attribute, Principal};
pub use rights::{Grantor, Reasons, Rights, Spared};
pub use rows::FilterRule;
pub use scram::{ScramError, ScramVerifier};
pub use set::PolicySet;
