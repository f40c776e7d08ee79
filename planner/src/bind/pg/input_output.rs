//! Types' input and output functions: what is read of a text, and the text that is printed for a value.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::lit;
use weir_encode::wide_array;
use weir_values::ValueError;
use weir_values::array::Array;

use super::arrays::constant_of;
use super::catalog::Cast;
use super::coerce::{called, engine_cast, freed, numeric};
use super::composite_types::Composite;
use super::enums::{label, label_of};
use super::types::{Base, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{Session, call, evaluate, find_value_error, is_known};

impl Binder<'_> {
    /// The text that PostgreSQL prints for a value (the type's output function).
    pub(super) fn printed(&mut self, typed: Typed) -> Result<Typed> {
        let typed = self.settled(typed)?;
        let typed = match () {
            () if super::search::is_path(&typed) => self.path_texts(typed)?,
            () if !super::records::has_fields(&typed) => typed,
            () if typed.ty.is_array => self.each_of(typed, |binder, record| binder.record_text(record))?,
            () => return self.record_text(typed),
        };
        let text = |expr| Ok(Typed { expr, ty: Base::Text.into(), data: DataType::Utf8 });
        match typed.ty.base {
            base if typed.ty.is_array && base.is_reg() => {
                let names = self.each_of(typed, |binder, item| binder.printed(item))?;
                return self.procedure("text_of", vec![names], Base::Text.into());
            }
            _ if typed.ty.is_array => {}
            base if base.is_reg() => {
                let name = output(base).ok_or_else(|| not_yet("a text of this type"))?;
                return self.procedure(name, vec![typed], Base::Text.into());
            }
            Base::Bool => return text(called("boolout", typed, DataType::Utf8)),
            base if base.is_integer() || base.is_oid_like() => return text(engine_cast(typed, DataType::Utf8)?),
            Base::Numeric => return text(freed(typed)?.expr),
            base if matches!(base.range_of(), Some(Base::Date | Base::Timestamp | Base::Timestamptz)) => {
                return self.procedure("range_out", vec![typed], Base::Text.into());
            }
            _ if typed.data == DataType::Utf8 => return text(typed.expr),
            _ => {}
        }
        self.procedure("text_of", vec![typed], Base::Text.into())
    }

    /// The value that a text, or the array that a list of texts, is of a type, as its input function reads it: unlike a
    /// conversion that is asked for, it refuses what is too long.
    pub(super) fn read_as_input(&mut self, text: Typed, to: PgType) -> Result<Typed> {
        let bare = to.without_modifier();
        if to.is(Base::Interval) && to.typmod >= 0 {
            // Its fields tell what its numbers are.
            let modifier = Typed::new(lit(to.typmod), Base::Int4);
            return self.procedure("interval_in", vec![text, modifier], to);
        }
        let value = match to.is_array {
            true => self.read_items(Typed { ty: PgType::from(Base::Text).array_of(), ..text }, bare)?,
            false => self.read(text, bare)?,
        };
        match to.base {
            _ if to.typmod < 0 => Ok(value),
            Base::Varchar | Base::Bpchar if !to.is_array => {
                let name = if to.base == Base::Varchar { "varchar" } else { "bpchar" };
                let expr = call(name, vec![value.expr, lit(to.typmod), lit(false)], DataType::Utf8);
                Ok(Typed { expr, ty: to, data: DataType::Utf8 })
            }
            Base::Bit | Base::Varbit if !to.is_array => {
                let name = if to.base == Base::Bit { "bit" } else { "varbit" };
                let expr = call(name, vec![value.expr, lit(to.typmod), lit(false)], DataType::Utf8);
                Ok(Typed { expr, ty: to, data: DataType::Utf8 })
            }
            Base::Numeric | Base::Timestamp | Base::Timestamptz | Base::Time | Base::Timetz => {
                self.with_modifier(value, to)
            }
            _ => Err(not_yet("this modifier")),
        }
    }

    /// The array of the values that texts are of its type.
    pub(super) fn read_items(&mut self, texts: Typed, to: PgType) -> Result<Typed> {
        match to.storage() == texts.data && to.is_string() {
            true => Ok(Typed { ty: to, ..texts }),
            false => self.convert_items(texts, to, Cast::Text),
        }
    }

    /// The value that a text is of a type (the type's input function).
    pub(super) fn read(&mut self, text: Typed, to: PgType) -> Result<Typed> {
        if to.is_array {
            let texts = PgType::from(Base::Text).array_of();
            let items = self.procedure_held("array_in", vec![text], texts, wide_array(DataType::Utf8))?;
            return self.read_items(items, to);
        }
        if let Some(composite) = Composite::get(to) {
            return self.composite_of(text, to, composite, false);
        }
        let held = |expr| Ok(Typed { expr, ty: to, data: to.storage() });
        match to.base {
            Base::Text | Base::Varchar | Base::Bpchar => held(text.expr),
            Base::Int2 | Base::Int4 | Base::Int8 => held(called("text_to_integer", text, to.storage())),
            Base::Numeric => held(called("text_to_numeric", text, DataType::Utf8)),
            Base::Enum(own) => held(label_of(own, text.expr)),
            base => {
                let name = input(base).ok_or_else(|| not_yet("a text as a value of this type"))?;
                self.procedure(name, vec![text], to)
            }
        }
    }

    /// A quoted constant of a type.
    pub(super) fn constant(&mut self, text: &str, to: PgType) -> Result<ScalarValue> {
        let refused = |error| PlanError::Value { error, position: None };
        if to.is_array {
            return self.constant_array(text, to);
        }
        Ok(match to.base {
            Base::Text | Base::Varchar | Base::Bpchar => ScalarValue::Utf8(Some(text.to_owned())),
            Base::Int2 | Base::Int4 | Base::Int8 => self.input("text_to_integer", text, &to.storage())?,
            Base::Numeric => numeric(text).map_err(refused)?,
            Base::Enum(own) => label(own, text).map_err(refused)?,
            base => {
                let name = input(base).ok_or_else(|| not_yet("a constant of this type"))?;
                let reads_session = is_known(name).ok_or_else(|| not_yet(name))?;
                self.session_dependent |= reads_session;
                let value = self.input(name, text, &to.storage())?;
                match reads_session {
                    true => self.lasting(name, text, value)?,
                    false => value,
                }
            }
        })
    }

    pub(super) fn constant_interval(&mut self, text: &str, typmod: i32) -> Result<ScalarValue> {
        self.session_dependent = true;
        let arguments = [ScalarValue::Utf8(Some(text.to_owned())), ScalarValue::Int32(Some(typmod))];
        evaluate("interval_in", &arguments, &PgType::from(Base::Interval).storage(), &self.session).map_err(refused_by)
    }

    fn input(&mut self, name: &'static str, text: &str, data: &DataType) -> Result<ScalarValue> {
        let session = self.session_of(name)?;
        evaluate(name, &[ScalarValue::Utf8(Some(text.to_owned()))], data, &session).map_err(refused_by)
    }

    /// The value of a constant that may be a word such as `today`. A rule is bound once for many statements, so there it can't be
    /// one.
    fn lasting(&mut self, name: &'static str, text: &str, value: ScalarValue) -> Result<ScalarValue> {
        if self.rule.is_none() {
            return Ok(value);
        }
        let elsewhen = Session { now: Some(0), ..Session::clone(&self.session) };
        let again = [ScalarValue::Utf8(Some(text.to_owned()))];
        match evaluate(name, &again, &value.data_type(), &elsewhen).map_err(refused_by)? == value {
            true => Ok(value),
            false => {
                let message =
                    format!("\"{text}\" is another moment each time: a policy rule has now() and current_date");
                Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, None))
            }
        }
    }

    pub(super) fn constant_array(&mut self, text: &str, to: PgType) -> Result<ScalarValue> {
        let item = to.element().storage();
        let mut refused = None;
        let array = Array::parse_with(text, b',', |text| {
            let value = self.constant(text, to.element()).and_then(|value| Ok(value.cast_to(&item)?));
            value.map_err(|error| {
                refused.get_or_insert(error);
                ValueError::invalid_parameter("an item")
            })
        });
        let array = match (array, refused) {
            (_, Some(error)) => return Err(error),
            (Err(error), None) => return Err(PlanError::Value { error, position: None }),
            (Ok(array), None) => array,
        };
        constant_of(array, &item)
    }
}

