//! Functions over the catalogs of a view: what can be named without a schema, descriptions, definitions, sizes.

use std::fmt;
use std::sync::Arc;

use arrow::array::ArrayRef;
use datafusion::error::{DataFusionError, Result};
use weir_values::{ValueError, code};

use super::columns::{Args, Bool, Int2, Int4, Int8, Maybe, Text, map1, map2, map3};
use super::{Proc, of_catalogs, of_catalogs_seeing_nulls, strict};
use crate::pg_catalog::{
    COLLATIONS, CONVERSIONS, DATABASE_OID, FUNCTIONS, Named, OPERATOR_CLASSES, OPERATOR_FAMILIES, OPERATORS, Objects,
    PG_CATALOG, PG_CLASS, TABLESPACES, TEXT_CONFIGURATIONS, TEXT_DICTIONARIES, TEXT_PARSERS, TEXT_TEMPLATES, TYPES,
};

/// `pg_class.oid` of other catalogs that objects are described by.
const PG_TYPE: u32 = 1247;
const PG_PROC: u32 = 1255;
const PG_NAMESPACE: u32 = 2615;

pub(super) type Checked<T> = std::result::Result<T, ValueError>;

/// The catalogs of a view, and the schemas that names without one are looked up in.
#[derive(Clone)]
pub(crate) struct Catalogs {
    pub(super) objects: Arc<Objects>,
    pub(super) path: Vec<u32>,
}

impl Catalogs {
    pub fn new(objects: Arc<Objects>, search_path: Vec<String>) -> Self {
        let path = objects.path(&search_path);
        Self { objects, path }
    }
}

impl PartialEq for Catalogs {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.objects, &other.objects) && self.path == other.path
    }
}

impl Eq for Catalogs {}

impl fmt::Debug for Catalogs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogs").field("path", &self.path).finish_non_exhaustive()
    }
}

pub(super) fn catalogs<'a>(args: &Args<'a>) -> Result<&'a Catalogs> {
    let missing = || DataFusionError::Internal("a call over the catalogs has none".to_owned());
    args.session.catalogs.as_ref().ok_or_else(missing)
}

