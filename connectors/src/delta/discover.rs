//! Finds the tables of a source: the folders of its root that hold a Delta log, or the tables that it lists.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;

use super::DeltaSource;
use super::held;
use super::table::Pinned;
use crate::store::{reach, store_error};
use crate::{ConnectorError, TableInfo};

/// So many folders are looked at, and logs read, at the same time.
const AT_ONCE: usize = 8;

/// All tables that can be described. One that can't is left out with a warning, so that it doesn't hide the others.
pub async fn tables(source: &DeltaSource) -> Result<Vec<TableInfo>, ConnectorError> {
    let locations = match &source.config.root {
        Some(root) => below(source, root).await?,
        None => source.config.tables.clone().into_iter().collect(),
    };
    let found: Vec<Result<TableInfo, ConnectorError>> = futures::stream::iter(locations)
        .map(|(name, location)| describe(source, name, location))
        .buffered(AT_ONCE)
        .collect()
        .await;
    // A store that stops answering takes all tables away at once; that is no reason to forget them.
    if !found.is_empty() && found.iter().all(|f| matches!(f, Err(ConnectorError::Unreachable { .. }))) {
        return found.into_iter().collect();
    }
    let keep = |table: Result<TableInfo, ConnectorError>| match table {
        Ok(table) => Some(table),
        Err(error) => {
            tracing::warn!(source = %source.name, %error, "table left out");
            None
        }
    };
    Ok(found.into_iter().filter_map(keep).collect())
}

async fn describe(source: &DeltaSource, name: String, location: String) -> Result<TableInfo, ConnectorError> {
    let pinned = source.folder(&name, &location)?.latest().await?;
    let columns = match pinned.provider() {
        Ok(provider) => held::columns(&provider.schema()),
        // The table exists, so it shows; whoever reads it is told why that can't be done.
        Err(error) => {
            tracing::warn!(source = %source.name, %error, "table can't be read");
            held::columns(&Pinned::columns(&pinned))
        }
    };
    Ok(TableInfo {
        source: Arc::clone(&source.name),
        schema: source.name.to_string(),
        name,
        columns,
        comment: pinned.comment(),
        remote: location,
    })
}

/// Name and URL of each table directly below `root`, by name.
async fn below(source: &DeltaSource, root: &str) -> Result<Vec<(String, String)>, ConnectorError> {
    let mount = source.mounts.open(root)?;
    reach(&source.name, mount.store.as_ref(), &mount.prefix, &mount.url).await?;
    let listing = mount.store.list_with_delimiter(Some(&mount.prefix)).await;
    let folders = listing.map_err(|e| store_error(&source.name, e))?.common_prefixes;
    let store = &mount.store;
    let mut tables: Vec<(String, String)> = futures::stream::iter(folders)
        .map(|folder| async move {
            let log = folder.clone().join("_delta_log");
            let first = store.list(Some(&log)).next().await.transpose();
            Ok(first.map_err(|e| store_error(&source.name, e))?.map(|_| folder))
        })
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|folder| {
            let named = folder.and_then(|folder| Some((folder.filename()?.to_owned(), url_of(&mount.url, &folder)?)));
            futures::future::ready(Ok::<_, ConnectorError>(named))
        })
        .try_collect()
        .await?;
    tables.sort();
    Ok(tables)
}

/// The URL of a folder directly below `root`.
fn url_of(root: &url::Url, folder: &Path) -> Option<String> {
    let mut url = root.clone();
    url.path_segments_mut().ok()?.pop_if_empty().push(folder.filename()?).push("");
    Some(url.to_string())
}
