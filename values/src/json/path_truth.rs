//! Conditions of a jsonpath: logic, comparison, exists, starts with, like_regex.

use std::cmp::Ordering;

use super::path::{Binary, Chain, Node, SessionZone, Unary};
use super::path_datetime;
use super::path_exec::{Exec, MAX_DEPTH, Status};
use super::path_item::Item;
use super::too_deep;
use super::tree::Json;
use crate::Result;

/// SQL/JSON's booleans; unknown is `None`.
pub(super) type Truth = Option<bool>;

impl<'a> Exec<'a> {
    pub(super) fn condition(&mut self, chain: &'a Chain, item: &Item<'a>) -> Result<Truth> {
        match chain.as_slice() {
            [node] => self.truth(node, item),
            _ => Ok(None),
        }
    }

    pub(super) fn truth(&mut self, node: &'a Node, item: &Item<'a>) -> Result<Truth> {
        self.step()?;
        if self.depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let truth = self.truth_of(node, item);
        self.depth -= 1;
        truth
    }

    fn truth_of(&mut self, node: &'a Node, item: &Item<'a>) -> Result<Truth> {
        match node {
            Node::Binary(Binary::And, operands) => {
                let left = self.condition(&operands.0, item)?;
                if left == Some(false) {
                    return Ok(left);
                }
                let right = self.condition(&operands.1, item)?;
                Ok(if right == Some(true) { left } else { right })
            }
            Node::Binary(Binary::Or, operands) => {
                let left = self.condition(&operands.0, item)?;
                if left == Some(true) {
                    return Ok(left);
                }
                let right = self.condition(&operands.1, item)?;
                Ok(if right == Some(false) { left } else { right })
            }
            Node::Unary(Unary::Not, operand) => Ok(self.condition(operand, item)?.map(|truth| !truth)),
            Node::Unary(Unary::IsUnknown, operand) => Ok(Some(self.condition(operand, item)?.is_none())),
            Node::Unary(Unary::Exists, operand) => self.exists(operand, item),
            Node::Binary(Binary::StartsWith, operands) => {
                self.predicate(&operands.0, Some(&operands.1), false, item, |whole, initial| {
                    Some(Ok(whole.string_text()?.starts_with(initial?.string_text()?)))
                })
            }
            Node::Binary(operator, operands) => {
                let zone = self.options.zone;
                self.predicate(&operands.0, Some(&operands.1), true, item, |a, b| {
                    compare(*operator, a, b?, zone).transpose()
                })
            }
            Node::LikeRegex(like) => self.predicate(&like.expr, None, false, item, |item, _| {
                item.string_text().map(|text| Ok(like.regex.is_match(text)))
            }),
            _ => Ok(None),
        }
    }

    fn exists(&mut self, operand: &'a Chain, item: &Item<'a>) -> Result<Truth> {
        let throw = std::mem::replace(&mut self.throw, false);
        let mut all = Vec::new();
        let sink = if self.lax { None } else { Some(&mut all) };
        let status = self.item(operand, item, sink);
        self.throw = throw;
        Ok(match status? {
            Status::Error => None,
            _ if !self.lax => Some(!all.is_empty()),
            status => Some(status == Status::Ok),
        })
    }

    /// Whether any pair of the operands' items holds. Strictly, one pair that can't be told makes all unknown.
    fn predicate(
        &mut self,
        left: &'a Chain,
        right: Option<&'a Chain>,
        unwrap_right: bool,
        item: &Item<'a>,
        holds: impl Fn(&Item<'a>, Option<&Item<'a>>) -> Option<Result<bool>>,
    ) -> Result<Truth> {
        let Some(left) = self.quiet_operand(left, item, true)? else { return Ok(None) };
        let right = match right {
            Some(right) => match self.quiet_operand(right, item, unwrap_right)? {
                Some(right) => right.into_iter().map(Some).collect(),
                None => return Ok(None),
            },
            None => vec![None],
        };
        let (mut unknown, mut found) = (false, false);
        for a in &left {
            for b in &right {
                let len = |item: &Item<'a>| item.string_text().map_or(0, str::len);
                self.charge(1 + (len(a) + b.as_ref().map_or(0, len)) / 64)?;
                match holds(a, b.as_ref()).transpose()? {
                    None if !self.lax => return Ok(None),
                    None => unknown = true,
                    Some(true) if self.lax => return Ok(Some(true)),
                    Some(true) => found = true,
                    Some(false) => {}
                }
            }
        }
        Ok(if found {
            Some(true)
        } else if unknown {
            None
        } else {
            Some(false)
        })
    }
}

/// Unknown for what can't be compared.
fn compare(operator: Binary, a: &Item<'_>, b: &Item<'_>, zone: Option<&dyn SessionZone>) -> Result<Truth> {
    let order = match (a, b) {
        (Item::Time(a), Item::Time(b)) => path_datetime::compare(*a, *b, zone)?,
        _ => {
            let null = |item: &Item<'_>| matches!(item.json(), Some(Json::Null));
            match (a.json(), b.json()) {
                (Some(Json::Null), Some(Json::Null)) => Some(Ordering::Equal),
                // Nothing but inequality holds between null and others.
                _ if null(a) || null(b) => return Ok(Some(operator == Binary::NotEqual)),
                (Some(a @ Json::Bool(_)), Some(b @ Json::Bool(_)))
                | (Some(a @ Json::Number(_)), Some(b @ Json::Number(_)))
                | (Some(a @ Json::String(_)), Some(b @ Json::String(_))) => Some(a.order(b)),
                _ => None,
            }
        }
    };
    Ok(order.map(|order| match operator {
        Binary::Equal => order.is_eq(),
        Binary::NotEqual => order.is_ne(),
        Binary::Less => order.is_lt(),
        Binary::Greater => order.is_gt(),
        Binary::LessOrEqual => order.is_le(),
        _ => order.is_ge(),
    }))
}
