//! Object stores as the engine sees them: one address per source and bucket, read-only, and telling which file is
//! being read.
//!
//! The engine finds a store by the scheme and host of a file's URL, in one registry for all sessions. Two sources may
//! reach one bucket with different rights, so each source has addresses of its own: `weir-delta://<source>.<bucket>`.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use parking_lot::Mutex;
use url::Url;

use crate::ConnectorError;
use crate::store::{self, ObjectStoreConfig};

const SCHEME: &str = "weir-delta";

/// A folder in a store.
#[derive(Debug, Clone)]
pub struct Mount {
    pub store: Arc<dyn ObjectStore>,
    /// Where the folder is in the store.
    pub prefix: Path,
    /// The folder as the user knows it; ends in a slash.
    pub url: Url,
    /// The folder as the engine knows it; ends in a slash.
    pub engine_url: Url,
}

impl Mount {
    /// A file of the store as the user knows it.
    pub fn display(&self, file: &Path) -> String {
        match self.url.scheme() {
            "file" => format!("/{file}"),
            scheme => format!("{scheme}://{}/{file}", self.url.host_str().unwrap_or_default()),
        }
    }
}

/// All stores that a source has opened; a client with its connections is shared by all tables of a bucket.
#[derive(Debug)]
pub struct Mounts {
    source: Arc<str>,
    config: ObjectStoreConfig,
    stores: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
}

impl Mounts {
    pub fn new(source: Arc<str>, config: ObjectStoreConfig) -> Self {
        Self { source, config, stores: Mutex::default() }
    }

    /// The folder at `location`, a URL or a local path. Asks the store nothing.
    pub fn open(&self, location: &str) -> std::result::Result<Mount, ConnectorError> {
        let (store, prefix, url) = store::open(&self.source, location, &self.config)?;
        let host = self.host(&url);
        let store = {
            let mut stores = self.stores.lock();
            let local = url.scheme() == "file";
            Arc::clone(stores.entry(host.clone()).or_insert_with(|| Arc::new(TracedStore { store, local })))
        };
        let engine_url = Url::parse(&format!("{SCHEME}://{host}{}", url.path())).map_err(|e| {
            ConnectorError::Config { source_name: self.source.to_string(), reason: format!("\"{location}\": {e}") }
        })?;
        Ok(Mount { store, prefix, url, engine_url })
    }

    fn host(&self, url: &Url) -> String {
        // A host holds no such signs as a source's name may; a hexadecimal number can't meet another name.
        let mut host = String::new();
        for byte in self.source.bytes() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'_' => host.push(char::from(byte)),
                other => host.push_str(&format!("-{other:02x}")),
            }
        }
        match url.host_str() {
            Some(bucket) if url.scheme() != "file" => format!("{host}.{bucket}"),
            _ => host,
        }
    }
}

tokio::task_local! {
    static READING: Trace;
}

/// Which file was read last by what runs in [`Trace::enter`] or [`Trace::follow`].
///
/// A decoder's error names no file. But a scan's partition opens its files one after the other, so the one that it
/// asked the store for last is the one that it choked on.
#[derive(Debug, Clone, Default)]
pub struct Trace(Arc<Mutex<Option<Path>>>);

impl Trace {
    /// Runs `poll`; what it asks of a store is noted.
    pub fn enter<R>(&self, poll: impl FnOnce() -> R) -> R {
        READING.sync_scope(self.clone(), poll)
    }

    /// Waits for `future`; what it asks of a store is noted.
    pub async fn follow<F: Future>(&self, future: F) -> F::Output {
        READING.scope(self.clone(), future).await
    }

    pub fn last_file(&self) -> Option<Path> {
        self.0.lock().clone()
    }

    fn note(location: &Path) {
        // Reads outside any scan, such as those of the log, have nobody who asks.
        let _ = READING.try_with(|trace| {
            let mut last = trace.0.lock();
            if last.as_ref() != Some(location) {
                *last = Some(location.clone());
            }
        });
    }
}

/// A store that can only be read.
#[derive(Debug)]
struct TracedStore {
    store: Arc<dyn ObjectStore>,
    /// The store is a local folder.
    local: bool,
}

impl TracedStore {
    fn sorted(&self, files: BoxStream<'static, Result<ObjectMeta>>) -> BoxStream<'static, Result<ObjectMeta>> {
        if !self.local {
            return files;
        }
        // A folder lists its files in any order; whoever replays a log expects a bucket's order, that of the names.
        let sort = async move {
            let mut files: Vec<ObjectMeta> = files.try_collect().await?;
            files.sort_unstable_by(|a, b| a.location.cmp(&b.location));
            Ok::<_, Error>(futures::stream::iter(files).map(Ok))
        };
        futures::stream::once(sort).try_flatten().boxed()
    }
}

impl fmt::Display for TracedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.store)
    }
}

fn read_only(operation: &str) -> Error {
    Error::NotImplemented { operation: operation.to_owned(), implementer: "read-only store".to_owned() }
}

#[async_trait]
impl ObjectStore for TracedStore {
    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(read_only("put"))
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(read_only("put"))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        Trace::note(location);
        self.store.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        Trace::note(location);
        if self.local
            && let Some(read) = store::read_local(location, ranges).await
        {
            return Ok(read);
        }
        self.store.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        futures::stream::once(async { Err(read_only("delete")) }).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.sorted(self.store.list(prefix))
    }

    fn list_with_offset(&self, prefix: Option<&Path>, offset: &Path) -> BoxStream<'static, Result<ObjectMeta>> {
        self.sorted(self.store.list_with_offset(prefix, offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(read_only("copy"))
    }
}