fn refused_by(error: datafusion::error::DataFusionError) -> PlanError {
    match find_value_error(&error) {
        Some(error) => PlanError::Value { error: error.clone(), position: None },
        None => error.into(),
    }
}

/// The function that reads a type's text.
pub(super) fn input(base: Base) -> Option<&'static str> {
    Some(match base {
        Base::Bool => "boolin",
        Base::Float4 => "float4in",
        Base::Float8 => "float8in",
        Base::Name => "namein",
        Base::Char => "charin",
        Base::Bytea => "byteain",
        Base::Date => "date_in",
        Base::Time => "time_in",
        Base::Timetz => "timetz_in",
        Base::Timestamp => "timestamp_in",
        Base::Timestamptz => "timestamptz_in",
        Base::Interval => "interval_in",
        Base::Uuid => "uuid_in",
        Base::Json => "json_in",
        Base::Jsonb => "jsonb_in",
        Base::Jsonpath => "jsonpath_in",
        Base::Bit | Base::Varbit => "varbit_in",
        Base::Money => "cash_in",
        Base::Inet => "inet_in",
        Base::Cidr => "cidr_in",
        Base::Macaddr => "macaddr_in",
        Base::Macaddr8 => "macaddr8_in",
        Base::Regclass => "regclassin",
        Base::Regtype => "regtypein",
        Base::Regproc => "regprocin",
        Base::Regprocedure => "regprocedurein",
        Base::Regoper => "regoperin",
        Base::Regoperator => "regoperatorin",
        Base::Regnamespace => "regnamespacein",
        Base::Regrole => "regrolein",
        Base::Regconfig => "regconfigin",
        Base::Regdictionary => "regdictionaryin",
        Base::Regcollation => "regcollationin",
        Base::Int2vector => "int2vectorin",
        Base::Oidvector => "oidvectorin",
        Base::Record => "record_in",
        Base::Oid => "oidin",
        Base::Xid => "xidin",
        Base::Cid => "cidin",
        Base::Tid => "tidin",
        Base::Xid8 => "xid8in",
        Base::PgLsn => "pg_lsn_in",
        Base::Int4range => "int4range_in",
        Base::Int8range => "int8range_in",
        Base::Numrange => "numrange_in",
        Base::Daterange => "daterange_in",
        Base::Tsrange => "tsrange_in",
        Base::Tstzrange => "tstzrange_in",
        Base::Int4multirange => "int4multirange_in",
        Base::Int8multirange => "int8multirange_in",
        Base::Nummultirange => "nummultirange_in",
        Base::Datemultirange => "datemultirange_in",
        Base::Tsmultirange => "tsmultirange_in",
        Base::Tstzmultirange => "tstzmultirange_in",
        _ => return None,
    })
}

/// The function that prints the name of what a number stands for.
fn output(base: Base) -> Option<&'static str> {
    Some(match base {
        Base::Regclass => "regclassout",
        Base::Regtype => "regtypeout",
        Base::Regproc => "regprocout",
        Base::Regprocedure => "regprocedureout",
        Base::Regoper => "regoperout",
        Base::Regoperator => "regoperatorout",
        Base::Regnamespace => "regnamespaceout",
        Base::Regrole => "regroleout",
        Base::Regconfig => "regconfigout",
        Base::Regdictionary => "regdictionaryout",
        Base::Regcollation => "regcollationout",
        _ => return None,
    })
}
