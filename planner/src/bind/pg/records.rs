//! Records: `ROW(a, b)`, rows of tables, and what reads them. A record is held as a struct of its fields, each of which is
//! marked with its type ([`record_of`]); the struct's own NULL is the record's. How one is held, `Typed.data` tells alone.

use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, Operator, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{ColumnRef, Node, NullTest, NullTestType, RowExpr};

use super::coerce::freed;
use super::expr::{inner, location, parts};
use super::operators::COMPARISONS;
use super::scope::{Scope, is_named};
use super::types::{Base, PgType};
use super::{Binder, Named, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, name_of};

/// The modifier of a record of which a statement may name the fields: `ROW(...)`, a table's row, a column that is such.
const NAMED: i32 = 0;

/// Makes a record of its fields.
const ROW: &str = "record_fields";

/// The same, but NULL where all fields are: the row of a table that an outer join may leave without one.
const OPTIONAL_ROW: &str = "record_or_null";

/// Functions that take records as they are held.
const TAKING_RECORDS: [&str; 14] = [
    "array_append",
    "array_cat",
    "array_cardinality",
    "array_dims",
    "array_eq",
    "array_ge",
    "array_gt",
    "array_le",
    "array_length",
    "array_lower",
    "array_lt",
    "array_ne",
    "array_prepend",
    "array_upper",
];

/// A field of a record.
#[derive(Clone)]
pub(super) struct Output {
    pub name: String,
    pub ty: PgType,
    pub data: DataType,
}

/// How records of these fields are held.
pub(super) fn record_of(outputs: &[Output]) -> DataType {
    let field =
        |output: &Output| output.ty.without_modifier().mark(Field::new(&output.name, output.data.clone(), true));
    DataType::Struct(outputs.iter().map(field).collect::<Fields>())
}

/// The type of records of which a statement may name the fields.
pub(super) fn named(record: PgType) -> PgType {
    PgType { typmod: NAMED, ..record }
}

/// A field of a record that a function in FROM gives, by its name.
pub(super) fn field_of(record: Expr, name: &str) -> Expr {
    datafusion::functions::core::expr_fn::get_field(record, name)
}

/// The fields of records that are held so.
pub(super) fn fields_of(data: &DataType) -> Result<Vec<Output>> {
    let unknown = || not_yet("the fields of this record");
    let DataType::Struct(fields) = data else { return Err(unknown()) };
    let mut outputs = Vec::with_capacity(fields.len());
    for field in fields {
        let ty = PgType::of_mark(field).ok_or_else(unknown)?;
        // What keeps the place of none.
        if !ty.is(Base::Void) {
            outputs.push(Output { name: field.name().clone(), ty, data: field.data_type().clone() });
        }
    }
    Ok(outputs)
}

/// Whether it is a record that is held as its text, since there are others beside it with other fields.
pub(super) fn is_told_by_text(typed: &Typed) -> bool {
    let is_undetermined =
        matches!(&typed.expr, Expr::ScalarFunction(call) if name_of(&call.func) == Some("json_undetermined"));
    typed.ty.is(Base::Record) && !has_fields(typed) && !is_null(typed) && !is_undetermined
}

/// Whether a value is a record, or an array of records, of which the fields are there.
pub(super) fn has_fields(typed: &Typed) -> bool {
    let data = match &typed.data {
        DataType::List(item) if typed.ty.is_array => item.data_type(),
        data => data,
    };
    typed.ty.base == Base::Record && matches!(data, DataType::Struct(_))
}

pub(super) fn takes_records(source: &str) -> bool {
    TAKING_RECORDS.contains(&source)
}

/// Arguments of a function that are records, or arrays of records, must be held alike.
pub(super) fn check_held_alike(arguments: &[Typed]) -> Result<()> {
    let held = |typed: &Typed| match &typed.data {
        DataType::List(item) if typed.ty.is_array => item.data_type().clone(),
        data => data.clone(),
    };
    let mut records = arguments.iter().filter(|argument| has_fields(argument)).map(held);
    let first = records.next();
    match records.all(|next| Some(&next) == first.as_ref()) {
        true => Ok(()),
        false => Err(not_yet("records of several shapes")),
    }
}

