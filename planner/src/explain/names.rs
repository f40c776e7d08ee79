//! The tables that a statement names, whether they can be seen or not; for `weir policy explain`, which says why a
//! statement finds one of them missing.

use std::collections::BTreeSet;

use pg_query::protobuf::SelectStmt;
use pg_query::{NodeEnum, NodeRef};

use crate::parse::Parsed;

/// A table by the name that the statement gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedTable {
    pub schema: Option<String>,
    pub table: String,
}

/// Every table that the statement names, each once. A name without a schema that one of its CTEs has isn't one.
pub fn named_tables(parsed: &Parsed) -> Vec<NamedTable> {
    let Some(query) = parsed.query() else { return Vec::new() };
    let mut names = Names::default();
    names.read(&query.tree);
    let is_cte = |named: &NamedTable| named.schema.is_none() && names.ctes.contains(&named.table);
    names.tables.iter().filter(|named| !is_cte(named)).cloned().collect()
}

#[derive(Default)]
struct Names {
    tables: BTreeSet<NamedTable>,
    ctes: BTreeSet<String>,
}

impl Names {
    fn read(&mut self, tree: &SelectStmt) {
        for (node, ..) in NodeEnum::SelectStmt(Box::new(tree.clone())).nodes() {
            match node {
                NodeRef::RangeVar(table) => {
                    let schema = Some(table.schemaname.clone()).filter(|schema| !schema.is_empty());
                    self.tables.insert(NamedTable { schema, table: table.relname.clone() });
                }
                NodeRef::CommonTableExpr(cte) => {
                    self.ctes.insert(cte.ctename.clone());
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_named_and_ctes_are_not() {
        let sql = "WITH a AS (SELECT * FROM Lake.Orders) SELECT * FROM a JOIN mesh.shop.\"Order\" USING (id) \
                   WHERE x IN (SELECT x FROM courier)";
        let parsed = crate::parse::parse(sql).unwrap();
        let named: Vec<_> =
            named_tables(&parsed[0]).into_iter().map(|n| format!("{:?} {}", n.schema, n.table)).collect();
        assert_eq!(named, ["None courier", "Some(\"lake\") orders", "Some(\"shop\") Order"]);
    }
}
