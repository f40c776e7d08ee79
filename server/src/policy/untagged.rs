//! `weir policy explain --untagged`: columns that look personal, by their name or by a sample of their values, and that
//! carry no tag. It tells which columns, and how many values look so; never a value.

mod detect;
mod leaves;
mod sample;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use weir_connectors::TableInfo;
use weir_planner::PlanError;
use weir_policies::PolicySet;

use super::PolicyCommandError;
use crate::config::Config;
use crate::engine::{Engine, EngineError};
use crate::sqlstate::SqlError;
use detect::Look;
use leaves::{is_candidate, leaves};
use sample::Sampler;

/// What was found.
#[derive(Default)]
pub struct Report {
    suspects: Vec<Suspect>,
    /// Tables, and schemas, that couldn't be read, with the reason.
    unread: Vec<(String, String)>,
    sampled_tables: usize,
}

impl Report {
    /// Whether everything could be looked at.
    pub fn is_whole(&self) -> bool {
        self.unread.is_empty()
    }
}

/// A column, or a field in one, that looks personal.
struct Suspect {
    /// `schema.table.column`, and names inside of the column.
    column: String,
    look: Look,
    by_name: bool,
    /// How many of the sampled values look so.
    alike: usize,
    sampled: usize,
    /// Masks that name the column itself.
    masks: Vec<String>,
}

/// Looks at every table of every source.
pub async fn run(mut config: Config) -> Result<Report, PolicyCommandError> {
    // Nobody has asked these statements: they are on no record.
    config.audit.path = "/dev/null".into();
    let engine = Engine::start_untested(config).await?;
    let world = engine.world();
    let sampler = Sampler::new(&engine, &world.catalog).map_err(EngineError::Policies)?;
    let mut report = Report::default();
    for (schema, down) in world.catalog.down() {
        let reason = format!("source {} can't be reached: {}", down.source, down.reason);
        report.unread.push((schema.clone(), reason));
    }
    for table in world.catalog.tables() {
        let columns = untagged(table, &world.policies);
        if !columns.is_empty() {
            look_at(table, &columns, &sampler, &world.policies, &mut report).await?;
        }
    }
    Ok(report)
}

/// A table that can't be read is judged by its names alone.
async fn look_at(
    table: &TableInfo,
    columns: &[usize],
    sampler: &Sampler<'_>,
    policies: &PolicySet,
    report: &mut Report,
) -> Result<(), SqlError> {
    let schema = table.columns.project(columns).map_err(of_arrow)?;
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut tallies = BTreeMap::new();
    // So that every leaf is known, however many rows there are.
    tally(&RecordBatch::new_empty(Arc::new(schema.clone())), &mut tallies)?;
    match sampler.sample(table, &names).await {
        Ok(batches) => {
            report.sampled_tables += 1;
            batches.iter().try_for_each(|batch| tally(batch, &mut tallies))?;
        }
        Err(error) => report.unread.push((format!("{}.{}", table.schema, table.name), error.message)),
    }
    report.suspects.extend(tallies.iter().flat_map(|(path, tally)| suspects(table, path, tally, policies)));
    Ok(())
}

/// Columns without a tag that could hold what is looked for.
fn untagged(table: &TableInfo, policies: &PolicySet) -> Vec<usize> {
    let fields = table.columns.fields().iter().enumerate();
    let candidates = fields.filter(|(_, field)| is_candidate(field.data_type()));
    let untagged = candidates.filter(|(_, f)| policies.tags_of(&table.schema, &table.name, &[f.name()]).is_empty());
    untagged.map(|(index, _)| index).collect()
}

/// What the values of one leaf look like.
#[derive(Default)]
struct Tally {
    sampled: usize,
    alike: BTreeMap<Look, usize>,
    is_text: bool,
}

/// Counts what is in a batch, by path.
fn tally(batch: &RecordBatch, tallies: &mut BTreeMap<Vec<String>, Tally>) -> Result<(), SqlError> {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        for leaf in leaves(field, column).map_err(of_arrow)? {
            tallies.entry(leaf.path).or_default().add(leaf.is_text, leaf.values.as_string::<i32>().iter().flatten());
        }
    }
    Ok(())
}

/// An error that names no value.
fn of_arrow(error: ArrowError) -> SqlError {
    SqlError::from(PlanError::from(DataFusionError::from(error))).without_values()
}

fn suspects(table: &TableInfo, path: &[String], tally: &Tally, policies: &PolicySet) -> Vec<Suspect> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let (Some((column, fields)), Some(name)) = (path.split_first(), path.last()) else { return Vec::new() };
    if !policies.tags_of(&table.schema, &table.name, &path).is_empty() {
        return Vec::new();
    }
    let masks = policies.masks_of(&table.schema, &table.name, column).into_iter().cloned();
    let within = policies.masks_within(&table.schema, &table.name, column).into_iter();
    let covering = within.filter(|mask| (1..=fields.len()).any(|length| mask.covers(&fields[..length])));
    let masks: Vec<String> = masks.chain(covering.map(|found| found.mask)).map(|mask| mask.name.to_string()).collect();
    let looks = tally.looks(name).into_iter();
    let path = path.join(".");
    looks
        .map(|(look, by_name)| Suspect {
            column: format!("{}.{}.{path}", table.schema, table.name),
            look,
            by_name,
            alike: tally.alike.get(&look).copied().unwrap_or_default(),
            sampled: tally.sampled,
            masks: masks.clone(),
        })
        .collect()
}

impl Tally {
    fn add<'v>(&mut self, is_text: bool, values: impl Iterator<Item = &'v str>) {
        self.is_text = is_text;
        for value in values.filter(|value| !value.trim().is_empty()) {
            self.sampled += 1;
            if let Some(look) = detect::of_value(value).filter(|look| is_text || look.fits_numbers()) {
                *self.alike.entry(look).or_default() += 1;
            }
        }
    }

    /// What a leaf of this name looks like, and whether its name says so.
    fn looks(&self, name: &str) -> Vec<(Look, bool)> {
        let named = detect::of_name(name).filter(|look| self.is_text || look.fits_numbers());
        let alike = self.alike.iter().filter(|(look, count)| {
            **count as f64 >= look.share_needed() * self.sampled as f64 && Some(**look) != named
        });
        named.map(|look| (look, true)).into_iter().chain(alike.map(|(look, _)| (*look, false))).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.suspects.iter().map(|suspect| suspect.column.len()).max().unwrap_or_default();
        for suspect in &self.suspects {
            writeln!(f, "{:width$}  {suspect}", suspect.column)?;
        }
        for (what, reason) in &self.unread {
            writeln!(f, "{what}: can't be sampled: {reason}")?;
        }
        let found = self.suspects.len();
        writeln!(f, "{found} found without a tag; {} tables sampled, {} not", self.sampled_tables, self.unread.len())
    }
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:14}  ", self.look.to_string())?;
        if self.by_name {
            f.write_str("by its name; ")?;
        }
        match self.sampled {
            0 => f.write_str("no value sampled")?,
            sampled => write!(f, "{} of {sampled} sampled values", self.alike)?,
        }
        match self.masks.as_slice() {
            [] => Ok(()),
            masks => write!(f, "; named by mask {}", masks.join(", ")),
        }
    }
}
