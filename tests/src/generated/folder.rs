//! Generated tables as files on disk, and as tables of a PostgreSQL.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::data::{Cell, Column, TOPICS, Table};
use crate::python;

/// Writes the lake's tables below `folder/lake` and the topics below `folder/history`, for each folder.
pub fn lay_out(folders: &[(&Path, Vec<&Table>)]) {
    let mut arguments = Vec::new();
    for (folder, tables) in folders {
        for source in ["lake", TOPICS] {
            fs::create_dir_all(folder.join(source)).expect("a folder of a source");
        }
        let spec: Vec<Value> =
            tables.iter().filter(|table| table.schema != "shop").map(|table| specified(table)).collect();
        let path = folder.join("mesh.json");
        fs::write(&path, Value::from(spec).to_string()).expect("a file of tables");
        arguments.extend([path, folder.to_path_buf()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(|path| path.to_str().expect("a path in UTF-8")).collect();
    python::script("mesh.py", &arguments);
}

fn specified(table: &Table) -> Value {
    let columns: Vec<Value> =
        table.columns.iter().map(|column| json!([column.name, format!("{:?}", column.kind)])).collect();
    let rows_of = |file: usize| -> Vec<&Vec<Cell>> {
        table.rows.iter().filter(|row| row.file == file).map(|row| &row.cells).collect()
    };
    json!({
        "schema": table.schema,
        "name": table.name,
        "columns": columns,
        "partition": table.partition.map(|at| &table.columns[at].name),
        "files": (0..table.files).map(rows_of).collect::<Vec<_>>(),
        "paths": (0..table.files).map(|file| table.path(file)).collect::<Vec<_>>(),
    })
}

/// SQL that makes `schema.table` with these columns and rows.
pub fn create(schema: &str, name: &str, columns: &[Column], rows: &[Vec<Cell>]) -> String {
    let typed: Vec<String> = columns.iter().map(|c| format!("{} {}", quoted(&c.name), c.kind.sql_name())).collect();
    format!("CREATE TABLE {schema}.{name} ({});\n{}", typed.join(", "), insert(schema, name, rows))
}

/// SQL that adds the rows to `schema.table`, in their order.
pub fn insert(schema: &str, name: &str, rows: &[Vec<Cell>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let tuples: Vec<String> = rows.iter().map(|row| tuple(row)).collect();
    format!("INSERT INTO {schema}.{name} VALUES\n{};\n", tuples.join(",\n"))
}

/// A row as it stands in VALUES.
pub fn tuple(row: &[Cell]) -> String {
    let cells: Vec<String> = row.iter().map(|cell| cell.as_deref().map_or("NULL".to_owned(), literal)).collect();
    format!("({})", cells.join(", "))
}

pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