fn is_null(typed: &Typed) -> bool {
    matches!(&typed.expr, Expr::Literal(value, _) if value.is_null())
}

/// The call of a function that makes a record, and what it makes it of.
fn made_of(expr: &Expr) -> Option<(&str, &[Expr])> {
    match expr {
        Expr::ScalarFunction(call) if matches!(call.func.name(), ROW | OPTIONAL_ROW) => {
            Some((call.func.name(), &call.args))
        }
        _ => None,
    }
}

/// Whether it is `ROW(...)`, which is never NULL.
pub(super) fn is_row(record: &Typed) -> bool {
    made_of(&record.expr).is_some_and(|(name, _)| name == ROW)
}

/// The fields of a record that is never NULL; `None` for others.
pub(super) fn fields_of_row(record: &Typed) -> Result<Option<Vec<Output>>> {
    is_row(record).then(|| fields_of(&record.data)).transpose()
}

/// Whether a statement may name the fields of a record: PostgreSQL doesn't look into what computes one.
fn is_named_record(record: &Typed) -> bool {
    let is_read = matches!(record.expr, Expr::Column(_) | Expr::OuterReferenceColumn(..));
    let is_made = made_of(&record.expr).is_some() || super::sets::is_marker(&record.expr);
    record.ty.is_composite() || record.ty.is(Base::Record) && record.ty.typmod == NAMED && (is_read || is_made)
}

/// What a select list makes of a value: it forgets the fields of a record that no statement may name.
pub(super) fn as_target(typed: Typed) -> Typed {
    match typed.ty.base == Base::Record && !is_named_record(&typed) {
        true => Typed { ty: typed.ty.without_modifier(), ..typed },
        false => typed,
    }
}

/// The columns of a set operation have the fields of the first query's.
pub(super) fn type_of_arms(ty: PgType, first: PgType) -> PgType {
    if ty.is(Base::Record) && first.is(Base::Record) { first } else { ty }
}

/// One field of a record. NULL has NULL in all of them.
fn field(record: &Typed, at: usize, output: &Output) -> Result<Typed> {
    match made_of(&record.expr) {
        Some((_, fields)) => {
            let expr = fields.get(at).cloned().ok_or_else(|| not_yet("this field"))?;
            Ok(Typed { expr, ty: output.ty, data: output.data.clone() })
        }
        None => read(record, at, output),
    }
}

/// The same by a function of the record, whatever it is made of.
fn read(record: &Typed, at: usize, output: &Output) -> Result<Typed> {
    let expr = match is_null(record) {
        true => Expr::Literal(ScalarValue::try_from(&output.data)?, None),
        false => call("record_field", vec![record.expr.clone(), lit(at as i32)], output.data.clone()),
    };
    Ok(Typed { expr, ty: output.ty, data: output.data.clone() })
}

/// The fields that all of these records have, which are to be of the same types. One that has several names has none. `None` if the
/// records are of several shapes.
fn common_fields(records: &[&Typed]) -> Result<Option<Vec<Output>>> {
    let Some((first, others)) = records.split_first() else { return Ok(None) };
    if !records.iter().all(|one| has_fields(one)) {
        return Ok(None);
    }
    let mut common = fields_of(&first.data)?;
    for other in others {
        let fields = fields_of(&other.data)?;
        if fields.len() != common.len() {
            return Ok(None);
        }
        for (one, other) in common.iter_mut().zip(fields) {
            if !one.ty.same(other.ty) || one.data != other.data {
                return Ok(None);
            }
            if one.name != other.name {
                one.name = String::new();
            }
        }
    }
    Ok(Some(common))
}

/// Those that are records, and not NULL without more.
fn records_among(typed: &[Typed]) -> Vec<&Typed> {
    typed.iter().filter(|one| one.ty.is(Base::Record) && !is_null(one)).collect()
}

