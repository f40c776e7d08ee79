//! The extended protocol: parse, bind, describe, execute, close, each on its own.

use std::sync::Arc;

use arrow::datatypes::{Field, SchemaRef};
use datafusion::common::ScalarValue;
use tokio::io::{AsyncRead, AsyncWrite};
use weir_planner::parse::Kind;

use super::portal::{Cursor, Portal, State};
use super::run::{Progress, Started, tag_of};
use super::{Connection, Failure};
use crate::cancel::Reason;
use crate::query::{self, Prepared};
use crate::session::utility;
use crate::sqlstate::{SqlError, code};
use crate::wire::backend;
use crate::wire::frontend::{Bind, Execute, Parse, Target};
use weir_encode::{EncodeError, Format, Style, decode_parameter_of, wire_type};

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Keeps a statement under a name, planned as far as that goes without its parameters.
    pub(super) async fn parse(&mut self, message: Parse<'_>) -> Result<(), Failure> {
        let mut statements = query::parse(&self.engine, &self.session, message.query)?;
        let parsed = statements.pop();
        if !statements.is_empty() {
            let error = SqlError::new(code::SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
            return Ok(self.recorded(message.query, Err(error))?);
        }
        let prepared = match parsed {
            None => None,
            Some(parsed) => {
                self.recorded(&parsed.text, self.session.allow(utility::of(&parsed)))?;
                let mut running = self.enter();
                Some(self.prepare(&mut running, parsed, &message.parameter_oids).await?)
            }
        };
        self.session.statements_mut().insert(message.name, prepared)?;
        backend::parse_complete(self.wire.output());
        Ok(())
    }

    /// Makes a portal of a kept statement and its parameters.
    pub(super) fn bind(&mut self, message: Bind<'_>) -> Result<(), Failure> {
        let prepared = self.session.statements().get(message.statement)?.clone();
        let text = prepared.as_ref().map_or("", |prepared| prepared.text());
        if let Some(prepared) = &prepared {
            self.recorded(text, self.session.allow(prepared.utility()))?;
        }
        let parameters = parameters(&message, prepared.as_deref(), self.session.style());
        let parameters = self.recorded(text, parameters)?;
        let columns = prepared.as_ref().and_then(|prepared| self.columns_of(prepared));
        let formats = result_formats(&message.result_formats, columns.as_ref())?;
        let portal = Portal::new(prepared, parameters, formats, self.session.transaction().depth());
        self.portals.insert(message.portal, portal)?;
        backend::bind_complete(self.wire.output());
        Ok(())
    }

    pub(super) fn describe(&mut self, target: &Target<'_>) -> Result<(), Failure> {
        let (prepared, formats, running) = match target {
            Target::Statement(name) => (self.session.statements().get(name)?.clone(), Vec::new(), None),
            Target::Portal(name) => {
                let portal = self.portals.get(name)?;
                (portal.prepared.clone(), portal.formats.clone(), portal.columns().cloned())
            }
        };
        let columns = running.or_else(|| prepared.as_ref().and_then(|prepared| self.columns_of(prepared)));
        if columns.is_some() && self.session.transaction().failed() {
            return Err(crate::session::aborted().into());
        }
        if let Target::Statement(_) = target {
            let parameters = prepared.as_ref().map_or(&[][..], |prepared| prepared.parameters());
            let oids: Vec<u32> = parameters.iter().map(|field| wire_type(field).oid).collect();
            backend::parameter_description(&oids, self.wire.output());
        }
        match columns {
            None => backend::no_data(self.wire.output()),
            Some(columns) => self.describe_rows(&columns, &formats),
        }
        Ok(())
    }

    /// Forgets a statement or a portal; one that isn't there is fine.
    pub(super) fn close(&mut self, target: &Target<'_>) -> Result<(), Failure> {
        match target {
            Target::Statement(name) => self.session.statements_mut().remove(name),
            Target::Portal(name) => self.portals.remove(name),
        };
        backend::close_complete(self.wire.output());
        Ok(())
    }

    /// Runs a portal, or goes on with one whose row limit was reached.
    pub(super) async fn execute(&mut self, message: Execute<'_>) -> Result<(), Failure> {
        let limit = (message.max_rows > 0).then_some(message.max_rows as u64);
        let mut portal = self.portals.take(message.portal)?;
        let Some(prepared) = portal.prepared.clone() else {
            backend::empty_query(self.wire.output());
            self.portals.put_back(message.portal, portal);
            return Ok(());
        };
        let allowed = self.session.start_statement(prepared.utility());
        self.recorded(prepared.text(), allowed)?;
        portal.state = match portal.state {
            State::Ready => self.execute_first(&prepared, &mut portal.parameters, &portal.formats, limit).await?,
            State::Running(cursor) => self.execute_further(&prepared, cursor, &portal.formats, limit).await?,
            State::Expired => return Err(Reason::IdleCursor.error().into()),
            State::Done => self.execute_again(message.portal, &prepared)?,
        };
        self.portals.put_back(message.portal, portal);
        Ok(())
    }

    async fn execute_first(
        &mut self,
        prepared: &Arc<Prepared>,
        parameters: &mut Vec<ScalarValue>,
        formats: &[Format],
        limit: Option<u64>,
    ) -> Result<State, Failure> {
        if let Kind::Fetch(fetch) = prepared.kind() {
            self.fetch(prepared, fetch, formats, false).await?;
            return Ok(State::Done);
        }
        let mut running = self.enter();
        match self.start(&mut running, prepared, std::mem::take(parameters), formats).await? {
            Started::Done(tag) => {
                self.complete(tag, None);
                Ok(State::Done)
            }
            Started::Rows(mut cursor) => {
                self.announce(&cursor, None)?;
                // As in PostgreSQL, a COPY goes on to its end.
                let limit = limit.filter(|_| cursor.copy().is_none());
                let progress = self.stream(&mut running, &mut cursor, limit).await?;
                Ok(self.after(prepared, progress, cursor)?)
            }
        }
    }

    async fn execute_further(
        &mut self,
        prepared: &Prepared,
        mut cursor: Box<Cursor>,
        formats: &[Format],
        limit: Option<u64>,
    ) -> Result<State, Failure> {
        let mut running = self.enter_again(cursor.guard.clone());
        self.confirm(&mut cursor)?;
        // Settings may have changed since, and a FETCH may have had formats of its own.
        cursor.reformat(formats, self.session.style())?;
        let progress = self.stream(&mut running, &mut cursor, limit).await?;
        Ok(self.after(prepared, progress, cursor)?)
    }

    /// A query that is done has no more rows; a session statement isn't carried out twice.
    fn execute_again(&mut self, name: &str, prepared: &Prepared) -> Result<State, Failure> {
        if !matches!(prepared.kind(), Kind::Query(_) | Kind::Explain(_)) {
            return Err(SqlError::new(
                code::OBJECT_NOT_IN_PREREQUISITE_STATE,
                format!("portal \"{name}\" cannot be run"),
            )
            .into());
        }
        let (tag, count) = tag_of(prepared, 0);
        self.complete(tag, count);
        Ok(State::Done)
    }

    fn after(&mut self, prepared: &Prepared, progress: Progress, cursor: Box<Cursor>) -> Result<State, SqlError> {
        match progress {
            Progress::Complete(rows) => {
                self.conclude(prepared, &cursor, rows)?;
                Ok(State::Done)
            }
            Progress::Suspended => {
                self.portals.may_wait()?;
                self.send_warnings();
                backend::portal_suspended(self.wire.output());
                Ok(State::Running(cursor))
            }
        }
    }
}

