//! The select list: `*`, and the names of columns (`FigureColname` in parse_target.c).

use datafusion::logical_expr::Expr;
use pg_query::NodeEnum;
use pg_query::protobuf::{AExprKind, JsonExprOp, MinMaxOp, Node, ResTarget, SqlValueFunctionOp, SubLinkType};

use super::expr::{inner, parts};
use super::scope::{Scope, is_named, outer};
use super::{Binder, Named, Result, not_yet};
use crate::PlanError;
use crate::bind::limits;

impl Binder<'_> {
    /// All columns of a select list, their expressions as they are above the query's tables.
    pub(super) fn targets(&mut self, nodes: &[Node], scope: &Scope<'_>) -> Result<Vec<Named>> {
        let mut targets = Vec::with_capacity(nodes.len());
        for node in nodes {
            let NodeEnum::ResTarget(target) = inner(Some(node))? else { return Err(not_yet("this select list")) };
            let value = inner(target.val.as_deref())?;
            match self.star_fields(value, target.location, scope)? {
                Some(fields) => targets.extend(fields),
                None => {
                    let typed = super::records::as_target(self.expr(value, scope)?);
                    targets.push(Named { name: name(target), typed });
                }
            }
            limits::check_columns(targets.len())?;
        }
        Ok(targets)
    }

    /// `(f(x)).*`, if `f` returns a set of records.
    pub(super) fn star_of_set(&mut self, value: &NodeEnum, scope: &Scope<'_>) -> Result<Option<Vec<Named>>> {
        let NodeEnum::AIndirection(indirection) = value else { return Ok(None) };
        match indirection.indirection.as_slice() {
            [step] if matches!(step.node, Some(NodeEnum::AStar(_))) => {
                self.fields_of_set(inner(indirection.arg.as_deref())?, scope)
            }
            _ => Ok(None),
        }
    }

    pub(super) fn expand(&self, prefix: &[&str], scope: &Scope<'_>, location: i32) -> Result<Vec<Named>> {
        match prefix {
            [] if scope.tables.is_empty() => Err(PlanError::Grammar {
                message: "SELECT * with no tables specified is not valid".to_owned(),
                position: self.position(location),
            }),
            [] => Ok(self.expanded(&scope.columns)),
            table => {
                let mut at = Some(scope);
                while let Some(here) = at {
                    if let Some(found) = here.tables.iter().find(|candidate| is_named(candidate, table)) {
                        let columns = self.expanded(&found.columns).into_iter();
                        let is_own = std::ptr::eq(here, scope);
                        let read = |named: Named| match is_own {
                            true => Ok(named),
                            false => Ok(Named { typed: outer(named.typed)?, ..named }),
                        };
                        return columns.map(read).collect();
                    }
                    at = here.outer;
                }
                let all: Vec<&str> = table.iter().copied().chain(["*"]).collect();
                Err(self.no_such_table(&all, table, location, scope).unwrap_or_else(|| not_yet("this star")))
            }
        }
    }

    pub(super) fn expanded(&self, columns: &[Named]) -> Vec<Named> {
        let is_hidden =
            |named: &&Named| matches!(&named.typed.expr, Expr::Column(column) if self.unexpanded.contains(column));
        columns.iter().filter(|named| !is_hidden(named)).cloned().collect()
    }
}

/// What stands before the `.*` of a target.
pub(super) fn star(value: &NodeEnum) -> Option<Vec<&str>> {
    let NodeEnum::ColumnRef(column) = value else { return None };
    let (last, before) = column.fields.split_last()?;
    matches!(last.node, Some(NodeEnum::AStar(_))).then(|| parts(before).ok())?
}

fn name(target: &ResTarget) -> String {
    if !target.name.is_empty() {
        return target.name.clone();
    }
    let value = target.val.as_deref().and_then(|node| node.node.as_ref());
    value.and_then(figure).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
}

/// The name that an expression suggests for its column.
pub(super) fn figured(node: &NodeEnum) -> Option<String> {
    figure(node).map(|(name, _)| name)
}

