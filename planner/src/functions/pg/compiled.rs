//! What is made of an argument that mostly is a constant, as a pattern or a template is: made once, and kept.

use std::any::Any;
use std::sync::{Mutex, PoisonError};

use super::ValueError;
use super::columns::Args;

/// So many are kept: of patterns that are in a column there may be few different ones.
const MOST: usize = 8;
/// Batches that are computed at the same time keep what they have made each, but no more than so many.
const MOST_BATCHES: usize = 64;

/// What a call keeps from one batch of rows to the next.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Vec<Box<dyn Any + Send>>>);

impl Kept {
    /// What a batch has made, if no other batch is using it.
    fn take<T: Any>(&self) -> Option<T> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        last.downcast().ok().map(|value| *value)
    }

    fn put<T: Any + Send>(&self, value: T) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST_BATCHES {
            all.push(Box::new(value));
        }
    }
}

/// What has been compiled for the rows before, by the texts that it was compiled of.
pub(super) struct Compiled<'a, C: Send + 'static> {
    known: Vec<Known<C>>,
    /// The place of the one that was asked for last.
    last: usize,
    kept: &'a Kept,
}

struct Known<C> {
    text: Vec<u8>,
    beside: Vec<u8>,
    compiled: C,
}

impl<'a, C: Send + 'static> Compiled<'a, C> {
    /// For a batch of rows. A kernel has only one.
    pub fn of(args: &Args<'a>) -> Self {
        Self { known: args.kept.take().unwrap_or_default(), last: 0, kept: args.kept }
    }

    /// What a text is compiled to, given another one beside it, such as flags.
    pub fn get(
        &mut self,
        text: impl AsRef<[u8]>,
        beside: impl AsRef<[u8]>,
        compile: impl FnOnce() -> Result<C, ValueError>,
    ) -> Result<&C, ValueError> {
        let (text, beside) = (text.as_ref(), beside.as_ref());
        let is_it = |known: &Known<C>| is_same(&known.text, text) && is_same(&known.beside, beside);
        if !self.known.get(self.last).is_some_and(is_it) {
            self.last = match self.known.iter().position(is_it) {
                Some(at) => at,
                None => {
                    let compiled = compile()?;
                    self.add(Known { text: text.to_vec(), beside: beside.to_vec(), compiled })
                }
            };
        }
        Ok(&self.known[self.last].compiled)
    }

    /// Its place, which may have been another's.
    fn add(&mut self, known: Known<C>) -> usize {
        if self.known.len() < MOST {
            self.known.push(known);
            return self.known.len() - 1;
        }
        let at = (self.last + 1) % MOST;
        self.known[at] = known;
        at
    }
}

/// Nothing is compared with nothing: an empty slice has no address of its own, and to load none of its bytes from where it
/// claims to be can take the processor hundreds of cycles.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && (one.is_empty() || one == other)
}

impl<C: Send + 'static> Drop for Compiled<'_, C> {
    fn drop(&mut self) {
        self.kept.put(std::mem::take(&mut self.known));
    }
}