pub(super) const PROCS: &[Proc] = &[
    of_catalogs_seeing_nulls("format_type", |args| {
        let catalogs = catalogs(args)?;
        map2::<Maybe<Int8>, Maybe<Int4>, _>(args, |oid, typmod| match oid {
            None => Ok(None),
            Some(0) => Ok(Some("-".to_owned())),
            Some(oid) => Ok(Some(catalogs.type_text(oid as u32, typmod)?.unwrap_or_else(|| "???".to_owned()))),
        })
    }),
    of_catalogs("pg_table_is_visible", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| Ok(catalogs.is_visible_table(oid as u32)))
    }),
    of_catalogs("pg_type_is_visible", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| Ok(catalogs.is_visible_type(oid as u32)))
    }),
    of_catalogs("pg_function_is_visible", |args| visible(args, &FUNCTIONS)),
    of_catalogs("pg_operator_is_visible", |args| visible(args, &OPERATORS)),
    of_catalogs("pg_opclass_is_visible", |args| visible(args, &OPERATOR_CLASSES)),
    of_catalogs("pg_opfamily_is_visible", |args| visible(args, &OPERATOR_FAMILIES)),
    of_catalogs("pg_conversion_is_visible", |args| visible(args, &CONVERSIONS)),
    of_catalogs("pg_collation_is_visible", |args| visible(args, &COLLATIONS)),
    of_catalogs("pg_ts_config_is_visible", |args| visible(args, &TEXT_CONFIGURATIONS)),
    of_catalogs("pg_ts_dict_is_visible", |args| visible(args, &TEXT_DICTIONARIES)),
    of_catalogs("pg_ts_parser_is_visible", |args| visible(args, &TEXT_PARSERS)),
    of_catalogs("pg_ts_template_is_visible", |args| visible(args, &TEXT_TEMPLATES)),
    strict("pg_is_other_temp_schema", |args| map1::<Int8, _>(args, |_| Ok(false))),
    of_catalogs("pg_get_userbyid", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| {
            let oid = oid as u32;
            Ok(catalogs.role_name(oid).map_or_else(|| format!("unknown (OID={oid})"), str::to_owned))
        })
    }),
    of_catalogs("obj_description", |args| {
        let catalogs = catalogs(args)?;
        map2::<Int8, Text, _>(args, |oid, catalog| {
            let class = catalogs.objects.relation_named(PG_CATALOG, catalog);
            Ok(class.and_then(|class| catalogs.description(class, oid as u32, 0)).map(str::to_owned))
        })
    }),
    of_catalogs("obj_description_of_any", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| Ok(catalogs.description(PG_CLASS, oid as u32, 0).map(str::to_owned)))
    }),
    of_catalogs("col_description", |args| {
        let catalogs = catalogs(args)?;
        map2::<Int8, Int4, _>(args, |oid, column| {
            Ok(catalogs.description(PG_CLASS, oid as u32, column).map(str::to_owned))
        })
    }),
    // Databases, roles and tablespaces have none.
    strict("shobj_description", |args| map2::<Int8, Text, _>(args, |_, _| Ok(None::<String>))),
    // There are none of these, whatever the number, and of PostgreSQL's own views no definition.
    strict("pg_get_viewdef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_viewdef_ext", |args| map2::<Int8, Bool, _>(args, |_, _| Ok(None::<String>))),
    of_catalogs("pg_get_viewdef_name", |args| {
        let catalogs = catalogs(args)?;
        map1::<Text, _>(args, |name| catalogs.class(name).map(|_| None::<String>))
    }),
    of_catalogs("pg_get_viewdef_name_ext", |args| {
        let catalogs = catalogs(args)?;
        map2::<Text, Bool, _>(args, |name, _| catalogs.class(name).map(|_| None::<String>))
    }),
    strict("pg_get_constraintdef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_constraintdef_ext", |args| map2::<Int8, Bool, _>(args, |_, _| Ok(None::<String>))),
    strict("pg_get_indexdef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_indexdef_ext", |args| map3::<Int8, Int4, Bool, _>(args, |_, _, _| Ok(None::<String>))),
    strict("pg_get_ruledef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_ruledef_ext", |args| map2::<Int8, Bool, _>(args, |_, _| Ok(None::<String>))),
    strict("pg_get_triggerdef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_triggerdef_ext", |args| map2::<Int8, Bool, _>(args, |_, _| Ok(None::<String>))),
    strict("pg_get_partkeydef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_statisticsobjdef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_statisticsobjdef_columns", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_get_statisticsobjdef_expressions", |args| map1::<Int8, _>(args, |_| Ok(None::<Vec<Option<String>>>))),
    strict("pg_statistics_obj_is_visible", |args| map1::<Int8, _>(args, |_| Ok(None::<bool>))),
    strict("pg_partition_root", |args| map1::<Int8, _>(args, |_| Ok(None::<i64>))),
    strict("pg_get_partition_constraintdef", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    strict("pg_sequence_last_value", |args| map1::<Int8, _>(args, |_| Ok(None::<i64>))),
    strict("pg_collation_actual_version", |args| map1::<Int8, _>(args, |_| Ok(None::<String>))),
    // Expressions of the catalogs are held as they are printed.
    strict("pg_get_expr", |args| map2::<Text, Int8, _>(args, |text, _| Ok(text.to_owned()))),
    strict("pg_get_expr_ext", |args| map3::<Text, Int8, Bool, _>(args, |text, _, _| Ok(text.to_owned()))),
    of_catalogs("pg_get_serial_sequence", |args| {
        let catalogs = catalogs(args)?;
        map2::<Text, Text, _>(args, |table, column| {
            let oid = catalogs.class(table)?;
            catalogs.column(oid, column).map(|_| None::<String>)
        })
    }),
    // Nothing is kept here.
    of_catalogs("pg_relation_size", sizes),
    of_catalogs("pg_total_relation_size", sizes),
    of_catalogs("pg_table_size", sizes),
    of_catalogs("pg_indexes_size", sizes),
    strict("pg_database_size_oid", |args| {
        map1::<Int8, _>(args, |oid| Ok((oid == i64::from(DATABASE_OID)).then_some(0_i64)))
    }),
    of_catalogs("pg_database_size_name", |args| {
        let catalogs = catalogs(args)?;
        map1::<Text, _>(args, |name| catalogs.database(name).map(|_| 0_i64))
    }),
    strict("pg_tablespace_size_oid", |args| map1::<Int8, _>(args, |oid| Ok(is_tablespace(oid).then_some(0_i64)))),
    strict("pg_tablespace_location", |args| {
        map1::<Int8, _>(args, |oid| match is_tablespace(oid) || oid == 0 {
            true => Ok(""),
            false => Err(ValueError::new(code::UNDEFINED_OBJECT, format!("tablespace with OID {oid} does not exist"))),
        })
    }),
    of_catalogs("pg_describe_object", |args| {
        let catalogs = catalogs(args)?;
        map3::<Int8, Int8, Int4, _>(args, |class, oid, part| catalogs.described(class as u32, oid as u32, part))
    }),
    of_catalogs("pg_relation_is_updatable", |args| {
        let catalogs = catalogs(args)?;
        map2::<Int8, Bool, _>(args, |oid, _| Ok(catalogs.objects.relation(oid as u32).map(|_| 0_i32)))
    }),
    of_catalogs("pg_column_is_updatable", |args| {
        let catalogs = catalogs(args)?;
        map3::<Int8, Int2, Bool, _>(args, |oid, _, _| Ok(catalogs.objects.relation(oid as u32).map(|_| false)))
    }),
    of_catalogs("pg_relation_is_publishable", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| Ok(catalogs.objects.relation(oid as u32).map(|_| false)))
    }),
    // What rows are hidden isn't told.
    of_catalogs("row_security_active", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| Ok(catalogs.objects.relation(oid as u32).map(|_| false)))
    }),
    of_catalogs("row_security_active_name", |args| {
        let catalogs = catalogs(args)?;
        map1::<Text, _>(args, |name| catalogs.class(name).map(|_| false))
    }),
];

