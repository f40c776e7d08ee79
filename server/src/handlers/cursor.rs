//! Cursors that are declared in SQL. They are portals like those of the protocol, and share their names.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use tokio::io::{AsyncRead, AsyncWrite};
use weir_planner::parse::{Declare, Fetch, Kind, Reach};

use super::portal::{Cursor, Portal, State};
use super::run::Progress;
use super::{Connection, Failure};
use crate::cancel::Reason;
use crate::query::{self, Prepared};
use crate::sqlstate::{SqlError, code};
use weir_encode::Format;

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Whether a cursor may be declared here, by this name.
    pub(super) fn may_declare(&self, declare: &Declare) -> Result<(), SqlError> {
        if !declare.hold {
            self.session.transaction().require_block("DECLARE CURSOR")?;
        }
        match self.portals.get(&declare.cursor) {
            Ok(_) => {
                let message = format!("cursor \"{}\" already exists", declare.cursor);
                Err(SqlError::new(code::DUPLICATE_CURSOR, message))
            }
            Err(_) => self.portals.may_wait(),
        }
    }

    /// Keeps a query's rows, which have been begun, under the cursor's name.
    pub(super) fn declare(
        &mut self,
        declare: &Declare,
        prepared: &Arc<Prepared>,
        cursor: Cursor,
    ) -> Result<(), SqlError> {
        let depth = self.session.transaction().depth();
        let portal = Portal::declared(Arc::clone(prepared), Box::new(cursor), declare, depth);
        self.portals.insert(&declare.cursor, portal)
    }

    /// The columns that a statement returns; those of FETCH are its cursor's.
    pub(super) fn columns_of(&self, prepared: &Prepared) -> Option<SchemaRef> {
        match prepared.kind() {
            Kind::Fetch(Fetch { moves: true, .. }) => None,
            Kind::Fetch(fetch) => self.portals.get(&fetch.cursor).ok().and_then(|portal| portal.columns().cloned()),
            _ => prepared.columns().cloned(),
        }
    }

    /// Carries FETCH or MOVE out, and puts it on record; `describe`: the columns are told first.
    pub(super) async fn fetch(
        &mut self,
        prepared: &Prepared,
        fetch: &Fetch,
        formats: &[Format],
        describe: bool,
    ) -> Result<(), Failure> {
        let fetched = self.fetch_rows(fetch, formats, describe).await;
        let error = match &fetched {
            Err(Failure::Statement(error)) => Some(error),
            _ => None,
        };
        query::record_utility(&self.engine, &self.session, prepared, error);
        let rows = fetched?;
        self.complete(if fetch.moves { "MOVE" } else { "FETCH" }, Some(rows));
        Ok(())
    }

    async fn fetch_rows(&mut self, fetch: &Fetch, formats: &[Format], describe: bool) -> Result<u64, Failure> {
        let name = &fetch.cursor;
        let missing = |_| SqlError::new(code::INVALID_CURSOR_NAME, format!("cursor \"{name}\" does not exist"));
        let mut portal = self.portals.take(name).map_err(missing)?;
        let mut cursor = match portal.state {
            State::Running(cursor) => cursor,
            State::Expired => return Err(Reason::IdleCursor.error().into()),
            State::Ready | State::Done => {
                let message = format!("portal \"{name}\" cannot be run");
                return Err(SqlError::new(code::OBJECT_NOT_IN_PREREQUISITE_STATE, message).into());
            }
        };
        let formats = if formats.is_empty() { &portal.formats } else { formats };
        // As in PostgreSQL, an error ends the cursor.
        let rows = self.advance(&mut cursor, fetch, formats, describe).await?;
        portal.state = State::Running(cursor);
        self.portals.put_back(name, portal);
        Ok(rows)
    }

    async fn advance(
        &mut self,
        cursor: &mut Cursor,
        fetch: &Fetch,
        formats: &[Format],
        describe: bool,
    ) -> Result<u64, Failure> {
        let (pass, take) = way(fetch.reach, cursor.position)?;
        let mut running = self.enter_again(cursor.guard.clone());
        self.confirm(cursor)?;
        cursor.reformat(formats, self.session.style())?;
        if describe && !fetch.moves {
            self.describe_rows(&cursor.columns, formats);
        }
        let short = pass > 0 && self.pass(&mut running, cursor, Some(pass)).await? < pass;
        let taken = match (short, fetch.moves) {
            (true, _) => 0,
            (false, true) => self.pass(&mut running, cursor, take).await?,
            (false, false) => match self.stream(&mut running, cursor, take).await? {
                Progress::Complete(rows) => {
                    cursor.end();
                    rows
                }
                Progress::Suspended => take.unwrap_or_default(),
            },
        };
        Ok(taken)
    }
}

/// How many rows to pass over from `position`, and how many to take after that; `None`: all.
fn way(reach: Reach, position: u64) -> Result<(u64, Option<u64>), SqlError> {
    match reach {
        Reach::Next(rows) => Ok((0, Some(rows))),
        Reach::All => Ok((0, None)),
        Reach::Relative(0) | Reach::Absolute(0) if position == 0 => Ok((0, Some(0))),
        Reach::Relative(rows) if rows > 0 => Ok((rows - 1, Some(1))),
        Reach::Absolute(row) if row > position => Ok((row - position - 1, Some(1))),
        Reach::Backward | Reach::Relative(_) | Reach::Absolute(_) => {
            Err(SqlError::new(code::OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_only_goes_forward() {
        assert_eq!(way(Reach::Next(3), 5).unwrap(), (0, Some(3)));
        assert_eq!(way(Reach::All, 5).unwrap(), (0, None));
        assert_eq!(way(Reach::Absolute(8), 5).unwrap(), (2, Some(1)));
        assert_eq!(way(Reach::Relative(2), 5).unwrap(), (1, Some(1)));
        assert_eq!(way(Reach::Relative(0), 0).unwrap(), (0, Some(0)));
        for back in [Reach::Backward, Reach::Absolute(5), Reach::Absolute(0), Reach::Relative(0)] {
            assert_eq!(way(back, 5).unwrap_err().code, "55000", "{back:?}");
        }
    }
}
