//! Arguments that are given by their names.

use std::collections::HashSet;

use pg_query::NodeEnum;
use pg_query::protobuf::FuncCall;

use super::calls::{Argument, Call};
use super::catalog::Function;
use super::expr::location;
use super::resolve::{Undecided, choose};
use super::types::PgType;
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;

impl Binder<'_> {
    /// Each name comes once, and what has none comes before them.
    pub(super) fn check_names(&self, node: &FuncCall) -> Result<()> {
        let wrong = |message: String, location| Err(PlanError::Grammar { message, position: self.position(location) });
        let mut seen = HashSet::new();
        for argument in node.args.iter().filter_map(|argument| argument.node.as_ref()) {
            match argument {
                NodeEnum::NamedArgExpr(named) if !seen.insert(named.name.as_str()) => {
                    return wrong(format!("argument name \"{}\" used more than once", named.name), named.location);
                }
                NodeEnum::NamedArgExpr(_) => {}
                other if !seen.is_empty() => {
                    return wrong("positional argument cannot follow named argument".to_owned(), location(other));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `f(a, name => b)`: each argument goes to its place, and what isn't given has its default.
    pub(super) fn resolved_by_names<'q>(
        &mut self,
        functions: &'static [Function],
        node: &'q FuncCall,
        arguments: Vec<Argument<'_>>,
    ) -> Result<Call<'q>> {
        let place = |function: &Function, at: usize, argument: &Argument<'_>| match argument.name {
            Some(name) => function.names.iter().take(function.arguments.len()).position(|known| *known == name),
            None => Some(at),
        };
        let takes = |function: &&Function| {
            let least = function.arguments.len().saturating_sub(function.defaults);
            let places: Option<Vec<usize>> =
                arguments.iter().enumerate().map(|(at, argument)| place(function, at, argument)).collect();
            places.is_some_and(|places| {
                let distinct: HashSet<&usize> = places.iter().collect();
                distinct.len() == places.len() && (0..least).all(|at| places.contains(&at))
            })
        };
        let given: Vec<PgType> = arguments.iter().map(|argument| argument.typed.ty).collect();
        let Some(function) = functions.iter().find(takes) else {
            return Err(self.no_function(node, &given, Undecided::None));
        };
        let count = function.arguments.len();
        let mut placed: Vec<Option<Argument<'_>>> = (0..count).map(|_| None).collect();
        for (at, argument) in arguments.into_iter().enumerate() {
            match place(function, at, &argument).and_then(|at| placed.get_mut(at)) {
                Some(slot) => *slot = Some(argument),
                None => return Err(not_yet("this call")),
            }
        }
        let mut defaults = self.defaults(function, function.defaults)?;
        let first = count - defaults.len();
        let mut all = Vec::with_capacity(count);
        for (at, slot) in placed.into_iter().enumerate() {
            all.push(match slot {
                Some(argument) => argument,
                None => {
                    let typed = std::mem::replace(&mut defaults[at - first], Typed::null());
                    Argument { name: None, typed, location: -1 }
                }
            });
        }
        let types: Vec<PgType> = all.iter().map(|argument| argument.typed.ty.without_modifier()).collect();
        let chosen = choose([function], &types).map_err(|why| self.no_function(node, &given, why))?;
        self.arranged(chosen, node, all)
    }
}
