//! Functions over columns that write their results where these come to stand, without an allocation for each.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BinaryBuilder, ListBuilder, StringBuilder};
use datafusion::error::Result;

use super::columns::{Arg, Args, Source, external};
use super::{ValueError, string};
use crate::functions::{FunctionError, MAX_BATCH_BYTES, MAX_VALUE_BYTES};

/// Columns of results.
pub(super) type Texts = StringBuilder;
pub(super) type Binaries = BinaryBuilder;
pub(super) type Lists = ListBuilder<StringBuilder>;
pub(super) type ListsOfLists = ListBuilder<Lists>;

/// A column of results that is being written.
pub(super) trait Out: Sized {
    fn start() -> Self;
    fn null(&mut self);
    /// What all values take.
    fn bytes(&self) -> usize;
    fn end(self) -> ArrayRef;
}

impl Out for Texts {
    fn start() -> Self {
        Self::new()
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn bytes(&self) -> usize {
        self.values_slice().len()
    }

    fn end(mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

impl Out for Binaries {
    fn start() -> Self {
        Self::new()
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn bytes(&self) -> usize {
        self.values_slice().len()
    }

    fn end(mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

impl Out for Lists {
    fn start() -> Self {
        Self::new(StringBuilder::new())
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn bytes(&self) -> usize {
        items_bytes(self.values_ref())
    }

    fn end(mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

impl Out for ListsOfLists {
    fn start() -> Self {
        Self::new(Lists::start())
    }

    fn null(&mut self) {
        self.append_null();
    }

    fn bytes(&self) -> usize {
        self.values_ref().bytes() + size_of_val(self.values_ref().offsets_slice())
    }

    fn end(mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

/// Empty items take room, too.
fn items_bytes(items: &StringBuilder) -> usize {
    items.values_slice().len() + size_of_val(items.offsets_slice())
}

/// Writes a text.
pub(super) fn put(out: &mut Texts, text: impl AsRef<str>) -> Result<(), ValueError> {
    out.append_value(text);
    Ok(())
}

/// Writes a text, or NULL.
pub(super) fn put_option(out: &mut Texts, text: Option<&str>) -> Result<(), ValueError> {
    out.append_option(text);
    Ok(())
}

/// Writes texts as one.
pub(super) fn put_joined<'t>(
    out: &mut Texts,
    texts: impl Iterator<Item = &'t str> + Clone,
    separator: &str,
) -> Result<(), ValueError> {
    let length = texts.clone().map(|text| text.len() + separator.len()).fold(0, usize::saturating_add);
    if length as u64 > MAX_VALUE_BYTES {
        return Err(ValueError::too_long());
    }
    for (at, text) in texts.enumerate() {
        // Writing to a column can't fail.
        if at > 0 {
            let _ = out.write_str(separator);
        }
        let _ = out.write_str(text);
    }
    // Ends what was written.
    put(out, "")
}

/// Writes an array of texts.
pub(super) fn put_list<'t>(
    out: &mut Lists,
    items: impl IntoIterator<Item = Option<&'t str>>,
) -> Result<(), ValueError> {
    for item in items {
        let bytes = items_bytes(out.values_ref()) + item.map_or(0, str::len);
        if bytes as u64 > MAX_BATCH_BYTES {
            return Err(ValueError::too_long());
        }
        out.values().append_option(item);
    }
    out.append(true);
    Ok(())
}

/// Writes the arrays that are the rows of a function.
pub(super) fn put_lists(out: &mut ListsOfLists, rows: Vec<Vec<Option<&str>>>) -> Result<(), ValueError> {
    for row in rows {
        put_list(out.values(), row)?;
    }
    out.append(true);
    Ok(())
}

fn check(out: &impl Out) -> Result<()> {
    match out.bytes() as u64 <= MAX_BATCH_BYTES {
        true => Ok(()),
        false => Err(FunctionError::TooLarge.into()),
    }
}

macro_rules! writes {
    ($($(#[$doc:meta])* $write:ident $each:ident($($arg:ident $life:lifetime $array:ident $source:ident $at:literal),*);)*) => {
        $($(#[$doc])*
        pub(super) fn $write<$($arg: Arg,)* O: Out>(
            args: &Args<'_>,
            mut write: impl for<$($life,)* 'o> FnMut($($arg::Value<$life>,)* &'o mut O) -> Result<(), ValueError>,
        ) -> Result<ArrayRef> {
            $each::<$($arg,)* O>(args, &mut write)
        }

        /// Compiled once for the types of arguments and result, whatever is computed.
        fn $each<$($arg: Arg,)* O: Out>(
            args: &Args<'_>,
            write: &mut dyn for<$($life,)* 'o> FnMut($($arg::Value<$life>,)* &'o mut O) -> Result<(), ValueError>,
        ) -> Result<ArrayRef> {
            $(let $array = args.short($at)?;)*
            $(let $source = Source::<$arg>::new(&$array, args.rows)?;)*
            let mut results = O::start();
            for row in 0..args.rows {
                if $($source.is_null(row))||* {
                    results.null();
                } else {
                    write($($source.get(row).map_err(external)?,)* &mut results).map_err(external)?;
                    check(&results)?;
                }
            }
            Ok(results.end())
        })*
    };
}

writes! {
    /// A function of one argument over a column: it writes one value for each row.
    write1 each1(A 'a a_array a 0);
    write2 each2(A 'a a_array a 0, B 'b b_array b 1);
    write3 each3(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2);
    write4 each4(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3);
    write5 each5(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3, E 'e e_array e 4);
    write6 each6(A 'a a_array a 0, B 'b b_array b 1, C 'c c_array c 2, D 'd d_array d 3, E 'e e_array e 4,
        F 'f f_array f 5);
}

/// Calls for each row with the texts of all arguments, of which there may be any number, NULL or not.
pub(super) fn write_rows(
    args: &Args<'_>,
    mut write: impl FnMut(&[Option<&str>], &mut Texts) -> Result<(), ValueError>,
) -> Result<ArrayRef> {
    let arrays = (0..args.values.len()).map(|at| args.short(at)).collect::<Result<Vec<_>>>()?;
    let mut columns = Vec::with_capacity(arrays.len());
    for array in &arrays {
        columns.push((string(array)?, array.len() == 1 && args.rows != 1));
    }
    let mut results = Texts::start();
    let mut values = Vec::with_capacity(columns.len());
    for row in 0..args.rows {
        values.clear();
        values.extend(columns.iter().map(|(column, is_constant)| {
            let place = if *is_constant { 0 } else { row };
            (!column.is_null(place)).then(|| column.value(place))
        }));
        write(&values, &mut results).map_err(external)?;
        check(&results)?;
    }
    Ok(results.end())
}
