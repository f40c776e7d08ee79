//! The clocks of a running statement. They are polled by the session's own task, so that a statement without a timeout
//! costs none.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use super::Reason;

/// How long a statement goes on after the client closed its side. A client that left can't be told from one that only
/// closed its sending half and still reads; the latter gets at least short answers, as it does from PostgreSQL.
const DISCONNECT_GRACE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Timers {
    deadline: Option<Pin<Box<Sleep>>>,
    left: Option<Pin<Box<Sleep>>>,
}

impl Timers {
    pub(super) fn new(timeout: Option<Duration>) -> Self {
        Self { deadline: timeout.map(|timeout| Box::pin(sleep(timeout))), left: None }
    }

    /// The reason to stop, once there is one.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        peer_closed: impl FnOnce(&mut Context<'_>) -> Poll<()>,
    ) -> Option<Reason> {
        if rang(&mut self.deadline, cx) {
            return Some(Reason::Timeout);
        }
        if self.left.is_none() && peer_closed(cx).is_ready() {
            self.left = Some(Box::pin(sleep(DISCONNECT_GRACE)));
        }
        rang(&mut self.left, cx).then_some(Reason::Disconnect)
    }
}

/// Whether the clock has rung; a clock rings for ever.
fn rang(clock: &mut Option<Pin<Box<Sleep>>>, cx: &mut Context<'_>) -> bool {
    clock.as_mut().is_some_and(|clock| clock.is_elapsed() || clock.as_mut().poll(cx).is_ready())
}
