//! The Delta lake: `orders`, partitioned by day, and `couriers`.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray};
use arrow::array::{RecordBatch, TimestampMicrosecondArray};
use chrono::{Days, NaiveDate};
use deltalake::DeltaTableBuilder;

use super::data::{self, COURIERS, DAYS, Draw, Order};
use super::error::{DemoError, at, blocking};

/// Writes the tables, if the lake isn't there yet.
pub async fn lay_out(folder: &Path) -> Result<(), DemoError> {
    let (lake, unfinished) = (folder.join("lake"), folder.join("lake.unfinished"));
    if lake.exists() {
        return Ok(());
    }
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
    }
    let orders = blocking(|| (0..DAYS).map(orders_of).collect::<Result<Vec<_>, _>>()).await?;
    write(&unfinished.join("orders"), "what was ordered, and how long it took", &["day"], orders).await?;
    write(&unfinished.join("couriers"), "who brings it", &[], vec![couriers()?]).await?;
    std::fs::rename(&unfinished, &lake).map_err(at(&lake))
}

async fn write(table: &Path, comment: &str, partitions: &[&str], batches: Vec<RecordBatch>) -> Result<(), DemoError> {
    std::fs::create_dir_all(table).map_err(at(table))?;
    let url =
        url::Url::from_directory_path(table).map_err(|()| at(table)(std::io::Error::other("not an absolute path")))?;
    let write = DeltaTableBuilder::from_url(url)?.build()?.write(batches);
    let write = write.with_description(comment).with_partition_columns(partitions.iter().copied());
    // The future of a Delta write is large.
    Box::pin(write.into_future()).await?;
    Ok(())
}

fn orders_of(day: u64) -> Result<RecordBatch, DemoError> {
    let orders: Vec<Order> = Order::of_day(day).collect();
    let mut draws: Vec<Draw> = orders.iter().map(|order| Draw::of("basket", order.id)).collect();
    let status = |order: &Order| if order.cancelled { "cancelled" } else { "delivered" };
    let minutes = |order: &Order| (!order.cancelled).then_some(order.minutes as i32);
    let at: TimestampMicrosecondArray = orders.iter().map(|o| Some(o.placed_at.timestamp_micros())).collect();
    let items: Int32Array = draws.iter_mut().map(|draw| Some(1 + draw.below(6) as i32)).collect();
    let total: Decimal128Array = draws.iter_mut().map(|draw| Some(800 + draw.below(5_200) as i128)).collect();
    let columns: [(&str, ArrayRef); 10] = [
        ("order_id", Arc::new(orders.iter().map(|o| Some(o.id as i64)).collect::<Int64Array>())),
        ("day", Arc::new(orders.iter().map(|o| Some(days_since_epoch(o.day))).collect::<Date32Array>())),
        ("ordered_at", Arc::new(at.with_timezone("UTC"))),
        ("customer_id", Arc::new(orders.iter().map(|o| Some(o.customer as i64)).collect::<Int64Array>())),
        ("restaurant_id", Arc::new(orders.iter().map(|o| Some(o.restaurant as i32)).collect::<Int32Array>())),
        ("courier_id", Arc::new(orders.iter().map(|o| Some(o.courier as i32)).collect::<Int32Array>())),
        ("country", Arc::new(orders.iter().map(|o| Some(o.country())).collect::<StringArray>())),
        ("status", Arc::new(orders.iter().map(|o| Some(status(o))).collect::<StringArray>())),
        ("items", Arc::new(items)),
        ("total", Arc::new(total.with_precision_and_scale(10, 2)?)),
    ];
    let minutes: ArrayRef = Arc::new(orders.iter().map(minutes).collect::<Int32Array>());
    Ok(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().chain([("delivery_minutes", minutes)]).map(|(name, column)| (name, column, true)),
    )?)
}

fn couriers() -> Result<RecordBatch, DemoError> {
    let mut people: Vec<(Draw, u64)> = (0..COURIERS).map(|number| (Draw::of("courier", number), number)).collect();
    let names: StringArray = people.iter_mut().map(|(draw, number)| Some(data::person(draw, *number).0)).collect();
    let phones: StringArray = people.iter_mut().map(|(draw, _)| Some(data::phone(draw))).collect();
    let vehicles = ["bicycle", "scooter", "car"];
    let vehicles: StringArray = people.iter_mut().map(|(draw, _)| Some(draw.pick(&vehicles))).collect();
    let since = |draw: &mut Draw| days_since_epoch(data::last_day() - Days::new(100 + draw.below(1_500)));
    let since: Date32Array = people.iter_mut().map(|(draw, _)| Some(since(draw))).collect();
    let columns: [(&str, ArrayRef); 6] = [
        ("courier_id", Arc::new((0..COURIERS as i32).map(Some).collect::<Int32Array>())),
        ("name", Arc::new(names)),
        ("phone", Arc::new(phones)),
        ("country", Arc::new((0..COURIERS).map(|number| Some(data::country(number))).collect::<StringArray>())),
        ("vehicle", Arc::new(vehicles)),
        ("since", Arc::new(since)),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))?)
}

fn days_since_epoch(day: NaiveDate) -> i32 {
    day.signed_duration_since(NaiveDate::default()).num_days() as i32
}
