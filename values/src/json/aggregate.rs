//! The states of the aggregates over json and jsonb.

use std::collections::HashSet;

use super::build::{Arg, duplicate_key, null_key, to_json};
use super::check_size;
use super::print::write_escaped;
use super::scan::Kind;
use super::tree::key_order;
use crate::{Result, ValueError};

/// The state of `json_agg` and `jsonb_agg` (and `JSON_ARRAYAGG`); of none the result is NULL.
#[derive(Debug, Clone, Default)]
pub struct ArrayAgg {
    /// The elements, each behind its separator.
    out: String,
    any: bool,
    rows: bool,
}

impl ArrayAgg {
    /// A row whose null is left out (ABSENT ON NULL): the array may be empty, but isn't NULL.
    pub fn skip(&mut self) {
        self.rows = true;
    }

    pub fn push(&mut self, kind: Kind, value: Arg<'_>) -> Result<()> {
        if self.any {
            self.out.push_str(", ");
            if kind == Kind::Json && matches!(value, Arg::Composite(_)) {
                self.out.push_str("\n ");
            }
        }
        self.any = true;
        match kind {
            Kind::Json => value.write_json(&mut self.out),
            Kind::Jsonb => value.to_tree()?.write(&mut self.out),
        }
        check_size(self.out.len())
    }

    /// Appends what another part of the rows gave.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.rows |= other.rows;
        if !other.any {
            return Ok(());
        }
        if self.any {
            self.out.push_str(", ");
        }
        self.any = true;
        self.out.push_str(&other.out);
        check_size(self.out.len())
    }

    pub fn finish(&self) -> Option<String> {
        (self.any || self.rows).then(|| format!("[{}]", self.out))
    }

    /// How much memory the state takes, roughly.
    pub fn size(&self) -> usize {
        self.out.capacity()
    }
}

/// The state of `json_object_agg` and `jsonb_object_agg` (and `JSON_OBJECTAGG`); of none the result is NULL.
#[derive(Debug, Clone, Default)]
pub struct ObjectAgg {
    /// The pairs, each key followed by its value as json or jsonb.
    pairs: Vec<(String, String)>,
    seen: HashSet<String>,
    size: usize,
    any: bool,
}

impl ObjectAgg {
    pub fn push(
        &mut self,
        kind: Kind,
        key: Arg<'_>,
        value: Arg<'_>,
        absent_on_null: bool,
        unique_keys: bool,
    ) -> Result<()> {
        self.any = true;
        let key = key.key(|| match kind {
            Kind::Json => null_key(),
            Kind::Jsonb => ValueError::invalid_parameter("field name must not be null"),
        })?;
        let skipped = absent_on_null && value == Arg::Null;
        if unique_keys && !self.seen.insert(key.to_string()) {
            return Err(duplicate_key(kind, key));
        }
        if skipped {
            return Ok(());
        }
        let value = to_json(kind, value)?;
        self.size = self.size.saturating_add(key.len()).saturating_add(value.len()).saturating_add(8);
        self.pairs.push((key.to_string(), value));
        check_size(self.size)
    }

    /// Appends what another part of the rows gave.
    pub fn merge(&mut self, kind: Kind, other: Self, unique_keys: bool) -> Result<()> {
        self.any |= other.any;
        if unique_keys {
            for key in other.seen {
                if self.seen.contains(&key) {
                    return Err(duplicate_key(kind, &key));
                }
                self.seen.insert(key);
            }
        }
        self.size = self.size.saturating_add(other.size);
        self.pairs.extend(other.pairs);
        check_size(self.size)
    }

    pub fn finish(&self, kind: Kind) -> Result<Option<String>> {
        if !self.any {
            return Ok(None);
        }
        let mut out = String::with_capacity(self.size);
        match kind {
            Kind::Json => {
                out.push_str("{ ");
                for (i, (key, value)) in self.pairs.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    write_escaped(&mut out, key);
                    out.push_str(" : ");
                    out.push_str(value);
                }
                out.push_str(" }");
            }
            Kind::Jsonb => {
                // The values are canonical already; only the keys are ordered.
                let mut pairs: Vec<_> = self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
                pairs.sort_by(|(a, _), (b, _)| key_order(a, b));
                out.push('{');
                let mut first = true;
                for (i, (key, value)) in pairs.iter().enumerate() {
                    if pairs.get(i + 1).is_some_and(|(next, _)| next == key) {
                        continue;
                    }
                    if !std::mem::take(&mut first) {
                        out.push_str(", ");
                    }
                    write_escaped(&mut out, key);
                    out.push_str(": ");
                    out.push_str(value);
                }
                out.push('}');
            }
        }
        check_size(out.len())?;
        Ok(Some(out))
    }

    /// How much memory the state takes, roughly.
    pub fn size(&self) -> usize {
        self.size.saturating_add(self.pairs.capacity().saturating_mul(48))
    }
}
