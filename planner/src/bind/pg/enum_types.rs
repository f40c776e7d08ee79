//! Enum types of sources as binding sees them. What is known of one stays known as long as the process runs, so that types are
//! small and copied: there are as many as sources have had.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use arrow::datatypes::Field;
use parking_lot::Mutex;
use weir_connectors::pgtype::{EnumType, OwnType};
use weir_values::text::quote_ident;

use super::types::{Category, Line};

/// Metadata key of a record's fields: the type's name alone means it, under the statement's search path.
pub(super) const ON_PATH_KEY: &str = "weir.own_type.on_path";

/// An enum type of a source, and whether its name alone means it.
#[derive(Clone, Copy)]
pub(crate) struct OwnEnum {
    known: &'static Known,
    is_on_path: bool,
}

struct Known {
    definition: EnumType,
    own: OwnType,
    /// As it is shown by its name alone, and with its schema.
    bare: Line,
    qualified: Line,
}

impl Known {
    fn new(definition: EnumType) -> Self {
        let own = OwnType::Enum(definition.clone());
        let line = |shown: String| Line {
            category: Category('E'),
            is_preferred: false,
            shown: shown.leak(),
            oid: own.oid(),
            array_oid: own.array_oid(),
        };
        let name = quote_ident(&definition.name).into_owned();
        let qualified = line(format!("{}.{name}", quote_ident(&definition.schema)));
        Self { bare: line(name), qualified, definition, own }
    }
}

impl OwnEnum {
    pub fn of(definition: EnumType) -> Self {
        static KNOWN: LazyLock<Mutex<HashMap<EnumType, &'static Known>>> = LazyLock::new(Mutex::default);
        let mut all = KNOWN.lock();
        let known = match all.get(&definition) {
            Some(known) => *known,
            None => {
                let known: &'static Known = Box::leak(Box::new(Known::new(definition.clone())));
                all.insert(definition, known);
                known
            }
        };
        Self { known, is_on_path: false }
    }

    /// The type as it is shown to whom its name alone does or doesn't mean it.
    pub fn on_path(self, is_on_path: bool) -> Self {
        Self { is_on_path, ..self }
    }

    pub fn mark(self, field: Field, is_array: bool) -> Field {
        marked(&self.known.own, field, is_array, self.is_on_path)
    }

    pub fn own(self) -> &'static OwnType {
        &self.known.own
    }

    pub fn definition(self) -> &'static EnumType {
        &self.known.definition
    }

    pub(super) fn line(self) -> &'static Line {
        if self.is_on_path { &self.known.bare } else { &self.known.qualified }
    }
}

/// The field, marked as being of a type, and with how that is shown.
pub(super) fn marked(own: &OwnType, field: Field, is_array: bool, is_on_path: bool) -> Field {
    let field = own.mark(field, is_array);
    if !is_on_path {
        return field;
    }
    let mut metadata = field.metadata().clone();
    metadata.insert(ON_PATH_KEY.to_owned(), String::new());
    field.with_metadata(metadata)
}

/// How a type is shown doesn't make it another.
impl PartialEq for OwnEnum {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.known, other.known)
    }
}

impl Eq for OwnEnum {}

impl Hash for OwnEnum {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.known).hash(state);
    }
}

impl Ord for OwnEnum {
    fn cmp(&self, other: &Self) -> Ordering {
        self.known.definition.cmp(&other.known.definition)
    }
}

impl PartialOrd for OwnEnum {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for OwnEnum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.known.qualified.shown)
    }
}