/// The name that an expression suggests, and whether it is more than a type's.
fn figure(node: &NodeEnum) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    let last = |nodes: &[Node]| parts(nodes).ok().and_then(|parts| parts.last().map(|part| (*part).to_owned()));
    match node {
        NodeEnum::ColumnRef(column) => last(&column.fields).map(|name| (name, true)),
        NodeEnum::FuncCall(call) => last(&call.funcname).map(|name| (name, true)),
        NodeEnum::AExpr(expr) if expr.kind == AExprKind::AexprNullif as i32 => strong("nullif"),
        NodeEnum::TypeCast(cast) => {
            let inner = cast.arg.as_deref().and_then(|arg| arg.node.as_ref()).and_then(figure);
            match inner {
                Some((name, true)) => Some((name, true)),
                _ => cast.type_name.as_ref().and_then(|ty| last(&ty.names)).map(|name| (name, false)),
            }
        }
        NodeEnum::CollateClause(collate) => collate.arg.as_deref().and_then(|arg| arg.node.as_ref()).and_then(figure),
        NodeEnum::SubLink(link) => match SubLinkType::try_from(link.sub_link_type).ok()? {
            SubLinkType::ExistsSublink => strong("exists"),
            SubLinkType::ArraySublink => strong("array"),
            SubLinkType::ExprSublink => {
                let NodeEnum::SelectStmt(query) = link.subselect.as_deref()?.node.as_ref()? else { return None };
                // A set operation has its first query's names.
                let first = std::iter::successors(Some(query.as_ref()), |query| query.larg.as_deref()).last();
                let query = first?;
                if !query.values_lists.is_empty() {
                    return strong("column1");
                }
                let NodeEnum::ResTarget(first) = query.target_list.first()?.node.as_ref()? else { return None };
                Some((name(first), true))
            }
            _ => None,
        },
        NodeEnum::CaseExpr(case) => {
            let otherwise = case.defresult.as_deref().and_then(|node| node.node.as_ref()).and_then(figure);
            match otherwise {
                Some((name, true)) => Some((name, true)),
                _ => Some(("case".to_owned(), false)),
            }
        }
        NodeEnum::AIndirection(indirection) => {
            let field = indirection.indirection.iter().rev().find_map(|step| match &step.node {
                Some(NodeEnum::String(name)) => Some((name.sval.clone(), true)),
                _ => None,
            });
            field.or_else(|| indirection.arg.as_deref()?.node.as_ref().and_then(figure))
        }
        NodeEnum::JsonParseExpr(_) => strong("json"),
        NodeEnum::JsonScalarExpr(_) => strong("json_scalar"),
        NodeEnum::JsonSerializeExpr(_) => strong("json_serialize"),
        NodeEnum::JsonObjectConstructor(_) => strong("json_object"),
        NodeEnum::JsonArrayConstructor(_) | NodeEnum::JsonArrayQueryConstructor(_) => strong("json_array"),
        NodeEnum::JsonObjectAgg(_) => strong("json_objectagg"),
        NodeEnum::JsonArrayAgg(_) => strong("json_arrayagg"),
        NodeEnum::JsonFuncExpr(function) => match JsonExprOp::try_from(function.op).ok()? {
            JsonExprOp::JsonExistsOp => strong("json_exists"),
            JsonExprOp::JsonQueryOp => strong("json_query"),
            JsonExprOp::JsonValueOp => strong("json_value"),
            _ => None,
        },
        NodeEnum::GroupingFunc(_) => strong("grouping"),
        NodeEnum::AArrayExpr(_) => strong("array"),
        NodeEnum::RowExpr(_) => strong("row"),
        NodeEnum::CoalesceExpr(_) => strong("coalesce"),
        NodeEnum::MinMaxExpr(call) if call.op == MinMaxOp::IsGreatest as i32 => strong("greatest"),
        NodeEnum::MinMaxExpr(_) => strong("least"),
        NodeEnum::SqlvalueFunction(function) => strong(match SqlValueFunctionOp::try_from(function.op).ok()? {
            SqlValueFunctionOp::SvfopCurrentDate => "current_date",
            SqlValueFunctionOp::SvfopCurrentTime | SqlValueFunctionOp::SvfopCurrentTimeN => "current_time",
            SqlValueFunctionOp::SvfopCurrentTimestamp | SqlValueFunctionOp::SvfopCurrentTimestampN => {
                "current_timestamp"
            }
            SqlValueFunctionOp::SvfopLocaltime | SqlValueFunctionOp::SvfopLocaltimeN => "localtime",
            SqlValueFunctionOp::SvfopLocaltimestamp | SqlValueFunctionOp::SvfopLocaltimestampN => "localtimestamp",
            SqlValueFunctionOp::SvfopCurrentRole => "current_role",
            SqlValueFunctionOp::SvfopCurrentUser => "current_user",
            SqlValueFunctionOp::SvfopUser => "user",
            SqlValueFunctionOp::SvfopSessionUser => "session_user",
            SqlValueFunctionOp::SvfopCurrentCatalog => "current_catalog",
            SqlValueFunctionOp::SvfopCurrentSchema => "current_schema",
            SqlValueFunctionOp::SqlvalueFunctionOpUndefined => return None,
        }),
        _ => None,
    }
}
