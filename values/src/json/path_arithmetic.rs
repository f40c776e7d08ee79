//! Operands and arithmetic of a jsonpath.

use super::path::{Binary, Chain, Node};
use super::path_exec::{Exec, Sink, Status};
use super::path_item::Item;
use super::{code as json_code, number};
use crate::{Result, code};

impl<'a> Exec<'a> {
    /// The items of an operand; in lax mode arrays among them are unwrapped, where that is asked for. `None` when an
    /// error was suppressed.
    pub(super) fn operand(&mut self, chain: &'a Chain, item: &Item<'a>, unwrap: bool) -> Result<Option<Vec<Item<'a>>>> {
        let mut items = Vec::new();
        if self.item(chain, item, Some(&mut items))? == Status::Error {
            return Ok(None);
        }
        if !(unwrap && self.lax && items.iter().any(Item::is_array)) {
            return Ok(Some(items));
        }
        let mut unwrapped = Vec::with_capacity(items.len());
        for item in items {
            if item.is_array() {
                self.elements(&[], &item, Some(&mut unwrapped), false)?;
            } else {
                unwrapped.push(item);
            }
        }
        Ok(Some(unwrapped))
    }

    pub(super) fn quiet_operand(
        &mut self,
        chain: &'a Chain,
        item: &Item<'a>,
        unwrap: bool,
    ) -> Result<Option<Vec<Item<'a>>>> {
        let throw = std::mem::replace(&mut self.throw, false);
        let items = self.operand(chain, item, unwrap);
        self.throw = throw;
        items
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Binary,
        operands: &'a (Chain, Chain),
        item: &Item<'a>,
        rest: &'a [Node],
        found: Sink<'_, 'a>,
    ) -> Result<Status> {
        let Some(left) = self.operand(&operands.0, item, true)? else { return Ok(Status::Error) };
        let Some(right) = self.operand(&operands.1, item, true)? else { return Ok(Status::Error) };
        let single = |items: &[Item<'a>]| match items {
            [item] => item.number_text().map(str::to_string),
            _ => None,
        };
        let not_single = |side: &str| {
            format!("{side} operand of jsonpath operator {} is not a single numeric value", operator.symbol())
        };
        let Some(left) = single(&left) else {
            return self.fail(code::SINGLETON_SQL_JSON_ITEM_REQUIRED, || not_single("left"));
        };
        let Some(right) = single(&right) else {
            return self.fail(code::SINGLETON_SQL_JSON_ITEM_REQUIRED, || not_single("right"));
        };
        // Numbers of many digits take long.
        let digits = left.len() + right.len();
        self.charge(digits / 16 + digits.saturating_mul(digits) / 4096)?;
        match number::calculate(operator, &left, &right) {
            Ok(text) => self.next(rest, &Item::number(text), found),
            Err(error) if self.throw => Err(error),
            Err(_) => Ok(Status::Error),
        }
    }

    pub(super) fn sign(
        &mut self,
        minus: bool,
        operand: &'a Chain,
        item: &Item<'a>,
        rest: &'a [Node],
        mut found: Sink<'_, 'a>,
    ) -> Result<Status> {
        let Some(items) = self.operand(operand, item, true)? else { return Ok(Status::Error) };
        let mut status = Status::NotFound;
        let asked = found.is_none() && rest.is_empty();
        for item in items {
            let Some(text) = item.number_text() else {
                if asked {
                    continue;
                }
                return self.fail(json_code::SQL_JSON_NUMBER_NOT_FOUND, || {
                    let symbol = if minus { '-' } else { '+' };
                    format!("operand of unary jsonpath operator {symbol} is not a numeric value")
                });
            };
            if asked {
                return Ok(Status::Ok);
            }
            let signed = if minus { Item::number(number::negated(text)) } else { item };
            match self.next(rest, &signed, found.as_deref_mut())? {
                Status::Error => return Ok(Status::Error),
                Status::Ok if found.is_none() => return Ok(Status::Ok),
                Status::Ok => status = Status::Ok,
                Status::NotFound => {}
            }
        }
        Ok(status)
    }
}
