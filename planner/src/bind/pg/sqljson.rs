//! SQL/JSON: JSON_OBJECT, JSON_ARRAY, their aggregates, JSON_VALUE and its kin, IS JSON.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{
    FuncCall, JsonAggConstructor, JsonArrayAgg, JsonArrayConstructor, JsonBehavior, JsonBehaviorType, JsonEncoding,
    JsonExprOp, JsonFormat, JsonFormatType, JsonFuncExpr, JsonIsPredicate, JsonKeyValue, JsonObjectAgg,
    JsonObjectConstructor, JsonOutput, JsonParseExpr, JsonQuotes, JsonScalarExpr, JsonSerializeExpr, JsonValueExpr,
    JsonValueType, JsonWrapper, Node,
};

use super::coerce::freed;
use super::expr::{inner, location};
use super::input_output::input;
use super::json::{Part, flags};
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;

/// `DATATYPE_MISMATCH`
const MISMATCH: &str = "42804";

impl Binder<'_> {
    /// An expression of SQL/JSON; `None` for other nodes.
    pub(super) fn sql_json(&mut self, node: &NodeEnum, scope: &Scope<'_>) -> Result<Option<Typed>> {
        match node {
            NodeEnum::JsonObjectConstructor(object) => self.json_object(object, scope),
            NodeEnum::JsonArrayConstructor(array) => self.json_array_of(array, scope),
            NodeEnum::JsonObjectAgg(aggregate) => self.json_objectagg(aggregate, scope),
            NodeEnum::JsonArrayAgg(aggregate) => self.json_arrayagg(aggregate, scope),
            NodeEnum::JsonIsPredicate(test) => self.is_json(test, scope),
            NodeEnum::JsonParseExpr(parse) => self.json_parse(parse, scope),
            NodeEnum::JsonScalarExpr(scalar) => self.json_scalar(scalar, scope),
            NodeEnum::JsonSerializeExpr(serialize) => self.json_serialize(serialize, scope),
            NodeEnum::JsonFuncExpr(function) => self.json_function(function, scope),
            _ => return Ok(None),
        }
        .map(Some)
    }

    pub(super) fn mismatch(&self, message: String, location: i32) -> PlanError {
        PlanError::Mismatch { message, position: self.position(location) }
    }

    /// What RETURNING says.
    fn returning(&self, output: Option<&JsonOutput>) -> Result<Option<PgType>> {
        let Some(output) = output else { return Ok(None) };
        no_encoding(output.returning.as_ref().and_then(|returning| returning.format.as_ref()))?;
        output.type_name.as_ref().map(|name| self.type_named(Some(name))).transpose()
    }

    /// `value [FORMAT JSON]`
    pub(super) fn json_input(&mut self, value: Option<&JsonValueExpr>, scope: &Scope<'_>) -> Result<Typed> {
        let value = value.ok_or_else(|| not_yet("an empty node"))?;
        let raw = value.raw_expr.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        let given = self.expr_of(Some(raw), scope)?;
        no_encoding(value.format.as_ref())?;
        if !is_format_json(value.format.as_ref()) {
            return Ok(given);
        }
        let typed = self.settled(given)?;
        if is_json_type(&typed) {
            return Ok(typed);
        }
        if !typed.ty.is_string() {
            let message = "cannot use non-string types with explicit FORMAT JSON clause".to_owned();
            return Err(self.mismatch(message, location(inner(Some(raw))?)));
        }
        self.coerce(typed, Base::Json.into(), Coercion::Explicit, -1)
    }

    fn json_value_part(&mut self, value: Option<&JsonValueExpr>, scope: &Scope<'_>) -> Result<(Part, bool)> {
        let given = self.json_input(value, scope)?;
        let is_jsonb = given.ty.is(Base::Jsonb);
        Ok((self.json_part(given)?, is_jsonb))
    }

    fn json_pair(&mut self, pair: &JsonKeyValue, scope: &Scope<'_>) -> Result<[Typed; 2]> {
        let key = pair.key.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        Ok([self.expr_of(Some(key), scope)?, self.json_input(pair.value.as_deref(), scope)?])
    }

    /// The type that is built, and the one that it becomes then: without RETURNING jsonb if a part of it is one.
    fn json_types(&self, output: Option<&JsonOutput>, has_jsonb: bool) -> Result<(Base, PgType)> {
        let made = match self.returning(output)? {
            Some(to) if to.is(Base::Jsonb) => return Ok((Base::Jsonb, to)),
            Some(to) if to.is(Base::Json) || (to.is_string() && !to.is_array) => return Ok((Base::Json, to)),
            Some(_) => return Err(not_yet("JSON as this type")),
            None if has_jsonb => Base::Jsonb,
            None => Base::Json,
        };
        Ok((made, made.into()))
    }

    fn json_object(&mut self, object: &JsonObjectConstructor, scope: &Scope<'_>) -> Result<Typed> {
        let mut has_jsonb = false;
        let mut parts = Vec::with_capacity(2 * object.exprs.len());
        for node in &object.exprs {
            let NodeEnum::JsonKeyValue(pair) = inner(Some(node))? else { return Err(not_yet("this object")) };
            for given in self.json_pair(pair, scope)? {
                has_jsonb |= given.ty.is(Base::Jsonb);
                parts.push(self.json_part(given)?);
            }
        }
        let (made, to) = self.json_types(object.output.as_ref(), has_jsonb)?;
        let flags = flags(made) + absent(object.absent_on_null) + unique(object.unique);
        let built = self.json_built("json_object_of", &flags, parts, made.into())?;
        self.coerce(built, to, Coercion::Explicit, object.location)
    }

    fn json_array_of(&mut self, array: &JsonArrayConstructor, scope: &Scope<'_>) -> Result<Typed> {
        let mut has_jsonb = false;
        let mut parts = Vec::with_capacity(array.exprs.len());
        for node in &array.exprs {
            let NodeEnum::JsonValueExpr(value) = inner(Some(node))? else { return Err(not_yet("this array")) };
            let (part, is_jsonb) = self.json_value_part(Some(value), scope)?;
            has_jsonb |= is_jsonb;
            parts.push(part);
        }
        let (made, to) = self.json_types(array.output.as_ref(), has_jsonb)?;
        let flags = flags(made) + absent(array.absent_on_null);
        let built = self.json_built("json_array_of", &flags, parts, made.into())?;
        self.coerce(built, to, Coercion::Explicit, array.location)
    }

    fn json_objectagg(&mut self, aggregate: &JsonObjectAgg, scope: &Scope<'_>) -> Result<Typed> {
        let constructor = aggregate.constructor.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        let pair = aggregate.arg.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        let pair = self.json_pair(pair, scope)?;
        let has_jsonb = pair.iter().any(|value| value.ty.is(Base::Jsonb));
        let (made, to) = self.json_types(constructor.output.as_ref(), has_jsonb)?;
        let flags = flags(made) + absent(aggregate.absent_on_null) + unique(aggregate.unique);
        let built = self.json_object_aggregate(&as_call(constructor), pair, &flags, made, scope)?;
        self.coerce(built, to, Coercion::Explicit, constructor.location)
    }

    fn json_arrayagg(&mut self, aggregate: &JsonArrayAgg, scope: &Scope<'_>) -> Result<Typed> {
        let constructor = aggregate.constructor.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        let given = self.json_input(aggregate.arg.as_deref(), scope)?;
        let (made, to) = self.json_types(constructor.output.as_ref(), given.ty.is(Base::Jsonb))?;
        let flags = flags(made) + absent(aggregate.absent_on_null);
        let built = self.json_aggregate(&as_call(constructor), given, &flags, made, scope)?;
        self.coerce(built, to, Coercion::Explicit, constructor.location)
    }

    /// `text IS JSON [OBJECT | ARRAY | SCALAR] [WITH UNIQUE KEYS]`; what is NOT so, the grammar has negated.
    fn is_json(&mut self, test: &JsonIsPredicate, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(test.expr.as_deref(), scope)?;
        let value = self.settled(value)?;
        let text = match is_json_type(&value) {
            true => Typed { ty: Base::Text.into(), ..value },
            false if value.ty.is_string() => self.coerce(value, Base::Text.into(), Coercion::Explicit, -1)?,
            false if value.ty.is(Base::Bytea) => return Err(not_yet("bytea as JSON")),
            false => {
                let message = format!("cannot use type {} in IS JSON predicate", value.ty);
                return Err(self.mismatch(message, test.location));
            }
        };
        let item = match JsonValueType::try_from(test.item_type) {
            Ok(JsonValueType::JsTypeObject) => "o",
            Ok(JsonValueType::JsTypeArray) => "a",
            Ok(JsonValueType::JsTypeScalar) => "s",
            _ => "v",
        };
        let asked = Typed::new(lit(format!("{item}{}", unique(test.unique_keys))), Base::Text);
        self.procedure("is_json", vec![text, asked], Base::Bool.into())
    }

    /// `JSON(text [WITH UNIQUE KEYS])`
    fn json_parse(&mut self, parse: &JsonParseExpr, scope: &Scope<'_>) -> Result<Typed> {
        let value = parse.expr.as_deref().ok_or_else(|| not_yet("an empty node"))?;
        no_encoding(value.format.as_ref())?;
        let node = inner(value.raw_expr.as_deref())?;
        let typed = self.expr(node, scope)?;
        if !parse.unique_keys {
            return self.coerce(typed, Base::Json.into(), Coercion::Explicit, location(node));
        }
        let typed = self.settled(typed)?;
        if !typed.ty.is_string() {
            let message = "cannot use non-string types with WITH UNIQUE KEYS clause".to_owned();
            return Err(self.mismatch(message, parse.location));
        }
        let text = self.coerce(typed, Base::Text.into(), Coercion::Explicit, -1)?;
        self.procedure("json_unique", vec![text], Base::Json.into())
    }

    fn json_scalar(&mut self, scalar: &JsonScalarExpr, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.expr_of(scalar.expr.as_deref(), scope)?;
        let part = self.json_part(value)?;
        let (made, to) = self.json_types(scalar.output.as_ref(), false)?;
        let built = self.json_of(part, made)?;
        self.coerce(built, to, Coercion::Explicit, scalar.location)
    }

    fn json_serialize(&mut self, serialize: &JsonSerializeExpr, scope: &Scope<'_>) -> Result<Typed> {
        let to = self.returning(serialize.output.as_ref())?.unwrap_or_else(|| Base::Text.into());
        if to.is(Base::Bytea) {
            return Err(not_yet("JSON as bytea"));
        }
        if !to.is_string() {
            return Err(PlanError::Refused {
                code: MISMATCH,
                message: format!("cannot use type {to} in RETURNING clause of JSON_SERIALIZE()"),
                hint: Some("Try returning a string type or bytea."),
                position: None,
            });
        }
        let value = self.json_input(serialize.expr.as_deref(), scope)?;
        let json = match is_json_type(&value) {
            true => value,
            false => self.coerce(value, Base::Json.into(), Coercion::Explicit, serialize.location)?,
        };
        self.coerce(json, to, Coercion::Explicit, serialize.location)
    }

    /// JSON_EXISTS, JSON_VALUE and JSON_QUERY.
    fn json_function(&mut self, function: &JsonFuncExpr, scope: &Scope<'_>) -> Result<Typed> {
        let item = self.json_input(function.context_item.as_deref(), scope)?;
        let item = self.coerce(item, Base::Jsonb.into(), Coercion::Explicit, function.location)?;
        let node = inner(function.pathspec.as_deref())?;
        let path = self.expr(node, scope)?;
        if !path.ty.is(Base::Unknown) && !path.ty.is(Base::Jsonpath) {
            let message = format!("JSON path expression must be of type jsonpath, not of type {}", path.ty);
            return Err(self.mismatch(message, location(node)));
        }
        let path = self.coerce(path, Base::Jsonpath.into(), Coercion::Explicit, location(node))?;
        let variables = self.json_variables(&function.passing, scope)?;
        match JsonExprOp::try_from(function.op) {
            Ok(JsonExprOp::JsonExistsOp) => self.json_exists(function.on_error.as_deref(), [item, path, variables]),
            Ok(JsonExprOp::JsonValueOp) => self.json_queried(function, true, [item, path, variables], scope),
            Ok(JsonExprOp::JsonQueryOp) => self.json_queried(function, false, [item, path, variables], scope),
            _ => Err(not_yet("this function")),
        }
    }

    /// Whether a path finds anything.
    pub(super) fn json_exists(&mut self, on_error: Option<&JsonBehavior>, asked: [Typed; 3]) -> Result<Typed> {
        let on_error = match behavior(on_error) {
            Some(JsonBehaviorType::JsonBehaviorError) => "e",
            Some(JsonBehaviorType::JsonBehaviorTrue) => "t",
            Some(JsonBehaviorType::JsonBehaviorUnknown) => "n",
            Some(JsonBehaviorType::JsonBehaviorFalse) | None => "f",
            Some(_) => return Err(not_yet("this ON ERROR")),
        };
        let [item, path, variables] = asked;
        let on_error = Typed::new(lit(on_error), Base::Text);
        self.procedure("sqljson_exists", vec![item, path, variables, on_error], Base::Bool.into())
    }

    /// What PASSING names, as one jsonb.
    pub(super) fn json_variables(&mut self, passing: &[Node], scope: &Scope<'_>) -> Result<Typed> {
        let mut parts = Vec::with_capacity(2 * passing.len());
        for node in passing {
            let NodeEnum::JsonArgument(argument) = inner(Some(node))? else { return Err(not_yet("this PASSING")) };
            parts.push(Part { text: lit(argument.name.clone()), letter: 't' });
            parts.push(self.json_value_part(argument.val.as_deref(), scope)?.0);
        }
        self.json_built("json_object_of", &flags(Base::Jsonb), parts, Base::Jsonb.into())
    }

    pub(super) fn json_queried(
        &mut self,
        function: &JsonFuncExpr,
        is_value: bool,
        asked: [Typed; 3],
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let usual = if is_value { Base::Text } else { Base::Jsonb };
        let to = self.returning(function.output.as_ref())?.unwrap_or_else(|| usual.into());
        let bare = to.without_modifier();
        let wrapper = match JsonWrapper::try_from(function.wrapper) {
            Ok(JsonWrapper::JswConditional) => 'c',
            Ok(JsonWrapper::JswUnconditional) => 'u',
            _ => 'w',
        };
        let omits = function.quotes == JsonQuotes::JsQuotesOmit as i32;
        if omits && wrapper != 'w' {
            let message = "SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used".to_owned();
            return Err(PlanError::Grammar { message, position: self.position(function.location) });
        }
        let is_json = bare.is(Base::Json) || bare.is(Base::Jsonb);
        let reads = match bare.base {
            _ if bare.is_array && is_value => return Err(not_yet("a scalar as an array")),
            base if base.range_of().is_some() => return Err(not_yet("JSON as this type")),
            Base::Text | Base::Varchar | Base::Bpchar => "",
            Base::Json | Base::Jsonb if is_json && (is_value || !omits) => "",
            Base::Json => "json_in",
            Base::Jsonb => "jsonb_in",
            // What has its quotes isn't read alike by all types.
            base if !(is_value
                || omits
                || bare.is_array
                || base.is_integer()
                || base.is_float()
                || matches!(base, Base::Numeric | Base::Bool)) =>
            {
                return Err(not_yet("JSON as this type"));
            }
            Base::Int2 | Base::Int4 | Base::Int8 => "text_to_integer",
            Base::Numeric => "text_to_numeric",
            base => input(base).ok_or_else(|| not_yet("JSON as this type"))?,
        };
        // A modifier may refuse a value: ON ERROR tells what is given then.
        let modifies = match (to.base, &to.storage()) {
            _ if to.typmod < 0 => String::new(),
            _ if to.is_array => return Err(not_yet("JSON as a type with a modifier")),
            (Base::Varchar, _) => format!("varchar={}", to.typmod),
            (Base::Bpchar, _) => format!("bpchar={}", to.typmod),
            (Base::Numeric, DataType::Decimal128(..) | DataType::Decimal256(..)) => "numeric_rescale".to_owned(),
            _ => return Err(not_yet("JSON as a type with a modifier")),
        };
        let keeps = if is_value { is_json } else { !omits };
        let (empty_letter, on_empty) = self.json_instead(function.on_empty.as_deref(), to, scope)?;
        let (error_letter, on_error) = self.json_instead(function.on_error.as_deref(), to, scope)?;
        let function_letter = match (is_value, bare.is_array) {
            (true, _) => 'v',
            (false, true) => 'a',
            (false, false) => 'q',
        };
        let quotes = if keeps { 'k' } else { 'o' };
        let column = &function.column_name;
        let plan =
            format!("{function_letter}{wrapper}{quotes}{empty_letter}{error_letter}:{reads},{modifies}:{column}");
        let [item, path, variables] = asked;
        let arguments = vec![item, path, variables, Typed::new(lit(plan), Base::Text), on_empty, on_error];
        self.procedure_held("sqljson_query", arguments, to, to.storage())
    }

    /// What ON EMPTY or ON ERROR gives: its letter, and its value or NULL.
    fn json_instead(&mut self, given: Option<&JsonBehavior>, to: PgType, scope: &Scope<'_>) -> Result<(char, Typed)> {
        use JsonBehaviorType::*;
        let constant = |text: &str| Typed::new(lit(text), Base::Jsonb);
        let (letter, value) = match behavior(given) {
            None | Some(JsonBehaviorNull) => ('n', Typed::null()),
            Some(JsonBehaviorError) => ('e', Typed::null()),
            Some(JsonBehaviorEmpty | JsonBehaviorEmptyArray) if to.is_array => {
                ('d', Typed::new(lit("{}"), Base::Unknown))
            }
            Some(JsonBehaviorEmpty | JsonBehaviorEmptyArray) => ('d', constant("[]")),
            Some(JsonBehaviorEmptyObject) => ('d', constant("{}")),
            Some(JsonBehaviorDefault) => ('d', self.expr_of(given.and_then(|given| given.expr.as_deref()), scope)?),
            Some(_) => return Err(not_yet("this ON ERROR")),
        };
        // A constant is read as the type, as a constant is everywhere.
        let place = given.and_then(|given| given.expr.as_deref()).and_then(|node| node.node.as_ref());
        let place = if value.ty.is(Base::Unknown) { place.map_or(-1, location) } else { -1 };
        let value = self.coerce(value, to, Coercion::Explicit, place)?;
        let value = if to.storage() == DataType::Utf8 { freed(value)? } else { value };
        let is_null = matches!(&value.expr, Expr::Literal(value, _) if value.is_null());
        match value.data == to.storage() {
            // An argument that is a numeric is handed over with its own digits.
            true if letter == 'd' && to.is(Base::Numeric) && value.data != DataType::Utf8 => {
                Err(not_yet("this DEFAULT"))
            }
            true => Ok((letter, value)),
            false if is_null => {
                let null = ScalarValue::try_from(&to.storage())?;
                Ok((letter, Typed { expr: Expr::Literal(null, None), ty: to, data: to.storage() }))
            }
            false => Err(not_yet("this DEFAULT")),
        }
    }
}

