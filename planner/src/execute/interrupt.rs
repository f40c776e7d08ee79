//! Lets a function that computes a whole partition of a window in one go be cancelled while it does.
//!
//! Such a function knows neither its statement nor the context that it runs in. But the engine's window operator calls it right
//! when its input has ended, on the same thread: there the input leaves the statement's token.

use std::cell::RefCell;

use datafusion::error::Result;
use tokio_util::sync::CancellationToken;
use weir_connectors::ConnectorError;

/// Steps of work between two looks at the token.
const STRIDE: usize = 1 << 16;

thread_local! {
    static CURRENT: RefCell<Work> = const { RefCell::new(Work { token: None, steps: 0 }) };
}

/// What is computed on this thread: the token that ends it, and the steps since that was looked at.
struct Work {
    token: Option<CancellationToken>,
    steps: usize,
}

/// What is computed next on this thread ends with the token.
pub(super) fn leave(token: Option<CancellationToken>) {
    CURRENT.replace(Work { token, steps: 0 });
}

/// Counts steps of work; an error once the statement is to end.
pub(crate) fn after(steps: usize) -> Result<()> {
    CURRENT.with_borrow_mut(|work| {
        work.steps = work.steps.saturating_add(steps);
        if work.steps < STRIDE {
            return Ok(());
        }
        work.steps = 0;
        match &work.token {
            Some(token) if token.is_cancelled() => Err(ConnectorError::Canceled.into()),
            _ => Ok(()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_soon_after_its_token_is_cancelled() {
        let token = CancellationToken::new();
        leave(Some(token.clone()));
        assert!((0..10).all(|_| after(STRIDE).is_ok()));
        token.cancel();
        assert!(after(1).is_ok());
        assert!(after(STRIDE).is_err());
        leave(Some(CancellationToken::new()));
        assert!(after(STRIDE).is_ok(), "another piece of work has another token");
    }
}
