//! Functions of single values over whole columns: how each type's values are read from a column and written to one.

use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanArray, BooleanBuilder, ListArray, PrimitiveArray,
    PrimitiveBuilder, StringArray, StringBuilder,
};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Time64MicrosecondType, TimeUnit, TimestampMicrosecondType,
};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::ColumnarValue;
use weir_values::ValueError;

use super::compiled::Kept;
use super::session::Session;
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

/// The arguments of a call for one batch of rows.
pub(super) struct Args<'a> {
    pub values: &'a [ColumnarValue],
    pub rows: usize,
    /// How the results are held.
    pub result: &'a DataType,
    pub session: &'a Session,
    /// What the call keeps from batch to batch.
    pub kept: &'a Kept,
}

impl Args<'_> {
    /// An argument with a value for each row.
    pub fn array(&self, at: usize) -> Result<ArrayRef> {
        self.value(at)?.to_array(self.rows)
    }

    /// An argument with a value for each row, or only one for all.
    pub fn short(&self, at: usize) -> Result<ArrayRef> {
        match self.value(at)? {
            ColumnarValue::Array(array) => Ok(Arc::clone(array)),
            ColumnarValue::Scalar(value) => value.to_array_of_size(1),
        }
    }

    fn value(&self, at: usize) -> Result<&ColumnarValue> {
        self.values.get(at).ok_or_else(|| DataFusionError::Internal("a call lacks an argument".to_owned()))
    }
}

/// How values of a type are read from a column.
pub(super) trait Arg: 'static {
    type Column<'c>;
    type Value<'c>;
    fn column(array: &ArrayRef) -> Result<Self::Column<'_>>;
    fn is_null(column: &Self::Column<'_>, at: usize) -> bool;
    /// A value that isn't NULL.
    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError>;
}

pub(super) struct Text;
pub(super) struct Bytes;
pub(super) struct Bool;
pub(super) struct Primitive<T>(PhantomData<T>);
/// A value or NULL, for functions that see NULLs.
pub(super) struct Maybe<A>(PhantomData<A>);

pub(super) type Int2 = Primitive<Int16Type>;
pub(super) type Int4 = Primitive<Int32Type>;
pub(super) type Int8 = Primitive<Int64Type>;
pub(super) type Float4 = Primitive<Float32Type>;
pub(super) type Float8 = Primitive<Float64Type>;
pub(super) type Date = Primitive<Date32Type>;
pub(super) type Time = Primitive<Time64MicrosecondType>;
/// With and without time zone.
pub(super) type Timestamp = Primitive<TimestampMicrosecondType>;

/// An array's items.
pub(super) struct Items<A>(PhantomData<A>);

impl Arg for Items<Text> {
    type Column<'c> = (&'c ListArray, &'c StringArray);
    type Value<'c> = Vec<Option<&'c str>>;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        let list = array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))?;
        let items = list.values().as_string_opt::<i32>().ok_or_else(|| unexpected(array))?;
        Ok((list, items))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.0.is_null(at)
    }

    fn get<'c>((list, items): &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        let offsets = list.value_offsets();
        let places = offsets[at] as usize..offsets[at + 1] as usize;
        Ok(places.map(|place| (!items.is_null(place)).then(|| items.value(place))).collect())
    }
}

impl Arg for Text {
    type Column<'c> = &'c StringArray;
    type Value<'c> = &'c str;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        array.as_string_opt::<i32>().ok_or_else(|| unexpected(array))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        Ok(column.value(at))
    }
}

impl Arg for Bytes {
    type Column<'c> = &'c BinaryArray;
    type Value<'c> = &'c [u8];

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        array.as_binary_opt::<i32>().ok_or_else(|| unexpected(array))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        Ok(column.value(at))
    }
}

impl Arg for Bool {
    type Column<'c> = &'c BooleanArray;
    type Value<'c> = bool;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        array.as_boolean_opt().ok_or_else(|| unexpected(array))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        Ok(column.value(at))
    }
}

