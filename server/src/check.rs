//! `weir check`: reads config and policies, reaches every source, and says what is there and what is wrong.

use weir_planner::catalog::Discovered;

use crate::audit;
use crate::config::Config;
use crate::engine::{self, EngineError};
use crate::tls::Tls;

/// Prints what was found; false if anything is wrong.
pub async fn check(config: Config) -> Result<bool, EngineError> {
    let tls = config.tls.as_ref().map_or(Ok(()), |files| Tls::load(&files.cert, &files.key).map(drop));
    let audit = audit::check(&config.audit.path).map_err(|error| (config.audit.path.clone(), error));
    let surveyed = engine::survey(config).await?;
    if let Err(error) = &tls {
        println!("tls: {error}");
    }
    if let Err((path, error)) = &audit {
        println!("audit log {}: {error}", path.display());
    }
    for source in &surveyed.sources {
        println!("{}", describe(source));
    }
    match &surveyed.policies {
        Ok(set) => println!("policies: version {}", set.version()),
        Err(problems) => {
            println!("policies:");
            problems.iter().for_each(|problem| println!("  {problem}"));
        }
    }
    let sound = tls.is_ok() && audit.is_ok() && surveyed.policies.is_ok();
    Ok(sound && surveyed.sources.iter().all(|source| source.tables.is_ok()))
}

fn describe(source: &Discovered) -> String {
    match &source.tables {
        Err(error) => format!("source {}: {error}", source.source),
        Ok(tables) => {
            let mut text = format!("source {}: {} tables", source.source, tables.len());
            for table in tables {
                text += &format!("\n  {}.{} ({} columns)", table.schema, table.name, table.columns.fields().len());
            }
            text
        }
    }
}
