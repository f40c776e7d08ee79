//! Whether the SQL of a mask may show a value as it is: for tests and proofs of policies, which must not take any mask for
//! one that hides.

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AConst, AExpr, AExprKind, BoolExpr, BoolExprType, CaseExpr, ColumnRef, FuncCall, Node, SqlValueFunction,
    SqlValueFunctionOp, a_const,
};
use weir_policies::{Attribute, Principal};

use super::text;
use crate::bind::pg::rules::quoted_argument;

/// Functions that give one of their arguments, or one that can be told from what they give.
const TELLING: [&str; 12] = [
    "concat",
    "concat_ws",
    "lower",
    "upper",
    "initcap",
    "reverse",
    "btrim",
    "ltrim",
    "rtrim",
    "quote_literal",
    "to_char",
    "timezone",
];

/// Whether the expression may show `principal` the `value` as it is, or so that it can be told. What depends on the
/// principal alone is decided, so that `CASE WHEN has_role('dpo') THEN value ELSE '***' END` shows it to those with the role.
/// An expression that can't be read is taken to show it.
pub fn shows_value(expression: &str, principal: &Principal) -> bool {
    text::parse(expression).map_or(true, |tree| Asked { principal }.shows(&tree))
}

/// Who asks for the value.
struct Asked<'a> {
    principal: &'a Principal,
}

impl Asked<'_> {
    fn shows(&self, node: &NodeEnum) -> bool {
        match node {
            NodeEnum::ColumnRef(column) => is_value(column),
            // The part of a value, and what has another place to read it from.
            NodeEnum::AIndirection(_) | NodeEnum::SubLink(_) => true,
            NodeEnum::CollateClause(collate) => self.any_shows(collate.arg.as_deref()),
            NodeEnum::TypeCast(cast) => self.any_shows(cast.arg.as_deref()),
            NodeEnum::AExpr(expr) => self.operation_shows(expr),
            NodeEnum::CaseExpr(case) => self.case_shows(case),
            NodeEnum::CoalesceExpr(call) => self.any_shows(&call.args),
            NodeEnum::MinMaxExpr(call) => self.any_shows(&call.args),
            NodeEnum::AArrayExpr(array) => self.any_shows(&array.elements),
            NodeEnum::RowExpr(row) => self.any_shows(&row.args),
            NodeEnum::NamedArgExpr(named) => self.any_shows(named.arg.as_deref()),
            NodeEnum::FuncCall(call) => {
                name_of(call).is_none_or(|name| TELLING.contains(&name)) && self.any_shows(&call.args)
            }
            _ => false,
        }
    }

    fn any_shows<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>) -> bool {
        nodes.into_iter().filter_map(|node| node.node.as_ref()).any(|node| self.shows(node))
    }

    fn operation_shows(&self, expr: &AExpr) -> bool {
        let operands = || expr.lexpr.as_deref().into_iter().chain(expr.rexpr.as_deref());
        match AExprKind::try_from(expr.kind) {
            Ok(AExprKind::AexprNullif) => self.any_shows(expr.lexpr.as_deref()),
            Ok(AExprKind::AexprOp) => {
                matches!(operator(expr), Some("+" | "-" | "*" | "||")) && self.any_shows(operands())
            }
            _ => false,
        }
    }

    fn case_shows(&self, case: &CaseExpr) -> bool {
        for branch in case.args.iter().filter_map(|branch| branch.node.as_ref()) {
            let NodeEnum::CaseWhen(branch) = branch else { return true };
            let decided = match case.arg {
                None => self.truth(branch.expr.as_deref()).map(|truth| truth == Some(true)),
                Some(_) => None,
            };
            match decided {
                Some(true) => return self.any_shows(branch.result.as_deref()),
                Some(false) => {}
                None if self.any_shows(branch.result.as_deref()) => return true,
                None => {}
            }
        }
        self.any_shows(case.defresult.as_deref())
    }

    /// What a condition is if it depends on nothing but the principal, where `None` inside is NULL.
    fn truth(&self, node: Option<&Node>) -> Option<Option<bool>> {
        match node?.node.as_ref()? {
            NodeEnum::BoolExpr(expr) => self.logic(expr),
            NodeEnum::AExpr(expr) if expr.kind == AExprKind::AexprOp as i32 && operator(expr) == Some("=") => {
                match (self.value(expr.lexpr.as_deref())?, self.value(expr.rexpr.as_deref())?) {
                    (Value::Null, _) | (_, Value::Null) => Some(None),
                    (Value::Text(left), Value::Text(right)) => Some(Some(left == right)),
                    _ => None,
                }
            }
            _ => match self.value(node)? {
                Value::Truth(truth) => Some(Some(truth)),
                Value::Null => Some(None),
                Value::Text(_) => None,
            },
        }
    }

    fn logic(&self, expr: &BoolExpr) -> Option<Option<bool>> {
        let parts: Vec<_> = expr.args.iter().map(|part| self.truth(Some(part))).collect();
        // One part may decide, whatever the others are.
        let joined = |decides: bool| match parts.contains(&Some(Some(decides))) {
            true => Some(Some(decides)),
            false if parts.contains(&None) => None,
            false => Some((!parts.contains(&Some(None))).then_some(!decides)),
        };
        match BoolExprType::try_from(expr.boolop).ok()? {
            BoolExprType::AndExpr => joined(false),
            BoolExprType::OrExpr => joined(true),
            BoolExprType::NotExpr => parts.first().copied()?.map(|truth| truth.map(|truth| !truth)),
            BoolExprType::Undefined => None,
        }
    }

    /// A constant, or what is the principal's.
    fn value<'n>(&'n self, node: Option<&'n Node>) -> Option<Value<'n>> {
        match node?.node.as_ref()? {
            NodeEnum::AConst(AConst { val, .. }) => match val {
                None => Some(Value::Null),
                Some(a_const::Val::Boolval(flag)) => Some(Value::Truth(flag.boolval)),
                Some(a_const::Val::Sval(text)) => Some(Value::Text(&text.sval)),
                Some(_) => None,
            },
            NodeEnum::FuncCall(call) => match name_of(call)? {
                "has_role" => {
                    let role = quoted_argument(call, "has_role").ok()?;
                    Some(Value::Truth(self.principal.roles.contains(role)))
                }
                "attr" => match self.principal.attributes.get(quoted_argument(call, "attr").ok()?) {
                    None => Some(Value::Null),
                    Some(Attribute::Boolean(flag)) => Some(Value::Truth(*flag)),
                    Some(Attribute::Text(text)) => Some(Value::Text(text)),
                    Some(_) => None,
                },
                _ => None,
            },
            NodeEnum::SqlvalueFunction(function) => is_user(function).then_some(Value::Text(&self.principal.user)),
            _ => None,
        }
    }
}