impl<T: ArrowPrimitiveType> Arg for Primitive<T> {
    type Column<'c> = &'c PrimitiveArray<T>;
    type Value<'c> = T::Native;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        array.as_primitive_opt::<T>().ok_or_else(|| unexpected(array))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        Ok(column.value(at))
    }
}

impl<A: Arg> Arg for Maybe<A> {
    type Column<'c> = A::Column<'c>;
    type Value<'c> = Option<A::Value<'c>>;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        A::column(array)
    }

    fn is_null(_: &Self::Column<'_>, _: usize) -> bool {
        false
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        if A::is_null(column, at) { Ok(None) } else { A::get(column, at).map(Some) }
    }
}

/// How results of a type are written to a column.
pub(super) trait Ret: Sized {
    type Builder;
    fn builder(rows: usize) -> Self::Builder;
    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()>;
    fn finish(builder: Self::Builder, result: &DataType) -> Result<ArrayRef>;
}

/// A text that is written where it comes to stand, for results without an allocation of their own.
impl Ret for String {
    type Builder = StringBuilder;

    fn builder(_: usize) -> Self::Builder {
        StringBuilder::new()
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        builder.append_option(value);
        bounded(builder.values_slice().len())
    }

    fn finish(mut builder: Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(builder.finish()))
    }
}

impl Ret for &str {
    type Builder = StringBuilder;

    fn builder(_: usize) -> Self::Builder {
        StringBuilder::new()
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        builder.append_option(value);
        bounded(builder.values_slice().len())
    }

    fn finish(mut builder: Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(builder.finish()))
    }
}

impl Ret for Vec<u8> {
    type Builder = BinaryBuilder;

    fn builder(_: usize) -> Self::Builder {
        BinaryBuilder::new()
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        builder.append_option(value);
        bounded(builder.values_slice().len())
    }

    fn finish(mut builder: Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(builder.finish()))
    }
}

impl Ret for bool {
    type Builder = BooleanBuilder;

    fn builder(rows: usize) -> Self::Builder {
        BooleanBuilder::with_capacity(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        builder.append_option(value);
        Ok(())
    }

    fn finish(mut builder: Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(builder.finish()))
    }
}

macro_rules! primitive_results {
    ($($native:ty => $arrow:ty, $finish:expr;)*) => {
        $(impl Ret for $native {
            type Builder = PrimitiveBuilder<$arrow>;

            fn builder(rows: usize) -> Self::Builder {
                PrimitiveBuilder::with_capacity(rows)
            }

            fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
                builder.append_option(value);
                Ok(())
            }

            fn finish(mut builder: Self::Builder, result: &DataType) -> Result<ArrayRef> {
                let finish: fn(PrimitiveArray<$arrow>, &DataType) -> ArrayRef = $finish;
                Ok(finish(builder.finish(), result))
            }
        })*
    };
}

primitive_results! {
    i16 => Int16Type, |array, _| Arc::new(array);
    i32 => Int32Type, |array, result| match result {
        DataType::Date32 => Arc::new(array.reinterpret_cast::<Date32Type>()),
        _ => Arc::new(array),
    };
    i64 => Int64Type, |array, result| match result {
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            Arc::new(array.reinterpret_cast::<TimestampMicrosecondType>().with_timezone_opt(zone.clone()))
        }
        DataType::Time64(_) => Arc::new(array.reinterpret_cast::<Time64MicrosecondType>()),
        _ => Arc::new(array),
    };
    // A NaN has no sign: the engine would put one that has below all numbers.
    f32 => Float32Type, |array, _| {
        Arc::new(array.unary::<_, Float32Type>(|value| if value.is_nan() { f32::NAN } else { value }))
    };
    f64 => Float64Type, |array, _| {
        Arc::new(array.unary::<_, Float64Type>(|value| if value.is_nan() { f64::NAN } else { value }))
    };
    arrow::datatypes::IntervalMonthDayNano => IntervalMonthDayNanoType, |array, _| Arc::new(array);
}

/// A result that may be NULL though no argument is.
impl<R: Ret> Ret for Option<R> {
    type Builder = R::Builder;