fn parameters(message: &Bind<'_>, prepared: Option<&Prepared>, style: &Style) -> Result<Vec<ScalarValue>, SqlError> {
    let (given, formats) = (&message.parameters, &message.parameter_formats);
    if formats.len() > 1 && formats.len() != given.len() {
        return Err(violation(format!(
            "bind message has {} parameter formats but {} parameters",
            formats.len(),
            given.len()
        )));
    }
    let fields = prepared.map_or(&[][..], Prepared::parameters);
    if given.len() != fields.len() {
        return Err(violation(format!(
            "bind message supplies {} parameters, but prepared statement \"{}\" requires {}",
            given.len(),
            message.statement,
            fields.len()
        )));
    }
    let decode = |(index, (field, value)): (usize, (&Field, &Option<&[u8]>))| {
        let format = format_of(formats, index)?;
        decode_parameter_of(field, format, *value, style).map_err(|error| numbered(error, index))
    };
    fields.iter().zip(given).enumerate().map(decode).collect()
}

fn numbered(error: EncodeError, index: usize) -> SqlError {
    let is_excess = error.is_excess();
    let mut error = SqlError::from(error);
    if is_excess {
        error.message = format!("{} {}", error.message, index + 1);
    }
    error
}

fn result_formats(formats: &[i16], columns: Option<&SchemaRef>) -> Result<Vec<Format>, SqlError> {
    let Some(columns) = columns else { return Ok(Vec::new()) };
    let count = columns.fields().len();
    if formats.len() > 1 && formats.len() != count {
        return Err(violation(format!(
            "bind message has {} result formats but query has {count} columns",
            formats.len()
        )));
    }
    (0..count).map(|index| format_of(formats, index)).collect()
}

/// No format: all text. One: it is everyone's. More: each its own.
fn format_of(formats: &[i16], index: usize) -> Result<Format, SqlError> {
    let format = match formats {
        [] => 0,
        [all] => *all,
        each => each.get(index).copied().unwrap_or(0),
    };
    match format {
        0 => Ok(Format::Text),
        1 => Ok(Format::Binary),
        other => Err(SqlError::new(code::INVALID_PARAMETER_VALUE, format!("unsupported format code: {other}"))),
    }
}

fn violation(message: String) -> SqlError {
    SqlError::new(code::PROTOCOL_VIOLATION, message)
}