enum Value<'n> {
    Null,
    Truth(bool),
    Text(&'n str),
}

/// Whether a name may mean the value; one with a dot means a part of it.
fn is_value(column: &ColumnRef) -> bool {
    match column.fields.as_slice() {
        [Node { node: Some(NodeEnum::String(name)) }] => name.sval == "value",
        _ => true,
    }
}

fn is_user(function: &SqlValueFunction) -> bool {
    use SqlValueFunctionOp::{SvfopCurrentRole, SvfopCurrentUser, SvfopSessionUser, SvfopUser};
    let users = [SvfopCurrentRole, SvfopCurrentUser, SvfopSessionUser, SvfopUser];
    users.into_iter().any(|user| function.op == user as i32)
}

/// The name of a function without its schema.
fn name_of(call: &FuncCall) -> Option<&str> {
    last_name(&call.funcname)
}

fn operator(expr: &AExpr) -> Option<&str> {
    last_name(&expr.name)
}

fn last_name(nodes: &[Node]) -> Option<&str> {
    match nodes.last()?.node.as_ref()? {
        NodeEnum::String(name) => Some(&name.sval),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn shown(expression: &str, roles: &[&str]) -> bool {
        let roles: BTreeSet<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        shows_value(expression, &Principal { user: "ana".to_owned(), roles, attributes: BTreeMap::new() })
    }

    #[test]
    fn what_gives_the_value_back_shows_it() {
        for expression in [
            "value",
            "\"value\"",
            "(Value)::text",
            "coalesce(value, '-')",
            "CASE WHEN value > 'm' THEN value END",
            "value || ''",
            "lower(trim(value))",
            "- value",
            "value + 1",
            "CASE value WHEN 'x' THEN 'y' ELSE value END",
            "value COLLATE \"C\"",
            "not an expression (",
        ] {
            assert!(shown(expression, &[]), "{expression}");
        }
        for expression in [
            "'***'",
            "left(value, 2)",
            "md5(value)",
            "CASE WHEN value = 'x' THEN 'y' ELSE '-' END",
            "length(value)",
            "NULL",
            "split_part(value, '@', 2)",
            "value / 1000",
            "value IS NULL",
        ] {
            assert!(!shown(expression, &[]), "{expression}");
        }
    }

    #[test]
    fn who_asks_decides() {
        let by_role = "CASE WHEN has_role('dpo') AND NOT has_role('guest') THEN value ELSE '***' END";
        assert!(shown(by_role, &["dpo"]));
        assert!(!shown(by_role, &["dpo", "guest"]) && !shown(by_role, &[]));
        assert!(shown("CASE WHEN current_user = 'ana' THEN value ELSE '-' END", &[]));
        assert!(!shown("CASE WHEN current_user = 'bob' OR attr('vip') THEN value ELSE '-' END", &[]));
        assert!(shown("CASE WHEN left(value, 1) = 'x' OR has_role('dpo') THEN value END", &[]));
        // NULL holds for nothing, and neither does its contrary.
        assert!(shown("CASE WHEN NOT (attr('vip') AND true) THEN '-' ELSE value END", &[]));
        assert!(!shown("CASE WHEN attr('vip') = 'x' OR NOT attr('vip') THEN value ELSE '-' END", &[]));
    }
}
