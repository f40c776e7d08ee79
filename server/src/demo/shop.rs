//! The application's database: customers with their addresses, and restaurants, in the schema `shop`.

use std::fmt::Write;

use bytes::Bytes;
use chrono::Days;
use futures::SinkExt;
use tokio_postgres::Client;

use super::data::{self, CUSTOMERS, Draw, RESTAURANTS};
use super::database::Database;
use super::error::DemoError;

/// Joins all three sources; uses only columns that every user of the sample may see.
pub const FIRST_QUERY: &str = "\
SELECT r.cuisine, count(*) AS deliveries, sum(o.total) AS revenue, max(e.happened_at) AS latest
FROM events.order_events e
JOIN lake.orders o ON o.order_id = e.order_id
JOIN shop.restaurants r ON r.restaurant_id = o.restaurant_id
WHERE e.kind = 'delivered' AND o.day >= DATE '2025-09-24'
GROUP BY r.cuisine
ORDER BY revenue DESC;";

/// Shows to one user what another sees masked.
pub const MASK_QUERY: &str = "\
SELECT customer_id, name, email, phone, country FROM shop.customers ORDER BY customer_id LIMIT 5;";

const TABLES: &str = "
CREATE SCHEMA shop;
CREATE TABLE shop.customers (
    customer_id bigint PRIMARY KEY,
    name text NOT NULL,
    email varchar(120) NOT NULL,
    phone text,
    country text NOT NULL,
    signed_up timestamptz NOT NULL,
    newsletter boolean NOT NULL
);
CREATE TABLE shop.addresses (
    address_id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES shop.customers,
    street text NOT NULL,
    city text NOT NULL,
    country text NOT NULL
);
CREATE TABLE shop.restaurants (
    restaurant_id integer PRIMARY KEY,
    name text NOT NULL,
    cuisine text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    rating numeric(2,1),
    opened date NOT NULL
);
COMMENT ON TABLE shop.customers IS 'who has an account';
COMMENT ON TABLE shop.restaurants IS 'where the food comes from';
";

/// Fills the database, if it is empty. All or nothing.
pub async fn lay_out(database: &Database) -> Result<(), DemoError> {
    let mut client = database.connect().await?;
    let there = client.query_opt("SELECT FROM pg_namespace WHERE nspname = 'shop'", &[]).await?;
    if there.is_some() {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    transaction.batch_execute(TABLES).await?;
    let client = transaction.client();
    copy(client, "shop.customers", (0..CUSTOMERS).map(customer)).await?;
    copy(client, "shop.addresses", (0..CUSTOMERS).map(address)).await?;
    copy(client, "shop.restaurants", (0..RESTAURANTS).map(restaurant)).await?;
    transaction.batch_execute("ANALYZE shop.customers, shop.addresses, shop.restaurants").await?;
    Ok(transaction.commit().await?)
}

/// Sends rows in COPY's text format. No value of the sample needs an escape.
async fn copy(client: &Client, table: &str, rows: impl Iterator<Item = String>) -> Result<(), DemoError> {
    let mut text = String::new();
    for row in rows {
        // Writing into a string can't fail.
        let _ = writeln!(text, "{row}");
    }
    let mut sink = Box::pin(client.copy_in(&format!("COPY {table} FROM STDIN")).await?);
    sink.send(Bytes::from(text)).await?;
    sink.as_mut().finish().await?;
    Ok(())
}

fn customer(number: u64) -> String {
    let mut draw = Draw::of("customer", number);
    let (name, email) = data::person(&mut draw, number);
    let phone = if draw.one_in(10) { "\\N".to_owned() } else { data::phone(&mut draw) };
    let signed_up = data::last_day() - Days::new(60 + draw.below(900));
    let second = draw.below(86_400);
    let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    let newsletter = if draw.one_in(3) { "t" } else { "f" };
    format!("{number}\t{name}\t{email}\t{phone}\t{}\t{signed_up} {time}+00\t{newsletter}", data::country(number))
}

fn address(number: u64) -> String {
    let mut draw = Draw::of("address", number);
    let street =
        draw.pick(&["Calle Mayor", "Rua Augusta", "Rue Neuve", "Via Roma", "Gartenweg", "Avenida da Liberdade"]);
    let house = 1 + draw.below(120);
    let city = data::city(&mut draw, number);
    format!("{number}\t{number}\t{street} {house}\t{city}\t{}", data::country(number))
}

fn restaurant(number: u64) -> String {
    let mut draw = Draw::of("restaurant", number);
    let cuisine = draw.pick(&["tapas", "pizza", "sushi", "burger", "curry", "vegan", "ramen", "bakery"]);
    let name =
        format!("{} {}", draw.pick(&["Casa", "Chez", "Da", "Zum", "O", "La"]), data::person(&mut draw, number).0);
    let city = data::city(&mut draw, number);
    let rating = if draw.one_in(12) { "\\N".to_owned() } else { format!("{}.{}", 2 + draw.below(3), draw.below(10)) };
    let opened = data::last_day() - Days::new(200 + draw.below(6_000));
    format!("{number}\t{name}\t{cuisine}\t{city}\t{}\t{rating}\t{opened}", data::country(number))
}
