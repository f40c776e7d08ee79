//! Which of several functions or operators of one name a call means: PostgreSQL's rules (documentation, chapters 10.2 and
//! 10.3, `func_select_candidate`), and the type that alternatives share (10.5).

use super::catalog::{Function, Operator, cast};
use super::polymorphic::{self, instantiate};
use super::types::{Base, Category, Coercion, PgType};

/// What can be called: the types of its arguments, for so many of them.
pub(super) trait Candidate {
    /// The types that `count` arguments must have; `None` if it doesn't take so many.
    fn arguments(&self, count: usize) -> Option<Vec<PgType>>;
    fn result(&self) -> PgType;

    /// Takes any number of arguments: one of as many of the same types as are given goes before it.
    fn is_variadic(&self) -> bool {
        false
    }
}

impl Candidate for Operator {
    fn arguments(&self, count: usize) -> Option<Vec<PgType>> {
        (self.arguments.len() == count).then(|| self.arguments.clone())
    }

    fn result(&self) -> PgType {
        self.result
    }
}

impl Candidate for Function {
    fn arguments(&self, count: usize) -> Option<Vec<PgType>> {
        let declared = &self.arguments;
        if self.is_variadic {
            let (last, fixed) = declared.split_last()?;
            if count < declared.len() {
                return None;
            }
            let item = match last.base {
                Base::Anyarray => Base::Anyelement.into(),
                Base::Anycompatiblearray => Base::Anycompatible.into(),
                Base::Any => *last,
                _ => last.element(),
            };
            let repeated = std::iter::repeat_n(item, count - fixed.len());
            return Some(fixed.iter().copied().chain(repeated).collect());
        }
        let least = declared.len().saturating_sub(self.defaults);
        (least..=declared.len()).contains(&count).then(|| declared[..count].to_vec())
    }

    fn result(&self) -> PgType {
        self.result
    }

    fn is_variadic(&self) -> bool {
        self.is_variadic
    }
}

/// Why no candidate was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecided {
    None,
    Several,
    /// 42804: all arguments of a polymorphic function are of unknown type.
    Undetermined,
}

/// The candidate that a call means, with the types that its arguments are converted to and that it gives.
pub(super) struct Chosen<'c, C> {
    pub candidate: &'c C,
    pub arguments: Vec<PgType>,
    pub result: PgType,
}

/// A candidate, with the types that it takes of so many arguments.
struct Fitting<'c, C> {
    candidate: &'c C,
    takes: Vec<PgType>,
}

impl<C> Clone for Fitting<'_, C> {
    fn clone(&self) -> Self {
        Self { candidate: self.candidate, takes: self.takes.clone() }
    }
}

/// The candidate that a call with arguments of these types means.
pub(super) fn choose<'c, C: Candidate>(
    candidates: impl IntoIterator<Item = &'c C>,
    arguments: &[PgType],
) -> Result<Chosen<'c, C>, Undecided> {
    let takes = |candidate: &'c C| Some(Fitting { candidate, takes: candidate.arguments(arguments.len())? });
    let mut all: Vec<Fitting<'c, C>> = candidates.into_iter().filter_map(takes).collect();
    let fixed: Vec<Vec<PgType>> =
        all.iter().filter(|one| !one.candidate.is_variadic()).map(|one| one.takes.clone()).collect();
    all.retain(|one| !one.candidate.is_variadic() || !fixed.contains(&one.takes));
    let found = select(all, arguments)?;
    let (types, result) = instantiate(&found.takes, arguments, found.candidate.result())
        .map_err(|polymorphic::Undetermined| Undecided::Undetermined)?;
    Ok(Chosen { candidate: found.candidate, arguments: types, result })
}

fn select<'c, C>(all: Vec<Fitting<'c, C>>, arguments: &[PgType]) -> Result<Fitting<'c, C>, Undecided> {
    let is_exact = |c: &&Fitting<'c, C>| c.takes.iter().zip(arguments).all(|(want, have)| want.same(*have));
    if let Some(exact) = all.iter().find(is_exact) {
        return Ok(exact.clone());
    }
    if let Some(assumed) = as_the_other(&all, arguments) {
        return Ok(assumed);
    }
    let fitting = all.into_iter().filter(|c| fits(&c.takes, arguments)).collect();
    narrow(fitting, arguments)
}

/// Whether all arguments convert by themselves.
fn fits(takes: &[PgType], arguments: &[PgType]) -> bool {
    takes.iter().zip(arguments).all(|(want, have)| converts(*have, *want)) && polymorphic::agree(takes, arguments)
}

pub(super) fn converts(from: PgType, to: PgType) -> bool {
    from.is(Base::Unknown) || to.base.is_polymorphic() || cast(from, to, Coercion::Implicit).is_some()
}

