//! Which of several functions or operators of one name a call means: PostgreSQL's rules (documentation, chapters 10.2 and
//! 10.3, `func_select_candidate`), and the type that alternatives share (10.5).

use super::types::{Base, Category, Coercion, PgType, can_coerce};

/// What can be called: the types of its arguments.
pub(crate) trait Candidate {
    fn arguments(&self) -> &[PgType];
}

/// Why no candidate was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    None,
    Several,
}

/// The candidate that a call with arguments of these types means.
pub(crate) fn choose<'c, C: Candidate>(candidates: &'c [C], arguments: &[PgType]) -> Result<&'c C, Undecided> {
    let same_length = candidates.iter().filter(|c| c.arguments().len() == arguments.len());
    let same_length: Vec<&C> = same_length.collect();
    let is_exact = |c: &&&C| c.arguments().iter().zip(arguments).all(|(want, have)| same(*want, *have));
    if let Some(exact) = same_length.iter().find(is_exact) {
        return Ok(exact);
    }
    if let Some(assumed) = as_the_other(&same_length, arguments) {
        return Ok(assumed);
    }
    let fits = |c: &&C| c.arguments().iter().zip(arguments).all(|(w, h)| can_coerce(*h, *w, Coercion::Implicit));
    let fitting: Vec<&C> = same_length.into_iter().filter(fits).collect();
    narrow(fitting, arguments)
}

fn same(want: PgType, have: PgType) -> bool {
    want.base == have.base && want.is_array == have.is_array
}

/// Of an operator with one argument of unknown type: as if that were of the other's type.
fn as_the_other<'c, C: Candidate>(candidates: &[&'c C], arguments: &[PgType]) -> Option<&'c C> {
    let known = match arguments {
        [a, b] if a.is(Base::Unknown) && !b.is(Base::Unknown) => *b,
        [a, b] if b.is(Base::Unknown) && !a.is(Base::Unknown) => *a,
        _ => return None,
    };
    candidates.iter().find(|c| c.arguments().iter().all(|want| same(*want, known))).copied()
}

fn narrow<'c, C: Candidate>(mut left: Vec<&'c C>, arguments: &[PgType]) -> Result<&'c C, Undecided> {
    let known = |at: usize| !arguments[at].is(Base::Unknown);
    keep_best(&mut left, |c| count(c, |at, want| known(at) && same(want, arguments[at])));
    if let Some(one) = only(&left)? {
        return Ok(one);
    }
    keep_best(&mut left, |c| {
        count(c, |at, want| known(at) && (same(want, arguments[at]) || preferred(want, arguments[at].category())))
    });
    if let Some(one) = only(&left)? {
        return Ok(one);
    }
    for at in (0..arguments.len()).filter(|at| !known(*at)) {
        let categories: Vec<Category> = left.iter().map(|c| c.arguments()[at].category()).collect();
        let first = categories.first().copied().ok_or(Undecided::None)?;
        let category = match categories.contains(&Category::String) {
            true => Category::String,
            false if categories.iter().all(|c| *c == first) => first,
            false => return last_resort(&left, arguments),
        };
        let has_preferred = left.iter().any(|c| preferred(c.arguments()[at], category));
        left.retain(|c| {
            let want = c.arguments()[at];
            want.category() == category && (!has_preferred || want.is_preferred())
        });
    }
    match only(&left)? {
        Some(one) => Ok(one),
        None => last_resort(&left, arguments),
    }
}

/// If all known arguments are of one type, those of unknown type may be, too.
fn last_resort<'c, C: Candidate>(left: &[&'c C], arguments: &[PgType]) -> Result<&'c C, Undecided> {
    let mut known = arguments.iter().filter(|a| !a.is(Base::Unknown));
    let Some(first) = known.next() else { return Err(Undecided::Several) };
    if known.any(|other| !same(*first, *other)) {
        return Err(Undecided::Several);
    }
    let mut fitting = left.iter().filter(|c| c.arguments().iter().all(|w| can_coerce(*first, *w, Coercion::Implicit)));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(Undecided::Several),
    }
}

fn preferred(want: PgType, category: Category) -> bool {
    want.is_preferred() && want.category() == category
}

fn count<C: Candidate>(candidate: &C, counts: impl Fn(usize, PgType) -> bool) -> usize {
    candidate.arguments().iter().enumerate().filter(|(at, want)| counts(*at, **want)).count()
}

fn keep_best<C>(left: &mut Vec<&C>, score: impl Fn(&C) -> usize) {
    let best = left.iter().map(|c| score(c)).max().unwrap_or(0);
    left.retain(|c| score(c) == best);
}

fn only<'c, C>(left: &[&'c C]) -> Result<Option<&'c C>, Undecided> {
    match left {
        [] => Err(Undecided::None),
        [one] => Ok(Some(one)),
        _ => Ok(None),
    }
}

/// The type that UNION, CASE, VALUES and their kin give alternatives of these types (10.5), or the two that share none: the
/// one that the alternatives so far have, and the place of the one that doesn't go with it.
pub(crate) fn common_type(types: &[PgType]) -> Result<PgType, (PgType, usize)> {
    let mut known = types.iter().copied().enumerate().filter(|(_, t)| !t.is(Base::Unknown));
    let Some((_, mut chosen)) = known.next() else { return Ok(Base::Text.into()) };
    for (at, next) in known {
        if same(next, chosen) {
            if next.typmod != chosen.typmod {
                chosen = chosen.without_modifier();
            }
            continue;
        }
        if next.category() != chosen.category() {
            return Err((chosen, at));
        }
        let to_next = can_coerce(chosen, next, Coercion::Implicit);
        let from_next = can_coerce(next, chosen, Coercion::Implicit);
        if !chosen.is_preferred() && to_next && !from_next {
            chosen = next;
        }
        chosen = chosen.without_modifier();
    }
    Ok(chosen)
}
