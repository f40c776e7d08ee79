//! What computes a call of a function that gives one value: the engine's function where it means the same, else one of
//! ours by PostgreSQL's name for it.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Case, Expr, cast, lit};
use pg_query::protobuf::{FuncCall, SqlValueFunction, SqlValueFunctionOp};

use super::arrays::flat;
use super::calls::Call;
use super::coerce::numeric;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Asker, Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, extracted, has_privileges, is_known};

/// Functions that the engine computes as PostgreSQL does: `pg_proc.prosrc`, the engine's name, what it takes.
const OF_ENGINE: &[(&str, &str, &[DataType])] = &[
    ("text_starts_with", "starts_with", &[DataType::Utf8, DataType::Utf8]),
    ("drandom", "random", &[]),
    ("dceil", "ceil", &[DataType::Float64]),
    ("dfloor", "floor", &[DataType::Float64]),
];

impl Binder<'_> {
    pub(super) fn scalar(&mut self, call: Call<'_>) -> Result<Typed> {
        let Call { function, arguments, result, node } = call;
        if node.func_variadic && function.arguments.last().is_some_and(|want| want.is(Base::Any)) {
            return self.over_variadic(function.source, arguments, result);
        }
        if let Some(of_enums) = self.of_enums(function.source, &arguments, result) {
            return Ok(of_enums);
        }
        if let Some(special) = self.special(function.name, function.source, &arguments, result)? {
            return Ok(special);
        }
        if is_known(function.source).is_some() {
            return self.procedure(function.source, arguments, result);
        }
        if let Some(typed) = self.of_operator(function, &arguments, result)? {
            return Ok(typed);
        }
        match OF_ENGINE.iter().find(|(source, ..)| *source == function.source) {
            Some((_, engine, wants)) => {
                let converted = arguments.into_iter().zip(*wants);
                let converted = converted.map(|(typed, data)| super::coerce::engine_cast(typed, data.clone()));
                let expr = self.engine_function(engine, converted.collect::<Result<_>>()?)?;
                // The engine gives some of its counts as other integers.
                let expr = if result.is(Base::Int4) { cast(expr, DataType::Int32) } else { expr };
                Ok(Typed { expr, ty: result, data: result.storage() })
            }
            None => Err(not_yet(function.source)),
        }
    }

    /// A function of any values whose last argument is the array of them.
    fn over_variadic(&mut self, source: &str, mut arguments: Vec<Typed>, result: PgType) -> Result<Typed> {
        let of_items = match source {
            "text_format" => Some("text_format_items"),
            "pg_num_nulls" => Some("num_nulls_of_items"),
            "pg_num_nonnulls" => Some("num_nonnulls_of_items"),
            _ => None,
        };
        if let Some(of_items) = of_items {
            let array = arguments.pop().ok_or_else(|| not_yet("this call"))?;
            let mut texts = Vec::with_capacity(2);
            for argument in arguments {
                texts.push(self.printed(argument)?);
            }
            texts.push(self.printed_items(array)?);
            return self.procedure(of_items, texts, result);
        }
        let delimiter = match (source, arguments.len()) {
            ("text_concat", 1) => Typed::new(lit(""), Base::Text),
            ("text_concat_ws", 2) => {
                let first = arguments.remove(0);
                self.printed(first)?
            }
            _ => return Err(not_yet("this function of an array's items")),
        };
        let Some(array) = arguments.pop() else { return Err(not_yet("this call")) };
        let texts = self.printed_items(array)?;
        self.procedure("array_to_text", vec![texts, delimiter], result)
    }

    /// The array of the texts that are printed of an array's items.
    fn printed_items(&mut self, array: Typed) -> Result<Typed> {
        let array = match array.ty.is_array {
            true => array,
            false => self.coerce(array, PgType::from(Base::Text).array_of(), Coercion::Implicit, -1)?,
        };
        flat(self.each_of(array, |binder, item| binder.printed(item))?)
    }

    /// Functions whose meaning depends on more than values: on the types of their arguments, or on how numerics are held.
    fn special(&mut self, name: &str, source: &'static str, given: &[Typed], result: PgType) -> Result<Option<Typed>> {
        Ok(Some(match (source, given) {
            // Texts of any values.
            ("text_concat" | "text_concat_ws" | "text_format", _) => {
                let mut texts = Vec::with_capacity(given.len());
                for argument in given {
                    texts.push(self.printed(argument.clone())?);
                }
                self.procedure(source, texts, result)?
            }
            ("array_to_text" | "array_to_text_null", [array, ..]) if !matches!(array.data, DataType::Null) => {
                let mut arguments = given.to_vec();
                arguments[0] = self.printed_items(array.clone())?;
                self.procedure(source, arguments, result)?
            }
            ("pg_column_size", [value]) => {
                let size = bytes_of(value.ty).ok_or_else(|| not_yet("the size of a value of this type"))?;
                let null = Expr::Literal(ScalarValue::Int32(None), None);
                let branches = vec![(Box::new(value.expr.clone().is_null()), Box::new(null))];
                Typed::new(Expr::Case(Case::new(None, branches, Some(Box::new(lit(size))))), Base::Int4)
            }
            ("getdatabaseencoding", []) => Typed::new(lit("UTF8"), Base::Name),
            ("pg_client_encoding", []) => {
                self.session_dependent = true;
                let encoding = self.asker()?.facts.setting("client_encoding");
                Typed::new(lit(encoding.unwrap_or_else(|| "UTF8".to_owned())), Base::Name)
            }
            ("timeofday", []) => {
                let clock = self.procedure("clock_timestamp", Vec::new(), Base::Timestamptz.into())?;
                let form = Typed::new(lit("Dy Mon DD HH24:MI:SS.US YYYY TZ"), Base::Text);
                self.procedure("timestamptz_to_char", vec![clock, form], result)?
            }
            // The file of settings is read when the server starts.
            ("pg_postmaster_start_time" | "pg_conf_load_time", []) => {
                let started = self.asker()?.view.runtime.started.timestamp_micros();
                let moment = ScalarValue::TimestampMicrosecond(Some(started), Some("UTC".into()));
                Typed { expr: Expr::Literal(moment, None), ty: result, data: result.storage() }
            }
            // What only reads has no number.
            ("pg_current_xact_id_if_assigned", []) => {
                let none = ScalarValue::try_from(&result.storage())?;
                Typed { expr: Expr::Literal(none, None), ty: result, data: result.storage() }
            }
            (_, [] | [_]) if source.starts_with("pg_stat_get_") => self.statistic(given, result)?,
            ("pg_trigger_depth", []) => Typed::new(lit(0_i32), Base::Int4),
            ("pg_my_temp_schema", []) => Typed::new(lit(0_i64), Base::Oid),
            (_, [_, ..]) if privileges_on(name).is_some() => self.privilege(name, given)?,
            ("pg_relation_size", [table, _]) => self.procedure(source, vec![table.clone()], result)?,
            ("pg_get_viewdef_wrap", [view, _]) => {
                let pretty = Typed::new(lit(true), Base::Bool);
                self.procedure("pg_get_viewdef_ext", vec![view.clone(), pretty], result)?
            }
            ("pg_jit_available", []) => Typed::new(lit(false), Base::Bool),
            ("current_schemas", [with_implicit]) => self.current_schemas(with_implicit)?,
            ("pg_num_nulls" | "pg_num_nonnulls", _) => {
                let is_counted = |argument: &Typed| {
                    let test = match source {
                        "pg_num_nulls" => argument.expr.clone().is_null(),
                        _ => argument.expr.clone().is_not_null(),
                    };
                    cast(test, DataType::Int32)
                };
                let sum = given.iter().map(is_counted).reduce(|a, b| a + b).unwrap_or_else(|| lit(0));
                Typed::new(sum, Base::Int4)
            }
            // Nothing tells the columns of these.
            ("json_to_record" | "jsonb_to_record", [json]) => {
                let name = Typed::new(lit(name), Base::Text);
                self.procedure("json_undetermined", vec![json.clone(), name], result)?
            }
            ("json_populate_record" | "jsonb_populate_record", [base, json, ..]) => {
                match self.undetermined(name, base, result)? {
                    Some(undetermined) => undetermined,
                    None => {
                        let rows = self.populated_rows(base.clone(), json.clone(), name)?;
                        let record = call("array_subscript", vec![rows.array, lit(1)], rows.data.clone());
                        Typed { expr: record, ty: result, data: rows.data }
                    }
                }
            }
            ("pg_typeof", [value]) => Typed::new(lit(i64::from(value.ty.oid())), Base::Regtype),
            // Ranges one by one are an array of them.
            ("multirange_constructor2", [first, ..]) if !first.ty.is_array => {
                let ty = first.ty.without_modifier().array_of();
                let data = ty.storage();
                let items = given.iter().map(|range| range.expr.clone()).collect();
                let array = Typed { expr: call("array_of", items, data.clone()), ty, data };
                self.procedure(source, vec![array], result)?
            }
            ("text_substr" | "text_substr_no_len", _) if given[0].ty.is_string() => {
                self.procedure(source, given.to_vec(), result)?
            }
            (_, [field, value]) if source.starts_with("extract_") => self.extracted(source, field, value)?,
            // Defined by another function.
            ("", _) => return self.by_definition(name, given, result),
            (source, _) if source.starts_with("select ") => {
                let mut texts = Vec::with_capacity(given.len());
                for argument in given {
                    texts.push(self.coerce(argument.clone(), Base::Text.into(), Coercion::Explicit, -1)?);
                }
                return self.by_definition(name, &texts, result);
            }
            (
                "numeric_abs" | "numeric_ceil" | "numeric_floor" | "numeric_round" | "numeric_trunc" | "numeric_sign",
                _,
            ) => match self.fixed_numeric(source, given)? {
                Some(typed) => typed,
                None => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    /// What JSON gives that is put into no record, of which nothing tells the columns; `None` if there is one.
    pub(super) fn undetermined(&mut self, name: &str, base: &Typed, result: PgType) -> Result<Option<Typed>> {
        if !base.ty.is(Base::Record) {
            let message = format!("first argument of {name} must be a row type");
            return Err(PlanError::Mismatch { message, position: None });
        }
        match &base.expr {
            Expr::Literal(value, _) if value.is_null() && !base.ty.is_composite() => {
                self.procedure("json_undetermined", vec![Typed::new(lit(name), Base::Text)], result).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `extract(field from value)`: a constant field tells the digits of the result.
    fn extracted(&mut self, source: &'static str, field: &Typed, value: &Typed) -> Result<Typed> {
        let data = match (&field.expr, &value.expr) {
            // The part of a constant may be infinite.
            (_, Expr::Literal(..)) => DataType::Utf8,
            (Expr::Literal(ScalarValue::Utf8(Some(name)), _), _) => extracted(name, &value.ty.to_string()),
            _ => DataType::Utf8,
        };
        let part = self.procedure_held(source, vec![field.clone(), value.clone()], Base::Numeric.into(), data)?;
        match &part.expr {
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) => {
                let value = numeric(text).map_err(|error| PlanError::Value { error, position: None })?;
                let data = value.data_type();
                Ok(Typed { expr: Expr::Literal(value, None), data, ..part })
            }
            _ => Ok(part),
        }
    }

    /// What PostgreSQL counts of tables, databases and itself, `pg_stat_get_numscans` and its kin: nothing is counted here, and
    /// nothing is cleaned up. Counters of the server, which take no argument, begin when it starts.
    fn statistic(&self, given: &[Typed], result: PgType) -> Result<Typed> {
        let value = match (result.base, given) {
            (Base::Int8, _) => ScalarValue::from(0_i64),
            (Base::Int4, _) => ScalarValue::from(0_i32),
            (Base::Float8, _) => ScalarValue::from(0_f64),
            (Base::Timestamptz, []) => {
                let started = self.asker()?.view.runtime.started.timestamp_micros();
                ScalarValue::TimestampMicrosecond(Some(started), Some("UTC".into()))
            }
            (Base::Timestamptz, _) => ScalarValue::try_from(&result.storage())?,
            _ => return Err(not_yet("such a statistic")),
        };
        let value = Expr::Literal(value, None);
        let expr = match given {
            [] => value,
            [of] if of.ty.is(Base::Oid) => {
                let null = Expr::Literal(ScalarValue::try_from(&result.storage())?, None);
                Expr::Case(Case::new(
                    None,
                    vec![(Box::new(of.expr.clone().is_null()), Box::new(null))],
                    Some(Box::new(value)),
                ))
            }
            _ => return Err(not_yet("statistics of sessions")),
        };
        Ok(Typed { expr, ty: result, data: result.storage() })
    }

    /// `has_table_privilege(who, table, privileges)` and its kin.
    fn privilege(&mut self, name: &str, given: &[Typed]) -> Result<Typed> {
        let kind = privileges_on(name).ok_or_else(|| not_yet("such privileges"))?;
        let own = if kind == "column" { 3 } else { 2 };
        let text = |text: &str| Typed::new(lit(text), Base::Text);
        let (who, own) = given.split_at(given.len().saturating_sub(own));
        let [object, column @ .., privileges] = own else { return Err(not_yet("such privileges")) };
        let who = match who.first() {
            Some(who) => self.printed(who.clone())?,
            None => text(""),
        };
        let is_by = text(if object.ty.is(Base::Oid) { "oid" } else { "name" });
        let object = self.printed(object.clone())?;
        let column = match column.first() {
            // The number of a column isn't its name.
            Some(column) if column.ty.is(Base::Int2) => {
                let place = self.printed(column.clone())?;
                Typed::new(crate::functions::concatenated(lit("#"), place.expr), Base::Text)
            }
            Some(column) => self.printed(column.clone())?,
            None => text(""),
        };
        let arguments = vec![text(kind), who, object, is_by, column, privileges.clone()];
        self.procedure("has_privilege", arguments, Base::Bool.into())
    }

    /// Functions that PostgreSQL defines in SQL.
    fn by_definition(&mut self, name: &str, given: &[Typed], result: PgType) -> Result<Option<Typed>> {
        let text = |value: &str| Typed::new(lit(value), Base::Text);
        let number = |value: i32| Typed::new(lit(value), Base::Int4);
        let mut all = given.to_vec();
        let source = match (name, given) {
            ("age", [value]) => {
                let today = self.now_as(Base::Date)?;
                let today = self.coerce(today, value.ty, Coercion::Explicit, -1)?;
                all.insert(0, today);
                if value.ty.is(Base::Timestamptz) { "timestamptz_age" } else { "timestamp_age" }
            }
            ("bit_length", [value]) if value.ty.is(Base::Bit) => "bitlength",
            ("bit_length", [value]) => {
                let octets = if value.ty.is(Base::Bytea) { "byteaoctetlen" } else { "textoctetlen" };
                let bytes = match value.ty.is(Base::Bytea) {
                    true => self.procedure(octets, all, Base::Int4.into())?,
                    false => self.procedure("textoctetlen", all, Base::Int4.into())?,
                };
                return self.operate("*", bytes, number(8), -1).map(Some);
            }
            ("date_part", [field, date]) => {
                let moment = self.coerce(date.clone(), Base::Timestamp.into(), Coercion::Implicit, -1)?;
                all = vec![field.clone(), moment];
                "timestamp_part"
            }
            ("log" | "log10", [value]) => {
                let ten = Typed { expr: lit("10"), ty: Base::Numeric.into(), data: DataType::Utf8 };
                all = vec![ten, value.clone()];
                "numeric_log"
            }
            ("lpad" | "rpad", _) => {
                all.push(text(" "));
                name_of(name)
            }
            ("round" | "trunc", [value]) => {
                let source = if name == "round" { "numeric_round" } else { "numeric_trunc" };
                all.push(number(0));
                if let Some(fixed) = self.fixed_numeric(source, &[value.clone(), number(0)])? {
                    return Ok(Some(fixed));
                }
                source
            }
            ("substring", [_, _, _]) => "similar_substring",
            ("quote_literal", _) => "quote_literal",
            ("quote_nullable", _) => "quote_nullable",
            ("timedate_pl", [time, date]) => {
                all = vec![date.clone(), time.clone()];
                "datetime_timestamp"
            }
            ("timetzdate_pl", [time, date]) => {
                all = vec![date.clone(), time.clone()];
                "datetimetz_timestamptz"
            }
            (
                "interval_pl_time" | "interval_pl_timetz" | "interval_pl_timestamp" | "interval_pl_timestamptz",
                [span, at],
            ) => {
                return self.operate("+", at.clone(), span.clone(), -1).map(Some);
            }
            ("timestamptz", [date, time]) => {
                let local = self.operate("+", date.clone(), time.clone(), -1)?;
                return self.coerce(local, result, Coercion::Explicit, -1).map(Some);
            }
            ("interval_pl_date", [span, date]) => {
                all = vec![date.clone(), span.clone()];
                "date_pl_interval"
            }
            ("integer_pl_date", [days, date]) => {
                all = vec![date.clone(), days.clone()];
                "date_pli"
            }
            ("int8pl_inet", [offset, inet]) => {
                all = vec![inet.clone(), offset.clone()];
                "inetpl"
            }
            ("numeric_pl_pg_lsn", [by, at]) => {
                all = vec![at.clone(), by.clone()];
                "pg_lsn_pli"
            }
            ("obj_description", [_, _]) => "obj_description",
            ("obj_description", [_]) => "obj_description_of_any",
            ("col_description", _) => "col_description",
            ("shobj_description", _) => "shobj_description",
            ("pg_relation_size", [_]) => "pg_relation_size",
            ("overlaps", [a, b, c, d]) => {
                let end = |binder: &mut Self, start: &Typed, end: &Typed| match end.ty.is(Base::Interval) {
                    true => binder.operate("+", start.clone(), end.clone(), -1),
                    false => Ok(end.clone()),
                };
                let (b, d) = (end(self, a, b)?, end(self, c, d)?);
                let source = match a.ty.base {
                    Base::Time => "overlaps_time",
                    Base::Timetz => "overlaps_timetz",
                    _ => "overlaps_timestamp",
                };
                all = vec![a.clone(), b, c.clone(), d];
                source
            }
            _ => return Err(not_yet("this function")),
        };
        self.procedure(source, all, result).map(Some)
    }

    /// Of numerics that are held with one scale, where the result's scale is known, too.
    fn fixed_numeric(&mut self, source: &str, given: &[Typed]) -> Result<Option<Typed>> {
        let (precision, scale) = match given.first().map(|value| &value.data) {
            Some(DataType::Decimal128(precision, scale)) if *precision < 38 => (*precision, *scale),
            _ => return Ok(None),
        };
        let places = match given.get(1).map(|places| &places.expr) {
            None => 0,
            Some(Expr::Literal(ScalarValue::Int32(Some(places)), _)) => *places,
            Some(_) => return Ok(None),
        };
        let value = given[0].expr.clone();
        let (name, data) = match source {
            "numeric_abs" => ("numeric_fixed_abs", DataType::Decimal128(precision, scale)),
            "numeric_round" if (0..=i32::from(scale)).contains(&places) => {
                let whole = precision - scale as u8;
                ("numeric_fixed_round", DataType::Decimal128(whole + 1 + places as u8, places as i8))
            }
            _ => return Ok(None),
        };
        Ok(Some(Typed { expr: call(name, vec![value], data.clone()), ty: Base::Numeric.into(), data }))
    }

    /// `current_user`, `current_setting('x')` and their kin.
    pub(super) fn of_session(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let value = match (name, node.args.len()) {
            ("now" | "transaction_timestamp", 0) => {
                return self.now_as(Base::Timestamptz).map(Some);
            }
            ("current_database", 0) => Typed::new(lit(self.asker()?.view.runtime.database.clone()), Base::Name),
            ("current_schema", 0) => Typed::new(lit(self.current_schema()?), Base::Name),
            ("version", 0) => Typed::new(lit(super::super::rewrite::version(self.asker()?.facts)), Base::Text),
            ("pg_backend_pid", 0) => Typed::new(lit(self.asker()?.facts.backend_pid()), Base::Int4),
            ("inet_client_addr", 0) => self.of_address(0, Base::Inet)?,
            ("inet_server_addr", 0) => self.of_address(1, Base::Inet)?,
            ("inet_client_port", 0) => self.of_address(0, Base::Int4)?,
            ("inet_server_port", 0) => self.of_address(1, Base::Int4)?,
            ("pg_is_in_recovery", 0) => Typed::new(lit(false), Base::Bool),
            ("current_setting", 1 | 2) => match self.setting(node, scope)? {
                Some(value) => value,
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        self.session_dependent = true;
        Ok(Some(value))
    }

    /// The address or the port of the connection's client, or of its server; NULL without a connection.
    fn of_address(&self, side: usize, base: Base) -> Result<Typed> {
        let address = self.asker()?.facts.addresses().and_then(|addresses| addresses.get(side).copied());
        let ty = PgType::from(base);
        let value = match (address, base) {
            (Some(address), Base::Inet) => ScalarValue::from(address.ip().to_canonical().to_string()),
            (Some(address), _) => ScalarValue::from(i32::from(address.port())),
            (None, _) => ScalarValue::try_from(&ty.storage())?,
        };
        Ok(Typed { expr: Expr::Literal(value, None), ty, data: ty.storage() })
    }

    /// `current_setting(name [, missing_ok])` of constants.
    fn setting(&mut self, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let mut constants = Vec::new();
        for argument in &node.args {
            match self.expr_of(Some(argument), scope)?.expr {
                Expr::Literal(value, _) => constants.push(value),
                _ => return self.computed_setting(node, scope).map(Some),
            }
        }
        let Some(ScalarValue::Utf8(Some(name))) = constants.first() else { return Ok(None) };
        let missing_ok = matches!(constants.get(1), Some(ScalarValue::Boolean(Some(true))));
        match self.asker()?.facts.setting(name) {
            Some(value) => Ok(Some(Typed::new(lit(value), Base::Text))),
            None if missing_ok => Ok(Some(Typed::new(Expr::Literal(ScalarValue::Utf8(None), None), Base::Text))),
            None => Err(PlanError::refused(
                code::UNDEFINED_OBJECT,
                format!("unrecognized configuration parameter \"{name}\""),
                None,
            )),
        }
    }

    /// The same whose name is computed.
    fn computed_setting(&mut self, node: &FuncCall, scope: &Scope<'_>) -> Result<Typed> {
        let mut arguments = self.resolved("current_setting", node, scope)?.arguments;
        if arguments.len() < 2 {
            arguments.push(Typed::new(lit(false), Base::Bool));
        }
        let texts = PgType::from(Base::Text).array_of();
        let list = |items: Vec<ScalarValue>| {
            let list = ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8));
            Typed { expr: Expr::Literal(list, None), ty: texts, data: texts.storage() }
        };
        let facts = self.asker()?.facts;
        let names: Vec<String> = facts.settings().into_iter().map(|setting| setting.name).collect();
        let values = names.iter().map(|name| ScalarValue::Utf8(facts.setting(name))).collect();
        let names = names.into_iter().map(ScalarValue::from).collect();
        arguments.extend([list(names), list(values)]);
        self.procedure("setting_named", arguments, Base::Text.into())
    }

    /// The schemas of the search path that are there, with or without those that are always searched.
    fn current_schemas(&mut self, with_implicit: &Typed) -> Result<Typed> {
        self.session_dependent = true;
        let Asker { view, facts } = self.asker()?;
        let mut found: Vec<String> = Vec::new();
        for schema in facts.search_path() {
            let is_catalog = matches!(schema.as_str(), "pg_catalog" | "information_schema");
            if (is_catalog || view.schemas().contains_key(&schema)) && !found.contains(&schema) {
                found.push(schema);
            }
        }
        if found.is_empty() {
            found.push(self.current_schema()?);
        }
        let explicit = found.clone();
        if !found.iter().any(|schema| schema == "pg_catalog") {
            found.insert(0, "pg_catalog".to_owned());
        }
        let list = |schemas: Vec<String>| {
            let items: Vec<ScalarValue> = schemas.into_iter().map(ScalarValue::from).collect();
            Expr::Literal(ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8)), None)
        };
        let ty = PgType::from(Base::Name).array_of();
        let asked = with_implicit.expr.clone();
        let branches = vec![
            (Box::new(asked.clone().is_true()), Box::new(list(found))),
            (Box::new(asked.is_false()), Box::new(list(explicit))),
        ];
        let expr = match &with_implicit.expr {
            Expr::Literal(ScalarValue::Boolean(Some(flag)), _) => *branches[usize::from(!flag)].1.clone(),
            _ => Expr::Case(Case::new(None, branches, None)),
        };
        Ok(Typed { expr, ty, data: ty.storage() })
    }

    fn current_schema(&self) -> Result<String> {
        let Asker { view, facts } = self.asker()?;
        let found = facts.search_path().into_iter().find(|schema| view.schemas().contains_key(schema));
        Ok(found.unwrap_or_else(|| "public".to_owned()))
    }

    /// When the transaction began, as a value of a type that holds moments.
    pub(super) fn now_as(&mut self, base: Base) -> Result<Typed> {
        let moment = self.engine_function("now", Vec::new())?;
        let data = PgType::from(Base::Timestamptz).storage();
        let now = Typed { expr: cast(moment, data.clone()), ty: Base::Timestamptz.into(), data };
        self.coerce(now, base.into(), Coercion::Explicit, -1)
    }

    pub(super) fn value_function(&mut self, function: &SqlValueFunction) -> Result<Typed> {
        let op = SqlValueFunctionOp::try_from(function.op).map_err(|_| not_yet("this value"))?;
        use SqlValueFunctionOp::*;
        let base = match op {
            SvfopCurrentDate => Base::Date,
            SvfopCurrentTimestamp | SvfopCurrentTimestampN => Base::Timestamptz,
            SvfopLocaltimestamp | SvfopLocaltimestampN => Base::Timestamp,
            SvfopCurrentTime | SvfopCurrentTimeN => Base::Timetz,
            SvfopLocaltime | SvfopLocaltimeN => Base::Time,
            _ => {
                let is_user = matches!(op, SvfopCurrentUser | SvfopSessionUser | SvfopUser | SvfopCurrentRole);
                if let Some(rule) = self.rule.filter(|_| is_user) {
                    return Ok(rule.user());
                }
                let text = match op {
                    _ if is_user => self.asker()?.facts.user().to_owned(),
                    SvfopCurrentCatalog => self.asker()?.view.runtime.database.clone(),
                    SvfopCurrentSchema => self.current_schema()?,
                    _ => return Err(not_yet("this value")),
                };
                self.session_dependent = true;
                return Ok(Typed::new(lit(text), Base::Name));
            }
        };
        let now = self.now_as(base)?;
        let to = PgType { typmod: function.typmod, ..base.into() };
        self.coerce(now, to, Coercion::Explicit, -1)
    }
}

/// What a function tells the privileges on.
fn privileges_on(name: &str) -> Option<&str> {
    let kind = match name {
        "pg_has_role" => "role",
        name => name.strip_prefix("has_")?.strip_suffix("_privilege")?,
    };
    has_privileges(kind).then_some(kind)
}

fn name_of(name: &str) -> &'static str {
    if name == "lpad" { "lpad" } else { "rpad" }
}

/// The bytes of a value, where all values of a type have as many (`pg_type.typlen`).
fn bytes_of(ty: PgType) -> Option<i32> {
    use Base::*;
    let bytes = match ty.base {
        Bool | Char => 1,
        Int2 => 2,
        Int4 | Float4 | Date | Oid | Xid | Cid => 4,
        Macaddr | Tid => 6,
        Int8 | Float8 | Time | Timestamp | Timestamptz | Money | Macaddr8 | PgLsn | Xid8 => 8,
        Timetz => 12,
        Interval | Uuid => 16,
        Name => 64,
        _ => return None,
    };
    (!ty.is_array).then_some(bytes)
}