/// Of an operator with one argument of unknown type: as if that were of the other's type.
fn as_the_other<'c, C>(candidates: &[Fitting<'c, C>], arguments: &[PgType]) -> Option<Fitting<'c, C>> {
    let known = match arguments {
        [a, b] if a.is(Base::Unknown) && !b.is(Base::Unknown) => *b,
        [a, b] if b.is(Base::Unknown) && !a.is(Base::Unknown) => *a,
        _ => return None,
    };
    candidates.iter().find(|c| c.takes.iter().all(|want| want.same(known))).cloned()
}

fn narrow<'c, C>(mut left: Vec<Fitting<'c, C>>, arguments: &[PgType]) -> Result<Fitting<'c, C>, Undecided> {
    let known = |at: usize| !arguments[at].is(Base::Unknown);
    if let Some(one) = only(&left)? {
        return Ok(one);
    }
    keep_best(&mut left, |c| count(c, |at, want| known(at) && want.same(arguments[at])));
    if let Some(one) = only(&left)? {
        return Ok(one);
    }
    keep_best(&mut left, |c| {
        count(c, |at, want| known(at) && (want.same(arguments[at]) || preferred(want, arguments[at].category())))
    });
    if let Some(one) = only(&left)? {
        return Ok(one);
    }
    if (0..arguments.len()).all(known) {
        return Err(Undecided::Several);
    }
    if let Some(by_category) = by_categories(&left, arguments) {
        if let Some(one) = only(&by_category).ok().flatten() {
            return Ok(one);
        }
        if !by_category.is_empty() {
            left = by_category;
        }
    }
    last_resort(&left, arguments)
}

/// The candidates that take, at the places of unknown type, what most of them agree on.
fn by_categories<'c, C>(left: &[Fitting<'c, C>], arguments: &[PgType]) -> Option<Vec<Fitting<'c, C>>> {
    let mut kept = left.to_vec();
    for at in (0..arguments.len()).filter(|at| arguments[*at].is(Base::Unknown)) {
        let categories: Vec<Category> = left.iter().map(|c| c.takes[at].category()).collect();
        let first = *categories.first()?;
        let category = match categories.contains(&Category::STRING) {
            true => Category::STRING,
            false if categories.iter().all(|c| *c == first) => first,
            false => return None,
        };
        let has_preferred = left.iter().any(|c| preferred(c.takes[at], category));
        kept.retain(|c| c.takes[at].category() == category && (!has_preferred || c.takes[at].is_preferred()));
    }
    Some(kept)
}

/// If all known arguments are of one type, those of unknown type may be, too.
fn last_resort<'c, C>(left: &[Fitting<'c, C>], arguments: &[PgType]) -> Result<Fitting<'c, C>, Undecided> {
    let mut known = arguments.iter().filter(|a| !a.is(Base::Unknown));
    let Some(first) = known.next() else { return Err(Undecided::Several) };
    if known.any(|other| !first.same(*other)) {
        return Err(Undecided::Several);
    }
    let assumed = vec![*first; arguments.len()];
    let mut fitting = left.iter().filter(|c| fits(&c.takes, &assumed));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one.clone()),
        _ => Err(Undecided::Several),
    }
}

fn preferred(want: PgType, category: Category) -> bool {
    want.is_preferred() && want.category() == category
}

fn count<C>(candidate: &Fitting<'_, C>, counts: impl Fn(usize, PgType) -> bool) -> usize {
    candidate.takes.iter().enumerate().filter(|(at, want)| counts(*at, **want)).count()
}

fn keep_best<'c, C>(left: &mut Vec<Fitting<'c, C>>, score: impl Fn(&Fitting<'c, C>) -> usize) {
    let best = left.iter().map(&score).max().unwrap_or(0);
    left.retain(|c| score(c) == best);
}

fn only<'c, C>(left: &[Fitting<'c, C>]) -> Result<Option<Fitting<'c, C>>, Undecided> {
    match left {
        [] => Err(Undecided::None),
        [one] => Ok(Some(one.clone())),
        _ => Ok(None),
    }
}

/// The type that UNION, CASE, VALUES and their kin give alternatives of these types (10.5), or the two that share none: the
/// one that the alternatives so far have, and the place of the one that doesn't go with it.
pub(super) fn common_type(types: &[PgType]) -> Result<PgType, (PgType, usize)> {
    let mut known = types.iter().copied().enumerate().filter(|(_, t)| !t.is(Base::Unknown));
    let Some((_, mut chosen)) = known.next() else { return Ok(Base::Text.into()) };
    // What isn't of the type has no modifier of it.
    if types.iter().any(|t| t.is(Base::Unknown)) {
        chosen = chosen.without_modifier();
    }
    for (at, next) in known {
        if next.same(chosen) {
            if next.typmod != chosen.typmod {
                chosen = chosen.without_modifier();
            }
            continue;
        }
        if next.category() != chosen.category() {
            return Err((chosen, at));
        }
        let to_next = cast(chosen, next, Coercion::Implicit).is_some();
        let from_next = cast(next, chosen, Coercion::Implicit).is_some();
        if !chosen.is_preferred() && to_next && !from_next {
            chosen = next;
        }
        chosen = chosen.without_modifier();
    }
    Ok(chosen)
}