fn visible(args: &Args<'_>, kind: &'static Named) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Int8, _>(args, |oid| Ok(catalogs.is_visible(kind, oid as u32)))
}

fn sizes(args: &Args<'_>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Int8, _>(args, |oid| Ok(catalogs.objects.relation(oid as u32).map(|_| 0_i64)))
}

fn is_tablespace(oid: i64) -> bool {
    u32::try_from(oid).is_ok_and(|oid| TABLESPACES.get(oid).is_some())
}

impl Catalogs {
    /// Whether a table's name alone means it; `None` for what is no table.
    pub(super) fn is_visible_table(&self, oid: u32) -> Option<bool> {
        let relation = self.objects.relation(oid)?;
        let found = self.path.iter().find_map(|schema| self.objects.relation_named(*schema, relation.name));
        Some(found == Some(oid))
    }

    /// The same for types.
    fn is_visible_type(&self, oid: u32) -> Option<bool> {
        match self.objects.own_type(oid) {
            Some(_) => Some(self.objects.sees_type(&self.path, oid)),
            None => self.is_visible(&TYPES, oid),
        }
    }

    /// The same for other things: none but built-in ones has a name.
    pub(super) fn is_visible(&self, kind: &Named, oid: u32) -> Option<bool> {
        kind.get(oid).map(|(schema, _)| self.path.contains(&schema))
    }

    /// Only tables have one.
    fn description(&self, class: u32, object: u32, column: i32) -> Option<&str> {
        self.objects.relation(object).filter(|_| class == PG_CLASS && column == 0)?.comment
    }

    /// An object in words; NULL for none.
    fn described(&self, class: u32, oid: u32, part: i32) -> Checked<Option<String>> {
        match class {
            PG_CLASS => {
                let Some(relation) = self.objects.relation(oid) else { return Ok(None) };
                let kind = if relation.is_view { "view" } else { "table" };
                let table = self.class_text(oid)?.map(|name| format!("{kind} {name}"));
                if part == 0 {
                    return Ok(table);
                }
                let column = usize::try_from(part - 1).ok().and_then(|at| relation.columns.fields().get(at));
                Ok(column.zip(table).map(|(column, table)| format!("column {} of {table}", column.name())))
            }
            PG_TYPE => Ok(self.type_text(oid, None)?.map(|name| format!("type {name}"))),
            PG_PROC => Ok(self.function_with_types_text(oid)?.map(|name| format!("function {name}"))),
            PG_NAMESPACE => Ok(self.objects.namespace_name(oid).map(|name| format!("schema {name}"))),
            _ => Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, "such an object is not described")),
        }
    }

    /// The place of a table's column.
    pub(super) fn column(&self, oid: u32, name: &str) -> Checked<usize> {
        let relation = self.objects.relation(oid);
        let place = relation.and_then(|relation| relation.columns.index_of(name).ok());
        place.ok_or_else(|| {
            let table = relation.map_or("", |relation| relation.name);
            ValueError::new("42703", format!("column \"{name}\" of relation \"{table}\" does not exist"))
        })
    }

    pub(super) fn database(&self, name: &str) -> Checked<()> {
        match *name == *self.objects.database {
            true => Ok(()),
            false => Err(ValueError::new("3D000", format!("database \"{name}\" does not exist"))),
        }
    }
}
