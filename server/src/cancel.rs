//! One token per running statement, and the registry through which a CancelRequest, a timeout, a vanished client or a
//! shutdown finds it.

mod timers;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use parking_lot::Mutex;
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;

use crate::sqlstate::{SqlError, code};
use timers::Timers;

/// Length of the secret that protocol 3.0 can carry, in bytes.
const SHORT_SECRET_BYTES: usize = 4;
/// Length of the secret from protocol 3.2 on, in bytes (up to 256 would be allowed; PostgreSQL 18 uses 32).
const LONG_SECRET_BYTES: usize = 32;

/// Why a statement was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// A CancelRequest with the right key.
    User = 1,
    /// `statement_timeout` went by.
    Timeout = 2,
    /// The client left.
    Disconnect = 3,
    /// The server shuts down and its grace period is over.
    Shutdown = 4,
    /// Its rows waited too long for the next fetch.
    IdleCursor = 5,
}

impl Reason {
    const ALL: [Reason; 5] = [Reason::User, Reason::Timeout, Reason::Disconnect, Reason::Shutdown, Reason::IdleCursor];

    /// What the client reads, and the audit record names.
    pub fn error(self) -> SqlError {
        match self {
            Reason::User => SqlError::new(code::QUERY_CANCELED, "canceling statement due to user request"),
            Reason::Timeout => SqlError::new(code::QUERY_CANCELED, "canceling statement due to statement timeout"),
            Reason::IdleCursor => SqlError::new(code::QUERY_CANCELED, "canceling statement due to idle-cursor timeout"),
            Reason::Disconnect => SqlError::new(code::CONNECTION_FAILURE, "connection to client lost"),
            Reason::Shutdown => {
                SqlError::new(code::ADMIN_SHUTDOWN, "terminating connection due to administrator command")
            }
        }
    }
}

/// The right of one running statement to go on. Clones speak of the same statement.
#[derive(Debug, Clone, Default)]
pub struct StatementGuard {
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    token: CancellationToken,
    /// A [`Reason`], or 0 while the statement may go on.
    reason: AtomicU8,
}

impl StatementGuard {
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancelled once the statement must stop.
    pub fn token(&self) -> &CancellationToken {
        &self.state.token
    }

    /// Stops the statement. The first reason stays.
    pub fn cancel(&self, reason: Reason) {
        // Kept even if it is too late: then the reason that is there is the one that counts.
        let _ = self.state.reason.compare_exchange(0, reason as u8, Ordering::AcqRel, Ordering::Acquire);
        self.state.token.cancel();
    }

    /// Why the statement must stop, once it must.
    pub fn reason(&self) -> Option<Reason> {
        let reason = self.state.reason.load(Ordering::Acquire);
        Reason::ALL.into_iter().find(|&known| known as u8 == reason)
    }

    /// The error of a statement that was stopped.
    pub fn error(&self) -> SqlError {
        self.reason().unwrap_or(Reason::User).error()
    }
}

/// All sessions that can be cancelled, by process id.
#[derive(Debug, Default)]
pub struct Registry {
    sessions: Mutex<Sessions>,
}

#[derive(Debug, Default)]
struct Sessions {
    entries: HashMap<i32, Arc<Entry>>,
    last_pid: i32,
}

#[derive(Debug)]
struct Entry {
    secret: Vec<u8>,
    current: Mutex<Option<StatementGuard>>,
}

/// A statement that runs right now.
#[derive(Debug)]
pub struct Running {
    guard: StatementGuard,
    entry: Arc<Entry>,
    timers: Timers,
}

/// A session's place in the registry; dropping it gives the place up.
#[derive(Debug)]
pub struct Registration {
    registry: Arc<Registry>,
    pid: i32,
    entry: Arc<Entry>,
}

impl Registry {
    /// A new session with its own process id. Its secret is long if its protocol can carry that.
    pub fn register(self: &Arc<Self>, long_secret: bool) -> Registration {
        let length = if long_secret { LONG_SECRET_BYTES } else { SHORT_SECRET_BYTES };
        let secret: [u8; LONG_SECRET_BYTES] = rand::random();
        let entry = Arc::new(Entry { secret: secret[..length].to_vec(), current: Mutex::default() });
        let pid = self.sessions.lock().insert(Arc::clone(&entry));
        Registration { registry: Arc::clone(self), pid, entry }
    }

