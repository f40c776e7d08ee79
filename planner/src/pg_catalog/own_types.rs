//! What catalogs tell of the types that sources have themselves.

use std::borrow::Cow;

use weir_connectors::pgtype::{self, OwnType};

use super::objects::{OWNER_OID, Objects, Type};
use super::rows::Cell;
use super::tables::{self, Kept, Row};

/// How labels are kept, rows, and arrays of either.
const LABEL: Kept = Kept { length: "4", by_value: "t", alignment: "i", storage: "p", collation: "0" };
const ROW: Kept = Kept { length: "-1", by_value: "f", alignment: "d", storage: "x", collation: "0" };
const LABELS: Kept = Kept { alignment: "i", ..ROW };

/// How values of a type, or arrays of them, are kept.
pub(super) fn kept(ty: &OwnType, is_array: bool) -> &'static Kept {
    match (ty, is_array) {
        (OwnType::Enum(_), false) => &LABEL,
        (OwnType::Enum(_), true) => &LABELS,
        (OwnType::Composite(_), _) => &ROW,
    }
}

/// The rows of `pg_type`.
pub(super) fn types(objects: &Objects) -> Vec<Row<'_>> {
    objects.types.iter().flat_map(|ty| [own_type(ty), array_type(ty)]).collect()
}

/// The rows of `pg_enum`.
pub(super) fn labels(objects: &Objects) -> Vec<Row<'_>> {
    objects.types.iter().flat_map(labels_of).collect()
}

/// The row of `pg_class` of a composite type.
pub(super) fn class(ty: &Type) -> Option<Row<'_>> {
    Some(vec![
        ("oid", number(ty.definition.class_oid()?)),
        ("relname", ty.definition.name().into()),
        ("relnamespace", number(ty.schema)),
        ("reltype", number(ty.oid)),
        ("relowner", number(OWNER_OID)),
        ("relpersistence", "p".into()),
        ("relkind", "c".into()),
        ("relnatts", number(i64::try_from(ty.members.fields().len()).unwrap_or(i64::MAX))),
        ("relispopulated", Cell::Bool(true)),
        ("relreplident", "n".into()),
    ])
}

/// The rows of `pg_attribute` of a composite type.
pub(super) fn attributes(ty: &Type) -> impl Iterator<Item = Row<'_>> {
    ty.definition.class_oid().into_iter().flat_map(|oid| tables::attributes(oid, &ty.members))
}

fn number(value: impl Into<i64>) -> Cell<'static> {
    Cell::Int(value.into())
}

fn own_type(ty: &Type) -> Row<'_> {
    // enum_in and its kin, record_in and its kin
    let (kind, category, [input, output, receive, send]) = match &ty.definition {
        OwnType::Enum(_) => ("e", "E", [3506, 3507, 3532, 3533]),
        OwnType::Composite(_) => ("c", "C", [2290, 2291, 2402, 2403]),
    };
    let mut row = vec![
        ("oid", number(ty.oid)),
        ("typname", ty.definition.name().into()),
        ("typtype", kind.into()),
        ("typcategory", category.into()),
        ("typrelid", number(ty.definition.class_oid().unwrap_or(0))),
        ("typarray", number(ty.array_oid)),
        ("typinput", number(input)),
        ("typoutput", number(output)),
        ("typreceive", number(receive)),
        ("typsend", number(send)),
    ];
    row.extend(of_any(ty, false));
    row
}

fn array_type(ty: &Type) -> Row<'_> {
    let mut row = vec![
        ("oid", number(ty.array_oid)),
        ("typname", Cell::Text(Cow::Owned(ty.definition.array_name()))),
        ("typtype", "b".into()),
        ("typcategory", "A".into()),
        ("typelem", number(ty.oid)),
        // array_subscript_handler, array_in and its kin, array_typanalyze
        ("typsubscript", number(6179)),
        ("typinput", number(750)),
        ("typoutput", number(751)),
        ("typreceive", number(2400)),
        ("typsend", number(2401)),
        ("typanalyze", number(3816)),
    ];
    row.extend(of_any(ty, true));
    row
}

fn of_any<'o>(ty: &Type, is_array: bool) -> Row<'o> {
    let kept = kept(&ty.definition, is_array);
    vec![
        ("typnamespace", number(ty.schema)),
        ("typowner", number(OWNER_OID)),
        ("typlen", kept.length.into()),
        ("typbyval", kept.by_value.into()),
        ("typalign", kept.alignment.into()),
        ("typstorage", kept.storage.into()),
        ("typisdefined", Cell::Bool(true)),
        ("typdelim", ",".into()),
        ("typtypmod", number(-1)),
    ]
}

fn labels_of(ty: &Type) -> impl Iterator<Item = Row<'_>> {
    let (schema, name) = (ty.definition.schema(), ty.definition.name());
    let labels = match &ty.definition {
        OwnType::Enum(of) => of.labels.as_slice(),
        OwnType::Composite(_) => &[],
    };
    labels.iter().zip(1_i64..).map(move |(label, place)| {
        vec![
            ("oid", number(pgtype::number(&["label", "", schema, name, label]))),
            ("enumtypid", number(ty.oid)),
            ("enumsortorder", number(place)),
            ("enumlabel", label.as_str().into()),
        ]
    })
}