/// Records that meet, held in one way: those of other types are refused.
pub(super) fn one_shape(typed: Vec<Typed>) -> Result<Vec<Typed>> {
    let records = records_among(&typed);
    let Some(first) = records.first().map(|record| &record.data) else { return Ok(typed) };
    if records.iter().all(|record| record.data == *first) {
        return Ok(typed);
    }
    let common = common_fields(&records)?.ok_or_else(|| not_yet("records of several shapes"))?;
    let data = record_of(&common);
    let held_so = |one: Typed| {
        if !has_fields(&one) || one.data == data {
            return one;
        }
        let expr = match made_of(&one.expr) {
            Some((ROW, fields)) => call(ROW, fields.to_vec(), data.clone()),
            Some((_, fields)) => call(OPTIONAL_ROW, fields.to_vec(), data.clone()),
            None => call("record_renamed", vec![one.expr], data.clone()),
        };
        Typed { expr, data: data.clone(), ..one }
    };
    Ok(typed.into_iter().map(held_so).collect())
}

/// The fields of a record.
pub(super) fn fields_of_record(record: &Typed) -> Result<Vec<Typed>> {
    fields_of(&record.data)?.iter().enumerate().map(|(at, output)| field(record, at, output)).collect()
}

/// A row of a query around, whose columns have each their own type; `None` for what is no row.
pub(super) fn outer_row(record: &Typed) -> Result<Option<Typed>> {
    let Some((name, fields)) = made_of(&record.expr) else { return Ok(None) };
    let name = if name == ROW { ROW } else { OPTIONAL_ROW };
    let mut exprs = Vec::with_capacity(fields.len());
    for (expr, output) in fields.iter().zip(fields_of(&record.data)?) {
        let typed = Typed { expr: expr.clone(), ty: output.ty, data: output.data };
        exprs.push(super::scope::outer(typed)?.expr);
    }
    // A row without columns has none to refer to.
    let expr = if exprs.is_empty() { record.expr.clone() } else { call(name, exprs, record.data.clone()) };
    Ok(Some(Typed { expr, ..record.clone() }))
}

/// Whether records, or arrays of records, have fields of the same types, whatever their names.
pub(super) fn are_alike(left: &DataType, right: &DataType) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (DataType::List(a), DataType::List(b)) => are_alike(a.data_type(), b.data_type()),
        (DataType::Struct(a), DataType::Struct(b)) => {
            let is_alike = |(a, b): (&FieldRef, &FieldRef)| {
                PgType::of_mark(a).is_some()
                    && PgType::of_mark(a) == PgType::of_mark(b)
                    && are_alike(a.data_type(), b.data_type())
            };
            a.len() == b.len() && a.iter().zip(b).all(is_alike)
        }
        _ => false,
    }
}