    /// Cancels what the session runs, if the secret is its own. A wrong key is ignored, and nobody learns of it.
    pub fn cancel(&self, pid: i32, secret: &[u8]) {
        let entry = self.sessions.lock().entries.get(&pid).cloned();
        if let Some(entry) = entry.filter(|entry| entry.secret.ct_eq(secret).into()) {
            entry.cancel(Reason::User);
        }
    }

    /// Cancels every running statement.
    pub fn cancel_all(&self, reason: Reason) {
        let entries: Vec<_> = self.sessions.lock().entries.values().cloned().collect();
        entries.iter().for_each(|entry| entry.cancel(reason));
    }

    /// Sessions that are logged in.
    pub fn len(&self) -> usize {
        self.sessions.lock().entries.len()
    }
}

impl Sessions {
    /// Process ids are positive, and used again only after all others were.
    fn insert(&mut self, entry: Arc<Entry>) -> i32 {
        loop {
            self.last_pid = self.last_pid.checked_add(1).unwrap_or(1);
            if !self.entries.contains_key(&self.last_pid) {
                self.entries.insert(self.last_pid, entry);
                return self.last_pid;
            }
        }
    }
}

impl Entry {
    fn cancel(&self, reason: Reason) {
        if let Some(guard) = &*self.current.lock() {
            guard.cancel(reason);
        }
    }
}

impl Registration {
    pub fn pid(&self) -> i32 {
        self.pid
    }

    pub fn secret(&self) -> &[u8] {
        &self.entry.secret
    }

    /// A CancelRequest finds `guard` until what is returned is dropped; after that it comes too late.
    pub fn enter(&self, guard: StatementGuard, timeout: Option<Duration>) -> Running {
        *self.entry.current.lock() = Some(guard.clone());
        Running { guard, entry: Arc::clone(&self.entry), timers: Timers::new(timeout) }
    }
}

impl Running {
    pub fn guard(&self) -> &StatementGuard {
        &self.guard
    }

    /// Stops the statement once its time is up, or once `peer_closed` has said for a while that the client is gone.
    pub fn poll_timers(&mut self, cx: &mut Context<'_>, peer_closed: impl FnOnce(&mut Context<'_>) -> Poll<()>) {
        if let Some(reason) = self.timers.poll(cx, peer_closed) {
            self.guard.cancel(reason);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.entry.current.lock() = None;
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.registry.sessions.lock().entries.remove(&self.pid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_cancels_and_only_what_runs() {
        let registry = Arc::new(Registry::default());
        let (one, other) = (registry.register(false), registry.register(true));
        assert_ne!(one.pid(), other.pid());
        assert_eq!((one.secret().len(), other.secret().len()), (4, 32));
        let guard = StatementGuard::new();
        let running = one.enter(guard.clone(), None);
        registry.cancel(one.pid(), other.secret());
        registry.cancel(one.pid(), b"");
        registry.cancel(other.pid(), one.secret());
        assert_eq!(guard.reason(), None);
        drop(running);
        registry.cancel(one.pid(), one.secret());
        assert_eq!(guard.reason(), None);
        let _running = one.enter(guard.clone(), None);
        registry.cancel(one.pid(), one.secret());
        assert_eq!(guard.error().message, "canceling statement due to user request");
    }

    #[test]
    fn the_first_reason_stays() {
        let guard = StatementGuard::new();
        assert_eq!(guard.reason(), None);
        guard.cancel(Reason::Timeout);
        guard.cancel(Reason::Disconnect);
        assert_eq!(guard.reason(), Some(Reason::Timeout));
        assert_eq!(guard.error().code, "57014");
    }

    #[test]
    fn a_session_that_ended_is_gone() {
        let registry = Arc::new(Registry::default());
        let registration = registry.register(false);
        assert_eq!(registry.len(), 1);
        drop(registration);
        assert_eq!(registry.len(), 0);
    }
}
