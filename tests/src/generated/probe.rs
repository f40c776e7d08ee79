//! Small statements that hidden rows would change, were they seen anywhere below.

use super::data::Column;
use super::heard::Order;
use super::query::Readable;
use super::seeded::Seeded;
use super::sql::Sql;
use super::trap::trap;
use crate::sql;

/// What a source could answer from its statistics, or with a few rows of many; or what fails on hidden rows.
pub fn probe(random: &mut Seeded, readable: &[Readable]) -> (Sql, Order) {
    let Readable { table, columns } = random.pick(readable).clone();
    let column = random.pick(&columns).clone();
    let name = format!("\"{}\"", column.name);
    let trap = trap(random, &Column { name: name.clone(), kind: column.kind });
    let other = random.pick(readable).clone();
    let count = random.below(6);
    match random.below(14) {
        0 => (sql!["SELECT count(*) FROM ", table], Order::None),
        1 => (sql![format!("SELECT count({name}), min({name}), max({name}) FROM "), table], Order::None),
        2 => (sql!["SELECT * FROM ", table], Order::None),
        3 => (sql!["SELECT * FROM ", table, format!(" LIMIT {count}")], Order::Some),
        4 => (sql!["SELECT 1 FROM ", table, format!(" LIMIT {count} OFFSET 1")], Order::None),
        5 => (sql![format!("SELECT {name} FROM "), table, format!(" ORDER BY 1 LIMIT {count}")], Order::Total),
        6 => (sql![format!("SELECT DISTINCT {name} FROM "), table, " ORDER BY 1 DESC"], Order::Total),
        7 => (sql!["SELECT count(*) FROM ", table, " WHERE ", trap, " <> 99"], Order::None),
        8 => (sql!["SELECT sum(", trap, "), max(", name, ") FROM ", table], Order::None),
        9 => {
            let ordered = sql!["SELECT ", name, " FROM ", table, " ORDER BY ", trap, ", 1"];
            (sql![ordered, format!(" LIMIT {count}")], Order::Total)
        }
        10 => (sql!["SELECT * FROM ", table, " WHERE ", trap, " <> 99", format!(" LIMIT {count}")], Order::Some),
        11 => (sql!["SELECT ", trap, ", count(*) FROM ", table, " GROUP BY 1 ORDER BY 1, 2"], Order::Total),
        12 => {
            let joined = sql![
                " JOIN (SELECT ",
                trap,
                " AS x FROM ",
                table,
                ") AS t ON t.x = o.\"",
                other.columns[0].name.as_str()
            ];
            (sql!["SELECT count(*) FROM ", other.table, " AS o", joined, "\""], Order::None)
        }
        _ => (sql!["SELECT ", trap, " FROM ", table, " WHERE ", name, " IS NOT NULL"], Order::None),
    }
}