fn absent(is_absent: bool) -> &'static str {
    if is_absent { "a" } else { "" }
}

fn unique(is_unique: bool) -> &'static str {
    if is_unique { "u" } else { "" }
}

fn is_json_type(typed: &Typed) -> bool {
    typed.ty.is(Base::Json) || typed.ty.is(Base::Jsonb)
}

fn is_format_json(format: Option<&JsonFormat>) -> bool {
    format.is_some_and(|format| format.format_type == JsonFormatType::JsFormatJson as i32)
}

/// ENCODING is for bytea, which isn't JSON here.
fn no_encoding(format: Option<&JsonFormat>) -> Result<()> {
    match format.is_some_and(|format| format.encoding > JsonEncoding::JsEncDefault as i32) {
        true => Err(not_yet("an encoding of JSON")),
        false => Ok(()),
    }
}

fn behavior(given: Option<&JsonBehavior>) -> Option<JsonBehaviorType> {
    given.and_then(|given| JsonBehaviorType::try_from(given.btype).ok())
}

/// The clauses of an aggregate as those of a function have them.
fn as_call(constructor: &JsonAggConstructor) -> FuncCall {
    FuncCall {
        agg_order: constructor.agg_order.clone(),
        agg_filter: constructor.agg_filter.clone(),
        over: constructor.over.clone(),
        location: constructor.location,
        ..FuncCall::default()
    }
}
