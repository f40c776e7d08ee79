//! `EXPLAIN` and its options.

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, Node};

use super::Query;
use crate::PlanError;

/// Which stage's plan is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Names resolved, nothing decided.
    Bound,
    /// Filters and masks applied.
    Permitted,
    /// As it runs.
    #[default]
    Optimized,
}

/// An `EXPLAIN` of a query.
#[derive(Debug, Clone)]
pub struct Explain {
    pub query: Query,
    /// Run it and show what it did.
    pub analyze: bool,
    pub stage: Stage,
}

pub(super) fn explain(query: Query, options: &[Node]) -> Result<Explain, PlanError> {
    let mut explain = Explain { query, analyze: false, stage: Stage::default() };
    for option in options {
        if let Some(NodeEnum::DefElem(option)) = &option.node {
            apply(&mut explain, option)?;
        }
    }
    Ok(explain)
}

fn apply(explain: &mut Explain, option: &DefElem) -> Result<(), PlanError> {
    let name = &option.defname;
    let value = option.arg.as_deref().and_then(|arg| arg.node.as_ref()).map(|arg| match arg {
        NodeEnum::String(text) => text.sval.to_lowercase(),
        NodeEnum::Integer(number) => number.ival.to_string(),
        NodeEnum::Boolean(truth) => truth.boolval.to_string(),
        NodeEnum::Float(number) => number.fval.clone(),
        _ => String::new(),
    });
    match name.as_str() {
        "analyze" => explain.analyze = flag(name, value.as_deref())?,
        "stage" => explain.stage = stage(value.as_deref())?,
        // They change PostgreSQL's layout, not its meaning: accepted, as tools send them.
        "verbose" | "costs" | "buffers" | "timing" | "summary" | "settings" | "wal" | "memory" | "generic_plan" => {
            flag(name, value.as_deref())?;
        }
        "format" if matches!(value.as_deref(), Some("text")) => {}
        "format" => return Err(PlanError::Unsupported { what: "an EXPLAIN format other than text".to_owned() }),
        _ => return Err(syntax(format!("unrecognized EXPLAIN option \"{name}\""))),
    }
    Ok(())
}

fn flag(name: &str, value: Option<&str>) -> Result<bool, PlanError> {
    match value {
        None | Some("true" | "on" | "1") => Ok(true),
        Some("false" | "off" | "0") => Ok(false),
        Some(_) => Err(syntax(format!("{name} requires a Boolean value"))),
    }
}

fn stage(value: Option<&str>) -> Result<Stage, PlanError> {
    match value {
        Some("bound") => Ok(Stage::Bound),
        Some("permitted") => Ok(Stage::Permitted),
        Some("optimized") => Ok(Stage::Optimized),
        _ => Err(syntax("stage requires one of bound, permitted, optimized".to_owned())),
    }
}

fn syntax(message: String) -> PlanError {
    PlanError::Syntax { message, detail: None, position: None }
}
