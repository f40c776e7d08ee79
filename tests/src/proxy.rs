//! A TCP proxy between a client and a server that can stall, slow and cut what goes through it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const CHUNK_BYTES: usize = 16 * 1024;

/// Listens on a port of its own and passes connections on, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    stalled: AtomicBool,
    refusing: AtomicBool,
    closed: AtomicBool,
    bytes_per_second: AtomicU64,
    passed_bytes: AtomicU64,
    connections: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// A proxy to the server on `target` of this machine.
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("the port's number").port();
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, target, &accepting));
        Self { port, shared }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Nothing goes through while `yes`; connections stay open.
    pub fn stall(&self, yes: bool) {
        self.shared.stalled.store(yes, Ordering::SeqCst);
    }

    /// At most so many bytes go through in a second in each direction of each connection; 0 lifts the limit.
    pub fn slow(&self, bytes_per_second: u64) {
        self.shared.bytes_per_second.store(bytes_per_second, Ordering::SeqCst);
    }

    /// New connections are closed at once while `yes`, as if nobody listened.
    pub fn refuse(&self, yes: bool) {
        self.shared.refusing.store(yes, Ordering::SeqCst);
    }

    /// Cuts every open connection in its middle.
    pub fn cut(&self) {
        for connection in self.shared.connections.lock().expect("no thread panicked").drain(..) {
            // It may be closed already, which is as good.
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Bytes passed so far, both directions.
    pub fn passed_bytes(&self) -> u64 {
        self.shared.passed_bytes.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the accepting thread, which then ends.
        let _ = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], self.port)), Duration::from_secs(1));
    }
}

fn accept(listener: &TcpListener, target: u16, shared: &Arc<Shared>) {
    for client in listener.incoming().flatten() {
        if shared.closed.load(Ordering::SeqCst) {
            return;
        }
        if shared.refusing.load(Ordering::SeqCst) {
            continue;
        }
        let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
        for (from, to) in [(&client, &server), (&server, &client)] {
            let (from, to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
            shared.connections.lock().expect("no thread panicked").push(from.try_clone().expect("a socket"));
            let shared = Arc::clone(shared);
            std::thread::spawn(move || pass(from, to, &shared));
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, shared: &Shared) {
    let mut buffer = [0; CHUNK_BYTES];
    loop {
        let limit = shared.bytes_per_second.load(Ordering::SeqCst);
        let take = if limit == 0 { CHUNK_BYTES } else { (limit as usize / 20).clamp(1, CHUNK_BYTES) };
        let count = match from.read(&mut buffer[..take]) {
            Ok(count) if count > 0 => count,
            _ => break,
        };
        while shared.stalled.load(Ordering::SeqCst) && !shared.closed.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if let Some(pause_us) = (count as u64 * 1_000_000).checked_div(limit) {
            std::thread::sleep(Duration::from_micros(pause_us));
        }
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
        shared.passed_bytes.fetch_add(count as u64, Ordering::SeqCst);
    }
    // A connection that ends on one side ends on the other.
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