impl Binder<'_> {
    /// `ROW(a, b)` and `(a, b)` as values.
    pub(super) fn row(&mut self, row: &RowExpr, scope: &Scope<'_>) -> Result<Typed> {
        let items = self.row_items(row, scope)?;
        let named = |(at, (typed, _)): (usize, (Typed, i32))| Named { name: format!("f{}", at + 1), typed };
        self.record(ROW, items.into_iter().enumerate().map(named).collect())
    }

    /// The values of `ROW(a, t.*)` and their places.
    pub(super) fn row_items(&mut self, row: &RowExpr, scope: &Scope<'_>) -> Result<Vec<(Typed, i32)>> {
        let mut items = Vec::with_capacity(row.args.len());
        for node in &row.args {
            let node = inner(Some(node))?;
            let place = location(node);
            match self.star_fields(node, place, scope)? {
                Some(fields) => items.extend(fields.into_iter().map(|named| (named.typed, place))),
                None => items.push((self.expr(node, scope)?, place)),
            }
        }
        Ok(items)
    }

    fn record(&mut self, source: &'static str, fields: Vec<Named>) -> Result<Typed> {
        let (mut outputs, mut exprs) = (Vec::with_capacity(fields.len()), Vec::with_capacity(fields.len()));
        for Named { name, typed } in fields {
            let typed = match typed.expr {
                Expr::Placeholder(_) => self.settled(typed)?,
                _ => typed,
            };
            if typed.ty.base == Base::Opaque {
                return Err(not_yet("a record with a value of this type"));
            }
            // Numerics in records have each their own digits.
            let typed = if typed.ty.is_array { super::arrays::free_items(typed)? } else { freed(typed)? };
            outputs.push(Output { name, ty: typed.ty.without_modifier(), data: typed.data });
            exprs.push(typed.expr);
        }
        if outputs.is_empty() {
            outputs.push(Output { name: String::new(), ty: Base::Void.into(), data: DataType::Boolean });
            exprs.push(lit(true));
        }
        let data = record_of(&outputs);
        let ty = named(Base::Record.into());
        Ok(Typed { expr: call(source, exprs, data.clone()), ty, data })
    }

    /// The row of a table that is named where a column may be: `t`, `t.*`.
    pub(super) fn whole_row(&mut self, column: &ColumnRef, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let Some((names, here)) = self.row_named(column, scope)? else { return Ok(None) };
        let Some(table) = here.tables.iter().find(|table| is_named(table, &names)) else { return Ok(None) };
        let shown = format!("{}.*", table.alias);
        let (is_own, is_optional) = (std::ptr::eq(here, scope), table.is_optional);
        let mut fields = Vec::with_capacity(table.columns.len());
        for field in self.expanded(&table.columns) {
            if let Expr::Column(found) = &field.typed.expr {
                self.places.entry(found.clone()).or_insert_with(|| (column.location, shown.clone()));
            }
            let typed = if is_own { field.typed } else { super::scope::outer(field.typed)? };
            fields.push(Named { name: field.name, typed });
        }
        self.record(if is_optional { OPTIONAL_ROW } else { ROW }, fields).map(Some)
    }

    /// The name of a table whose row is meant, and the scope that has it. A column of the name comes first.
    fn row_named<'s, 'o, 'q>(
        &self,
        column: &'q ColumnRef,
        scope: &'s Scope<'o>,
    ) -> Result<Option<(Vec<&'q str>, &'s Scope<'o>)>>
    where
        'o: 's,
    {
        let Some((last, before)) = column.fields.split_last() else { return Ok(None) };
        let is_star = matches!(last.node, Some(NodeEnum::AStar(_)));
        let names = if is_star { parts(before)? } else { parts(&column.fields)? };
        if names.is_empty() || (!is_star && names.len() > 1) {
            return Ok(None);
        }
        let around = || std::iter::successors(Some(scope), |scope| scope.outer);
        if !is_star && around().any(|here| here.columns.iter().any(|known| names.contains(&known.name.as_str()))) {
            return Ok(None);
        }
        let found = around().find(|here| here.tables.iter().any(|table| is_named(table, &names)));
        Ok(found.map(|here| (names, here)))
    }

    /// `t.*` and `(record).*` where several values may stand; `None` for what is one.
    pub(super) fn star_fields(&mut self, node: &NodeEnum, place: i32, scope: &Scope<'_>) -> Result<Option<Vec<Named>>> {
        if let Some(fields) = self.star_of_set(node, scope)? {
            return Ok(Some(fields));
        }
        if let Some(prefix) = super::targets::star(node) {
            return self.expand(&prefix, scope, place).map(Some);
        }
        let NodeEnum::AIndirection(indirection) = node else { return Ok(None) };
        let Some((last, before)) = indirection.indirection.split_last() else { return Ok(None) };
        if !matches!(last.node, Some(NodeEnum::AStar(_))) {
            return Ok(None);
        }
        let base = inner(indirection.arg.as_deref())?;
        if let (NodeEnum::ColumnRef(column), []) = (base, before)
            && let Some((names, _)) = self.row_named(column, scope)?
        {
            return self.expand(&names, scope, column.location).map(Some);
        }
        let record = self.steps(base, before, scope)?;
        if !record.ty.is(Base::Record) {
            let message = format!("type {} is not composite", record.ty);
            return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, None));
        }
        if !is_named_record(&record) {
            return Err(unregistered());
        }
        let mut fields = Vec::new();
        for (at, output) in fields_of(&record.data)?.iter().enumerate() {
            if output.name.is_empty() {
                return Err(not_yet("the fields of records that name them otherwise"));
            }
            let record = self.copy(&record)?;
            fields.push(Named { name: output.name.clone(), typed: field(&record, at, output)? });
        }
        Ok(Some(fields))
    }

    /// `(t).column` of a table's row.
    pub(super) fn column_of_row(&mut self, node: &NodeEnum, name: &str, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let NodeEnum::ColumnRef(column) = node else { return Ok(None) };
        let Some((names, _)) = self.row_named(column, scope)? else { return Ok(None) };
        let names: Vec<&str> = names.into_iter().chain([name]).collect();
        self.placed_column(&names, column.location, scope).map(Some)
    }

    /// `(record).field`; `place` is where the record stands.
    pub(super) fn field_named(&mut self, record: &Typed, name: &str, place: i32) -> Result<Typed> {
        let is_read = matches!(record.expr, Expr::Column(_) | Expr::OuterReferenceColumn(..));
        if !is_named_record(record) && is_read && !super::search::is_path(record) {
            return Err(unregistered());
        }
        let outputs = match is_named_record(record) {
            true => fields_of(&record.data)?,
            false => Vec::new(),
        };
        if outputs.iter().any(|output| output.name.is_empty()) {
            return Err(not_yet("the fields of records that name them otherwise"));
        }
        match outputs.iter().position(|output| output.name == name) {
            Some(at) => field(record, at, &outputs[at]),
            None => {
                let message = match record.ty.is_composite() {
                    true => format!("column \"{name}\" not found in data type {}", record.ty),
                    false => format!("could not identify column \"{name}\" in record data type"),
                };
                Err(PlanError::refused(code::UNDEFINED_COLUMN, message, self.position(place)))
            }
        }
    }

    /// The fields of a record, each of which reads it as a whole: what groups by the record groups by them, too.
    fn read_fields(&mut self, record: &Typed) -> Result<Vec<Named>> {
        let mut fields = Vec::new();
        for (at, output) in fields_of(&record.data)?.iter().enumerate() {
            let record = self.copy(record)?;
            fields.push(Named { name: output.name.clone(), typed: read(&record, at, output)? });
        }
        Ok(fields)
    }

    /// The fields of a record that becomes JSON, and whether there is one.
    pub(super) fn fields_for_json(&mut self, record: &Typed) -> Result<(Vec<Named>, Option<Expr>)> {
        let fields = self.read_fields(record)?;
        if fields.iter().any(|named| named.name.is_empty()) {
            return Err(not_yet("the fields of records that name them otherwise"));
        }
        let missing = if is_row(record) { None } else { Some(self.copy(record)?.expr.is_null()) };
        Ok((fields, missing))
    }

    /// Records that meet: those of several shapes are held as their texts, of which nothing can be read but these.
    pub(super) fn records_alike(&mut self, typed: Vec<Typed>) -> Result<Vec<Typed>> {
        let records = records_among(&typed);
        if records.iter().all(|record| !has_fields(record)) || common_fields(&records)?.is_some() {
            return Ok(typed);
        }
        let told = |binder: &mut Self, one: Typed| match one.ty.is(Base::Record) && has_fields(&one) && !is_null(&one) {
            true => Ok(Typed { ty: Base::Record.into(), ..binder.record_text(one)? }),
            false => Ok(one),
        };
        typed.into_iter().map(|one| told(self, one)).collect()
    }

    /// The text of a record.
    pub(super) fn record_text(&mut self, record: Typed) -> Result<Typed> {
        let mut texts = Vec::new();
        for named in self.read_fields(&record)? {
            texts.push(self.printed(named.typed)?);
        }
        if is_row(&record) {
            return self.procedure("record_of", texts, Base::Text.into());
        }
        let arguments = std::iter::once(record.expr).chain(texts.into_iter().map(|text| text.expr));
        Ok(Typed::new(call("record_text", arguments.collect(), DataType::Utf8), Base::Text))
    }

    /// `record IS NULL`: all fields are; IS NOT NULL: none is.
    pub(super) fn record_is_null(&mut self, record: &Typed, test: &NullTest) -> Result<Typed> {
        let fields = self.read_fields(record)?.into_iter().map(|named| named.typed.expr);
        let tested = match test.nulltesttype == NullTestType::IsNull as i32 {
            true => fields.map(Expr::is_null).reduce(Expr::and).unwrap_or_else(|| lit(true)),
            false => {
                let present = (!is_row(record)).then(|| record.expr.clone().is_not_null());
                present.into_iter().chain(fields.map(Expr::is_not_null)).reduce(Expr::and).unwrap_or_else(|| lit(true))
            }
        };
        Ok(Typed::new(tested, Base::Bool))
    }

    /// What the engine orders and tells apart as PostgreSQL does records.
    pub(super) fn record_key(&mut self, record: Typed) -> Result<Expr> {
        let count = fields_of(&record.data)?.len();
        self.key_of_first(record, count)
    }

    /// The key of a record's first fields.
    fn key_of_first(&mut self, record: Typed, count: usize) -> Result<Expr> {
        let mut arguments = vec![if is_row(&record) { lit(true) } else { record.expr.clone() }];
        for named in self.read_fields(&record)?.into_iter().take(count) {
            let value = self.settled(named.typed)?;
            if !super::comparable::has_equality(value.ty) {
                let message = format!("could not identify a comparison function for type {}", value.ty);
                return Err(PlanError::refused(code::UNDEFINED_FUNCTION, message, None));
            }
            arguments.push(match value.ty.is_array {
                true => self.array_order(value)?,
                false => self.key(value)?,
            });
        }
        Ok(call("record_key", arguments, DataType::Binary))
    }

    /// Two records by an operator: field by field, as PostgreSQL's functions do, to which NULLs are equal.
    pub(super) fn compare_records(&mut self, operator: Operator, left: Typed, right: Typed) -> Result<Typed> {
        if is_null(&left) || is_null(&right) {
            return Ok(Typed::new(Expr::Literal(ScalarValue::Boolean(None), None), Base::Bool));
        }
        let (of_left, of_right) = (fields_of(&left.data)?, fields_of(&right.data)?);
        let both = || of_left.iter().zip(&of_right);
        let unlike = both().position(|(a, b)| !a.ty.same(b.ty));
        let count = unlike.unwrap_or(of_left.len().min(of_right.len()));
        for (a, b) in both().take(count) {
            if a.ty.base == Base::Record && !are_alike(&a.data, &b.data) {
                return Err(not_yet("records within records of several shapes"));
            }
            if matches!(operator, Operator::Eq | Operator::NotEq) && !super::comparable::has_equality(a.ty) {
                return Err(super::comparable::no_equality(a.ty, None));
            }
        }
        let message = match unlike {
            Some(at) => {
                let (a, b) = (of_left[at].ty, of_right[at].ty);
                format!("cannot compare dissimilar column types {a} and {b} at record column {}", at + 1)
            }
            None if of_left.len() != of_right.len() => {
                "cannot compare record types with different numbers of columns".to_owned()
            }
            None => {
                let (left, right) = (self.record_key(left)?, self.record_key(right)?);
                return Ok(Typed::new(datafusion::logical_expr::binary_expr(left, operator, right), Base::Bool));
            }
        };
        let symbol = COMPARISONS.iter().find(|(_, known)| *known == operator).map(|(symbol, _)| *symbol);
        let symbol = symbol.ok_or_else(|| not_yet("this comparison of records"))?;
        let (left, right) = (self.key_of_first(left, count)?, self.key_of_first(right, count)?);
        let arguments = vec![left, right, lit(symbol), lit(message)];
        Ok(Typed::new(call("record_unlike", arguments, DataType::Boolean), Base::Bool))
    }
}

/// What a column is that holds records of which PostgreSQL doesn't know the fields.
fn unregistered() -> PlanError {
    PlanError::refused(code::WRONG_OBJECT_TYPE, "record type has not been registered".to_owned(), None)
}

/// Whether a node is a list of values in parentheses, or after ROW.
pub(super) fn is_row_node(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.node, Some(NodeEnum::RowExpr(_))))
}
