//! Composite types of sources as binding sees them. Each has a number, by which the modifier of `record` tells it: a value of one
//! is a record whose fields are known. What is known of one stays known as long as the process runs.

use std::collections::HashMap;
use std::sync::LazyLock;

use arrow::datatypes::{DataType, Field, Fields};
use parking_lot::RwLock;
use weir_connectors::pgtype::{self, CompositeType, OwnType};
use weir_values::text::quote_ident;

use super::enum_types::marked;
use super::types::{Base, PgType};

pub(crate) struct Composite {
    pub own: OwnType,
    /// `format_type()`
    pub shown: String,
    /// How its values are held: a struct of its fields, each marked with its type.
    pub data: DataType,
    pub fields: Vec<CompositeField>,
    is_on_path: bool,
}

pub(crate) struct CompositeField {
    pub ty: PgType,
    /// The same with its modifier.
    pub declared: PgType,
    pub data: DataType,
}

#[derive(Default)]
struct Known {
    numbers: HashMap<(CompositeType, bool), i32>,
    all: Vec<&'static Composite>,
}

static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

impl Composite {
    /// The type, shown as one that its name alone does or doesn't mean; `None` if one of its fields isn't known here.
    pub fn of(definition: &CompositeType, is_on_path: bool) -> Option<PgType> {
        let key = (definition.clone(), is_on_path);
        let known = KNOWN.read().numbers.get(&key).copied();
        let number = match known {
            Some(number) => number,
            None => {
                let made = Self::new(definition, is_on_path)?;
                let mut known = KNOWN.write();
                let next = i32::try_from(known.all.len()).ok()?.checked_add(1)?;
                let number = *known.numbers.entry(key).or_insert(next);
                if number == next {
                    known.all.push(Box::leak(Box::new(made)));
                }
                number
            }
        };
        Some(PgType { typmod: number, ..Base::Record.into() })
    }

    /// The composite type that a type is.
    pub fn get(ty: PgType) -> Option<&'static Self> {
        let place = ty.composite_number()?;
        KNOWN.read().all.get(place).copied()
    }

    fn new(definition: &CompositeType, is_on_path: bool) -> Option<Self> {
        let (mut fields, mut members) = (Vec::new(), Vec::new());
        for member in &definition.members {
            let declared = PgType::of_member(member, is_on_path)?;
            let ty = declared.without_modifier();
            let data = match ty.is_array {
                true => pgtype::wide_array(ty.element().storage()),
                false => ty.storage(),
            };
            members.push(ty.mark(Field::new(&member.name, data.clone(), true)));
            fields.push(CompositeField { ty, declared, data });
        }
        if fields.is_empty() {
            return None;
        }
        let name = quote_ident(&definition.name);
        let shown = match is_on_path {
            true => name.into_owned(),
            false => format!("{}.{name}", quote_ident(&definition.schema)),
        };
        let data = DataType::Struct(members.into_iter().collect::<Fields>());
        Some(Self { own: OwnType::Composite(definition.clone()), shown, data, fields, is_on_path })
    }

    pub fn mark(&self, field: Field, is_array: bool) -> Field {
        marked(&self.own, field, is_array, self.is_on_path)
    }
}
