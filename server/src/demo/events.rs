//! The order events: Avro object container files in dated folders, `order_events/YYYY/MM/DD/*.avro`, as stream loaders
//! write them.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_avro::compression::CompressionCodec;
use arrow_avro::writer::WriterBuilder;
use arrow_avro::writer::format::AvroOcfFormat;
use chrono::TimeDelta;

use super::data::{self, DAYS, Draw, EVENT_DAYS, Order};
use super::error::{DemoError, at, blocking};

/// What happened to an order, when, and what the app reported with it.
struct Event {
    order: Order,
    step: usize,
    email: String,
    ip: String,
}

const STEPS: [&str; 4] = ["placed", "accepted", "picked_up", "delivered"];

/// Writes the events of the last days, if they aren't there yet.
pub async fn lay_out(folder: &Path) -> Result<(), DemoError> {
    let (events, unfinished) = (folder.join("events"), folder.join("events.unfinished"));
    if events.exists() {
        return Ok(());
    }
    blocking(move || {
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
        }
        for day in DAYS - EVENT_DAYS..DAYS {
            write_day(&unfinished.join("order_events"), day)?;
        }
        fs::rename(&unfinished, &events).map_err(at(&events))
    })
    .await
}

/// Two files per day, as a loader that runs twice a day leaves them.
fn write_day(topic: &Path, day: u64) -> Result<(), DemoError> {
    let events: Vec<Event> = Order::of_day(day).flat_map(events_of).collect();
    let Some(first) = events.first() else { return Ok(()) };
    let folder = topic.join(first.order.day.format("%Y/%m/%d").to_string());
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    for (part, events) in events.chunks(events.len().div_ceil(2)).enumerate() {
        let path = folder.join(format!("order_events+{part}.avro"));
        let file = BufWriter::new(File::create(&path).map_err(at(&path))?);
        let batch = batch(events)?;
        let builder = WriterBuilder::new(batch.schema().as_ref().clone());
        let builder = builder.with_compression(Some(CompressionCodec::Deflate));
        let mut writer = builder.build::<_, AvroOcfFormat>(file)?;
        writer.write(&batch)?;
        writer.finish()?;
    }
    Ok(())
}

fn events_of(order: Order) -> impl Iterator<Item = Event> {
    let mut draw = Draw::of("event", order.id);
    // The customer's own address and name come from the same numbers as in the shop's database.
    let email = data::person(&mut Draw::of("customer", order.customer), order.customer).1;
    let ip = format!("10.{}.{}.{}", draw.below(256), draw.below(256), 1 + draw.below(254));
    let steps = if order.cancelled { 2 } else { STEPS.len() };
    (0..steps).map(move |step| Event { order: order.clone(), step, email: email.clone(), ip: ip.clone() })
}

fn batch(events: &[Event]) -> Result<RecordBatch, DemoError> {
    let kind = |e: &Event| if e.order.cancelled && e.step == 1 { "cancelled" } else { STEPS[e.step] };
    let minutes = |e: &Event| (e.order.minutes * e.step as u64 / 3) as i64;
    let time = |e: &Event| (e.order.placed_at + TimeDelta::minutes(minutes(e))).timestamp_micros();
    let courier = |e: &Event| (e.step >= 2).then_some(e.order.courier as i32);
    let times: TimestampMicrosecondArray = events.iter().map(|e| Some(time(e))).collect();
    let columns: [(&str, ArrayRef, bool); 8] = [
        (
            "event_id",
            Arc::new(events.iter().map(|e| Some((e.order.id * 4) as i64 + e.step as i64)).collect::<Int64Array>()),
            false,
        ),
        ("order_id", Arc::new(events.iter().map(|e| Some(e.order.id as i64)).collect::<Int64Array>()), false),
        ("kind", Arc::new(events.iter().map(|e| Some(kind(e))).collect::<StringArray>()), false),
        ("happened_at", Arc::new(times.with_timezone("UTC")), false),
        ("country", Arc::new(events.iter().map(|e| Some(e.order.country())).collect::<StringArray>()), false),
        ("courier_id", Arc::new(events.iter().map(courier).collect::<Int32Array>()), true),
        ("email", Arc::new(events.iter().map(|e| Some(e.email.as_str())).collect::<StringArray>()), true),
        ("ip", Arc::new(events.iter().map(|e| Some(e.ip.as_str())).collect::<StringArray>()), true),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}
