//! Which files a statement reads of a table: listed once, by the days it needs, and then fixed.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};
use tokio::sync::Mutex;

use super::Root;
use super::layout::{Dated, format_date};
use super::prune::DATE;
use crate::ConnectorError;
use crate::store::store_error;

/// Folders asked for at one time.
const LISTINGS_AT_ONCE: usize = 16;

/// One file as it was when it was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Path below the root.
    pub path: String,
    pub size_bytes: u64,
    /// The store's mark of this very content, if it gives one.
    pub e_tag: Option<String>,
    /// Days since 1970-01-01.
    pub date: Option<i32>,
}

/// Days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub first: i32,
    pub last: i32,
}

impl DateRange {
    pub const ALL: Self = Self { first: i32::MIN, last: i32::MAX };

    /// The days outside of which the filters keep nothing. May be wider than what they keep.
    pub fn of_filters(filters: &[Expr]) -> Self {
        filters.iter().fold(Self::ALL, |range, filter| range.and(Self::of(filter)))
    }

    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    fn of(filter: &Expr) -> Self {
        match filter {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => Self::of(left).and(Self::of(right)),
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => Self::of(left).or(Self::of(right)),
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => match (day(right), day(left)) {
                (Some(day), _) if is_date(left) => Self::compared(*op, day),
                (_, Some(day)) if is_date(right) => op.swap().map_or(Self::ALL, |op| Self::compared(op, day)),
                _ => Self::ALL,
            },
            Expr::Between(between) if !between.negated && is_date(&between.expr) => {
                let first = day(&between.low).unwrap_or(i32::MIN);
                Self { first, last: day(&between.high).unwrap_or(i32::MAX) }
            }
            Expr::InList(InList { expr, list, negated: false }) if is_date(expr) => {
                let days: Option<Vec<i32>> = list.iter().map(day).collect();
                days.and_then(|days| Some(Self { first: *days.iter().min()?, last: *days.iter().max()? }))
                    .unwrap_or(Self::ALL)
            }
            _ => Self::ALL,
        }
    }

    fn compared(op: Operator, day: i32) -> Self {
        match op {
            Operator::Eq => Self { first: day, last: day },
            Operator::Lt => Self { first: i32::MIN, last: day.saturating_sub(1) },
            Operator::LtEq => Self { first: i32::MIN, last: day },
            Operator::Gt => Self { first: day.saturating_add(1), last: i32::MAX },
            Operator::GtEq => Self { first: day, last: i32::MAX },
            _ => Self::ALL,
        }
    }

    fn and(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }

    fn or(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    fn has(self, date: Option<i32>) -> bool {
        self.is_all() || date.is_some_and(|day| self.first <= day && day <= self.last)
    }
}

/// What a listing found, and for which days it looked.
#[derive(Debug, Clone)]
pub struct Listed {
    /// In the order of their paths.
    pub files: Vec<DataFile>,
    pub range: DateRange,
}

impl Listed {
    /// The snapshot as the audit record shows it.
    pub fn describe(&self) -> String {
        let newest = self.files.iter().filter_map(|file| file.date).max();
        match newest {
            Some(day) => format!("{} files up to {}", self.files.len(), format_date(day)),
            None => format!("{} files", self.files.len()),
        }
    }
}

/// The files of one table as one statement sees them. A day is listed at most once: later scans of the statement that
/// need more days list these, and keep what they already know.
#[derive(Debug)]
pub struct PinnedFiles {
    folder: String,
    known: Mutex<Vec<Listed>>,
}

impl PinnedFiles {
    pub fn new(folder: &str) -> Self {
        Self { folder: folder.to_owned(), known: Mutex::default() }
    }

    /// The files of `range`; those without a date only if it is all.
    pub async fn list(&self, source: &str, root: &Root, range: DateRange) -> Result<Listed, ConnectorError> {
        if range.first > range.last {
            return Ok(Listed { files: Vec::new(), range });
        }
        let mut known = self.known.lock().await;
        let covering = known.iter().find(|listed| listed.range.covers(range));
        let mut files = match covering {
            Some(listed) => listed.files.iter().filter(|file| range.has(file.date)).cloned().collect(),
            None => list(source, root, &self.folder, range).await?,
        };
        if covering.is_none() {
            for earlier in known.iter().filter(|earlier| !earlier.range.is_all()) {
                files.retain(|file| file.date.is_none() || !earlier.range.has(file.date));
                files.extend(earlier.files.iter().filter(|file| range.has(file.date)).cloned());
            }
            files.sort_by(|a, b| a.path.cmp(&b.path));
            files.dedup_by(|a, b| a.path == b.path);
            known.push(Listed { files: files.clone(), range });
        }
        Ok(Listed { files, range })
    }
}

/// Lists a topic's files. A bounded range walks the folders and enters only those that can hold its days.
async fn list(source: &str, root: &Root, folder: &str, range: DateRange) -> Result<Vec<DataFile>, ConnectorError> {
    let topic = root.path(source, folder)?;
    let mut files = if range.is_all() {
        list_below(root.store.as_ref(), &topic).await
    } else {
        walk(root.store.as_ref(), topic.clone(), Dated::default(), range).await
    }
    .map_err(|e| store_error(source, e))?
    .into_iter()
    .filter_map(|meta| data_file(&root.prefix, &topic, meta))
    .filter(|file| range.has(file.date))
    .collect::<Vec<_>>();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

async fn list_below(store: &dyn ObjectStore, folder: &Path) -> object_store::Result<Vec<ObjectMeta>> {
    store.list(Some(folder)).try_collect().await
}

fn walk(
    store: &dyn ObjectStore,
    folder: Path,
    dated: Dated,
    range: DateRange,
) -> BoxFuture<'_, object_store::Result<Vec<ObjectMeta>>> {
    async move {
        if let Some((first, last)) = dated.span() {
            if last < range.first || range.last < first {
                return Ok(Vec::new());
            }
            if range.covers(DateRange { first, last }) {
                return list_below(store, &folder).await;
            }
        }
        let found = store.list_with_delimiter(Some(&folder)).await?;
        let below = found.common_prefixes.into_iter().map(|inner| {
            let dated = dated.enter(inner.filename().unwrap_or_default());
            walk(store, inner, dated, range)
        });
        let mut files = found.objects;
        let mut results = futures::stream::iter(below).buffer_unordered(LISTINGS_AT_ONCE);
        while let Some(more) = results.try_next().await? {
            files.extend(more);
        }
        Ok(files)
    }
    .boxed()
}

/// The file behind an object, unless it is none of the table's.
pub fn data_file(prefix: &Path, topic: &Path, meta: ObjectMeta) -> Option<DataFile> {
    let parts: Vec<String> = meta.location.prefix_match(topic)?.map(|part| part.as_ref().to_owned()).collect();
    if parts.iter().any(|part| is_hidden(part)) || !parts.last()?.ends_with(".avro") {
        return None;
    }
    let dated = parts[..parts.len() - 1].iter().fold(Dated::default(), |dated, part| dated.enter(part));
    let path: Vec<String> = meta.location.prefix_match(prefix)?.map(|part| part.as_ref().to_owned()).collect();
    Some(DataFile { path: path.join("/"), size_bytes: meta.size, e_tag: meta.e_tag, date: dated.date() })
}

/// Names that loaders give to what isn't data, or not yet.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with(['.', '_'])
}

fn is_date(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == DATE)
}

fn day(expr: &Expr) -> Option<i32> {
    match expr {
        Expr::Literal(ScalarValue::Date32(day), _) => *day,
        _ => None,
    }
}
