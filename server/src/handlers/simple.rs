//! The simple protocol: a text of statements in, everything about them out.

use tokio::io::{AsyncRead, AsyncWrite};
use weir_planner::parse::Kind;

use super::run::{Progress, Started};
use super::{Connection, Failure};
use crate::query;
use crate::session::utility;
use crate::wire::backend;

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Runs all statements of a text in one transaction, unless they say otherwise themselves.
    pub(super) async fn query(&mut self, sql: &str) -> Result<(), Failure> {
        self.session.statements_mut().remove("");
        self.portals.remove("");
        let statements = query::parse(&self.engine, &self.session, sql)?;
        if statements.is_empty() {
            backend::empty_query(self.wire.output());
        }
        for statement in statements {
            self.run_statement(statement).await?;
        }
        self.end_message(false);
        Ok(self.ready().await?)
    }

    async fn run_statement(&mut self, parsed: query::Parsed) -> Result<(), Failure> {
        self.wire.mark_intact();
        let allowed = self.session.start_statement(utility::of(&parsed));
        self.recorded(&parsed.text, allowed)?;
        let mut running = self.enter();
        let prepared = self.prepare(&mut running, parsed, &[]).await?;
        self.recorded(prepared.text(), prepared.without_parameters())?;
        if let Kind::Fetch(fetch) = prepared.kind() {
            return self.fetch(&prepared, fetch, &[], true).await;
        }
        match self.start(&mut running, &prepared, Vec::new(), &[]).await? {
            Started::Done(tag) => self.complete(tag, None),
            Started::Rows(mut cursor) => {
                self.announce(&cursor, Some(&[]))?;
                if let Progress::Complete(rows) = self.stream(&mut running, &mut cursor, None).await? {
                    self.conclude(&prepared, &cursor, rows)?;
                }
            }
        }
        Ok(())
    }
}
