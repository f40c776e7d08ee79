//! Opens the object store that holds a root: a local folder, or a bucket that speaks the S3 protocol.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use serde::Deserialize;
use url::Url;

use crate::{ConnectorError, Secret};

/// A request that got no answer is given up after so long; a source that is down must show as such within seconds.
const RETRY_LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How an S3 store is reached. What isn't said is taken from the usual AWS environment (`AWS_REGION`,
/// `AWS_ACCESS_KEY_ID`, ..., instance and container roles). In a source's configuration it stands under `s3`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectStoreConfig {
    pub region: Option<String>,
    /// URL of a store other than Amazon's own.
    pub endpoint: Option<String>,
    pub access_key: Option<Secret>,
    pub secret_key: Option<Secret>,
    pub session_token: Option<Secret>,
    /// Lets `endpoint` be plain `http://`.
    pub allow_http: bool,
    /// `https://bucket.host/key` instead of `https://host/bucket/key`.
    pub virtual_hosted: bool,
}

/// Opens the store of `root`: an `s3://bucket/path` or `file:///path` URL, or a local path (a relative one starts at the
/// working directory). Gives the store, the root's place in it, and the root as a URL that ends in a slash.
/// Reads secrets, but asks the store nothing: it may be down.
pub fn open(
    source: &str,
    root: &str,
    config: &ObjectStoreConfig,
) -> Result<(Arc<dyn ObjectStore>, Path, Url), ConnectorError> {
    let url = root_url(source, root)?;
    match url.scheme() {
        "file" => {
            let folder = url.to_file_path().map_err(|()| bad_root(source, root, "not an absolute path"))?;
            let prefix = Path::from_absolute_path(folder).map_err(|e| bad_root(source, root, &e.to_string()))?;
            Ok((Arc::new(LocalFileSystem::new()), prefix, url))
        }
        "s3" | "s3a" => {
            let prefix = Path::from_url_path(url.path()).map_err(|e| bad_root(source, root, &e.to_string()))?;
            Ok((open_s3(source, &url, config)?, prefix, url))
        }
        other => Err(bad_root(source, root, &format!("no store for {other}://, expected s3:// or a local folder"))),
    }
}

/// Asks whether the root can be reached. A local root must be a folder; a bucket must answer a listing.
pub async fn reach(source: &str, store: &dyn ObjectStore, prefix: &Path, url: &Url) -> Result<(), ConnectorError> {
    if let Ok(folder) = url.to_file_path() {
        let unreachable = |reason: String| ConnectorError::Unreachable { source_name: source.to_owned(), reason };
        return match tokio::fs::metadata(&folder).await {
            Ok(meta) if meta.is_dir() => Ok(()),
            Ok(_) => Err(unreachable(format!("{} is not a folder", folder.display()))),
            Err(e) => Err(unreachable(format!("{}: {e}", folder.display()))),
        };
    }
    use futures::StreamExt;
    match store.list(Some(prefix)).next().await {
        Some(Err(e)) => Err(store_error(source, e)),
        Some(Ok(_)) | None => Ok(()),
    }
}

/// Ranges of a local file, read into memory that isn't cleared before, as [`LocalFileSystem`] does it; `None` where it has to say what is wrong.
pub async fn read_local(location: &Path, ranges: &[Range<u64>]) -> Option<Vec<Bytes>> {
    let path = LocalFileSystem::new().path_to_filesystem(location).ok()?;
    let ranges = ranges.to_vec();
    let read = tokio::task::spawn_blocking(move || {
        let mut file = File::open(path).ok()?;
        ranges.into_iter().map(|range| read_range(&mut file, range)).collect()
    });
    read.await.ok()?
}

fn read_range(file: &mut File, range: Range<u64>) -> Option<Bytes> {
    let length = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).ok()?;
    file.seek(SeekFrom::Start(range.start)).ok()?;
    file.take(length as u64).read_to_end(&mut bytes).ok()?;
    (bytes.len() == length).then(|| bytes.into())
}

/// What an error of the store means for the source. A missing object is for the caller to judge.
pub fn store_error(source: &str, error: object_store::Error) -> ConnectorError {
    ConnectorError::Unreachable { source_name: source.to_owned(), reason: error.to_string() }
}

fn root_url(source: &str, root: &str) -> Result<Url, ConnectorError> {
    if root.is_empty() {
        return Err(bad_root(source, root, "it is empty"));
    }
    if root.contains("://") {
        let mut url = Url::parse(root).map_err(|e| bad_root(source, root, &e.to_string()))?;
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        return Ok(url);
    }
    let folder = std::path::absolute(root).map_err(|e| bad_root(source, root, &e.to_string()))?;
    Url::from_directory_path(folder).map_err(|()| bad_root(source, root, "not a path"))
}

fn open_s3(source: &str, url: &Url, config: &ObjectStoreConfig) -> Result<Arc<dyn ObjectStore>, ConnectorError> {
    let bucket = url.host_str().ok_or_else(|| bad_root(source, url.as_str(), "no bucket"))?;
    let retry = RetryConfig { max_retries: 4, retry_timeout: RETRY_LIMIT, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_virtual_hosted_style_request(config.virtual_hosted)
        .with_retry(retry)
        .with_client_options(
            ClientOptions::new().with_connect_timeout(CONNECT_LIMIT).with_allow_http(config.allow_http),
        );
    if let Some(region) = &config.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
    }
    if let Some(key) = &config.access_key {
        builder = builder.with_access_key_id(read(source, "access_key", key)?);
    }
    if let Some(key) = &config.secret_key {
        builder = builder.with_secret_access_key(read(source, "secret_key", key)?);
    }
    if let Some(token) = &config.session_token {
        builder = builder.with_token(read(source, "session_token", token)?);
    }
    let store = builder.build().map_err(|e| bad_root(source, url.as_str(), &e.to_string()))?;
    Ok(Arc::new(store))
}

fn read(source: &str, key: &str, secret: &Secret) -> Result<String, ConnectorError> {
    secret
        .read()
        .map_err(|reason| ConnectorError::Config { source_name: source.to_owned(), reason: format!("{key}: {reason}") })
}

fn bad_root(source: &str, root: &str, reason: &str) -> ConnectorError {
    ConnectorError::Config { source_name: source.to_owned(), reason: format!("root \"{root}\": {reason}") }
}
