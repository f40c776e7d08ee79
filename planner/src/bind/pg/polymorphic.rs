//! Polymorphic types (documentation, 36.2.5): what `anyelement` and its kin are in a call.

use super::resolve::common_type;
use super::types::{Base, PgType};

/// No argument tells the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undetermined;

/// What the types of one family stand for in a call.
#[derive(Clone, Copy)]
struct Family {
    element: Base,
    array: Base,
    non_array: Base,
    /// An element that is of an enum type.
    labelled: Option<Base>,
    range: Base,
    multirange: Base,
    /// Arguments are converted to a type that they share, rather than all being of one.
    converts: bool,
}

const FAMILIES: [Family; 2] = [
    Family {
        element: Base::Anyelement,
        array: Base::Anyarray,
        non_array: Base::Anynonarray,
        labelled: Some(Base::Anyenum),
        range: Base::Anyrange,
        multirange: Base::Anymultirange,
        converts: false,
    },
    Family {
        element: Base::Anycompatible,
        array: Base::Anycompatiblearray,
        non_array: Base::Anycompatiblenonarray,
        labelled: None,
        range: Base::Anycompatiblerange,
        multirange: Base::Anycompatiblemultirange,
        converts: true,
    },
];

/// How an argument's type follows from the family's element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Element,
    Array,
    Range,
    Multirange,
}

impl Family {
    fn role(&self, declared: PgType) -> Option<Role> {
        match declared.base {
            base if base == self.element || base == self.non_array || Some(base) == self.labelled => {
                Some(Role::Element)
            }
            base if base == self.array => Some(Role::Array),
            base if base == self.range => Some(Role::Range),
            base if base == self.multirange => Some(Role::Multirange),
            _ => None,
        }
    }

    /// The types that arguments tell of the element; `None` if one can't have its place, and no type if all are unknown.
    fn elements(&self, declared: &[PgType], actual: &[PgType]) -> Option<Vec<PgType>> {
        let mut elements = Vec::new();
        for (declared, actual) in declared.iter().zip(actual) {
            let Some(role) = self.role(*declared) else { continue };
            if actual.is(Base::Unknown) {
                continue;
            }
            elements.push(match role {
                Role::Element if declared.base == self.non_array && actual.is_array => return None,
                Role::Element if Some(declared.base) == self.labelled && !actual.is_enum() => return None,
                Role::Element => *actual,
                Role::Array if actual.or_array().is_array => actual.or_array().element(),
                Role::Range if !actual.is_array && !actual.base.is_multirange() => actual.base.range_of()?.into(),
                Role::Multirange if !actual.is_array && actual.base.is_multirange() => actual.base.range_of()?.into(),
                _ => return None,
            });
        }
        Some(elements)
    }

    fn element_of(&self, declared: &[PgType], actual: &[PgType]) -> Option<Option<PgType>> {
        let elements = self.elements(declared, actual)?;
        let Some(first) = elements.first() else { return Some(None) };
        match self.converts {
            true => common_type(&elements).ok().map(Some),
            false => elements.iter().all(|other| first.same(*other)).then_some(Some(*first)),
        }
    }

    fn range_of(&self, declared: &[PgType], actual: &[PgType]) -> Option<PgType> {
        declared.iter().zip(actual).find_map(|(declared, actual)| match self.role(*declared)? {
            Role::Range if !actual.is(Base::Unknown) => Some(*actual),
            Role::Multirange => actual.base.other_range().map(PgType::from),
            _ => None,
        })
    }

    fn concrete(&self, declared: PgType, element: Option<PgType>, range: Option<PgType>) -> Option<PgType> {
        Some(match self.role(declared)? {
            Role::Element => element?.without_modifier(),
            Role::Array => element.filter(|element| !element.is_array)?.without_modifier().array_of(),
            Role::Range => range?,
            Role::Multirange => range?.base.other_range()?.into(),
        })
    }
}

/// Whether the arguments can have their places together.
pub(super) fn agree(declared: &[PgType], actual: &[PgType]) -> bool {
    let takes_enum = |family: &Family| declared.iter().any(|declared| Some(declared.base) == family.labelled);
    // What is of unknown type alone is of no enum type.
    let agrees = |family: &Family| match family.element_of(declared, actual) {
        Some(element) => element.is_some() || !takes_enum(family),
        None => false,
    };
    FAMILIES.iter().all(agrees)
}

/// The types of a call's arguments and result.
pub(super) fn instantiate(
    declared: &[PgType],
    actual: &[PgType],
    result: PgType,
) -> Result<(Vec<PgType>, PgType), Undetermined> {
    let is_polymorphic = |ty: &PgType| FAMILIES.iter().any(|family| family.role(*ty).is_some());
    if !is_polymorphic(&result) && !declared.iter().any(is_polymorphic) {
        let concrete = declared.iter().zip(actual).map(|(want, have)| of_any(*want, *have)).collect();
        return Ok((concrete, result));
    }
    let known: Vec<(Option<PgType>, Option<PgType>)> = FAMILIES
        .iter()
        .map(|family| (family.element_of(declared, actual).flatten(), family.range_of(declared, actual)))
        .collect();
    let concrete = |declared: PgType| {
        let found = FAMILIES.iter().zip(&known).find(|(family, _)| family.role(declared).is_some());
        match found {
            None => Ok(declared),
            // What only has alternatives of unknown type is text.
            Some((family, (None, range))) if family.converts => {
                family.concrete(declared, Some(Base::Text.into()), *range).ok_or(Undetermined)
            }
            Some((family, (element, range))) => family.concrete(declared, *element, *range).ok_or(Undetermined),
        }
    };
    let arguments = declared.iter().zip(actual).map(|(want, have)| match want.base {
        Base::Any => Ok(of_any(*want, *have)),
        _ => concrete(*want),
    });
    Ok((arguments.collect::<Result<_, _>>()?, concrete(result)?))
}

fn of_any(declared: PgType, actual: PgType) -> PgType {
    match declared.base {
        Base::Any if actual.is(Base::Unknown) => Base::Text.into(),
        Base::Any => actual,
        _ => declared,
    }
}