    fn builder(rows: usize) -> Self::Builder {
        R::builder(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        R::push(builder, value.flatten())
    }

    fn finish(builder: Self::Builder, result: &DataType) -> Result<ArrayRef> {
        R::finish(builder, result)
    }
}

/// An array of texts, which may be NULL.
impl Ret for Vec<Option<String>> {
    type Builder = arrow::array::ListBuilder<StringBuilder>;

    fn builder(_: usize) -> Self::Builder {
        arrow::array::ListBuilder::new(StringBuilder::new())
    }

    fn push(builder: &mut Self::Builder, value: Option<Self>) -> Result<()> {
        match value {
            None => builder.append_null(),
            Some(items) => {
                items.into_iter().for_each(|item| builder.values().append_option(item));
                builder.append(true);
            }
        }
        bounded(builder.values().values_slice().len())
    }

    fn finish(mut builder: Self::Builder, _: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(builder.finish()))
    }
}

pub(super) fn bounded(bytes: usize) -> Result<()> {
    match u64::try_from(bytes).is_ok_and(|bytes| bytes <= MAX_BATCH_BYTES) {
        true => Ok(()),
        false => Err(FunctionError::TooLarge.into()),
    }
}

/// An argument's column: a constant stands for all rows.
pub(super) struct Source<'c, A: Arg> {
    column: A::Column<'c>,
    is_constant: bool,
}

impl<'c, A: Arg> Source<'c, A> {
    pub fn new(array: &'c ArrayRef, rows: usize) -> Result<Self> {
        Ok(Self { column: A::column(array)?, is_constant: array.len() == 1 && rows != 1 })
    }

    fn place(&self, row: usize) -> usize {
        if self.is_constant { 0 } else { row }
    }

    pub fn is_null(&self, row: usize) -> bool {
        A::is_null(&self.column, self.place(row))
    }

    pub fn get(&self, row: usize) -> Result<A::Value<'c>, ValueError> {
        A::get(&self.column, self.place(row))
    }
}

macro_rules! maps {
    ($($(#[$doc:meta])* $map:ident $each:ident($($arg:ident $life:lifetime $array:ident $source:ident $at:literal),*);)*) => {
        $($(#[$doc])*
        pub(super) fn $map<$($arg: Arg,)* R: Ret>(
            args: &Args<'_>,
            mut compute: impl for<$($life),*> FnMut($($arg::Value<$life>),*) -> Result<R, ValueError>,
        ) -> Result<ArrayRef> {
            $each::<$($arg,)* R>(args, &mut compute)
        }

        /// Compiled once for the types of arguments and result, whatever is computed.
        fn $each<$($arg: Arg,)* R: Ret>(
            args: &Args<'_>,
            compute: &mut dyn for<$($life),*> FnMut($($arg::Value<$life>),*) -> Result<R, ValueError>,
        ) -> Result<ArrayRef> {
            $(let $array = args.short($at)?;)*
            $(let $source = Source::<$arg>::new(&$array, args.rows)?;)*
            let mut results = R::builder(args.rows);
            for row in 0..args.rows {
                if $($source.is_null(row))||* {
                    R::push(&mut results, None)?;
                } else {
                    let value = compute($($source.get(row).map_err(external)?),*).map_err(external)?;
                    R::push(&mut results, Some(value))?;
                }
            }
            R::finish(results, args.result)
        })*
    };
}

maps! {
    /// A function of one argument over a column.
    map1 each1(A 'a a_array a 0);
    map2 each2(A 'a a_array a 0, B 'b b_array b 1);
    map3 each3(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2);
    map4 each4(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3);
    map5 each5(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3, E 'e e_array e 4);
    map6 each6(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3, E 'e e_array e 4,
        F 'f f_array f 5);
    map7 each7(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3, E 'e e_array e 4,
        F 'f f_array f 5, G 'g g_array g 6);
}

/// What is wrong with a value, as an error of the engine's.
pub(super) fn external(error: ValueError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

pub(super) fn unexpected(array: &ArrayRef) -> DataFusionError {
    DataFusionError::Internal(format!("an argument of type {}", array.data_type()))
}
