//! Prints a jsonpath's canonical text.

use std::fmt;

use super::path::{Binary, JsonPath, LAST_LEVEL, Method, Node, Unary};
use super::print::write_escaped;
use super::tree::Json;

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        if !self.lax {
            out.push_str("strict ");
        }
        write_chain(&mut out, &self.expr, true);
        f.write_str(&out)
    }
}

/// How tight a node binds its operands.
fn priority(node: Option<&Node>) -> u8 {
    match node {
        Some(Node::Binary(operator, _)) => match operator {
            Binary::Or => 0,
            Binary::And => 1,
            Binary::Add | Binary::Sub => 3,
            Binary::Mul | Binary::Div | Binary::Mod => 4,
            _ => 2,
        },
        Some(Node::Unary(Unary::Plus | Unary::Minus, _)) => 5,
        _ => 6,
    }
}

fn write_chain(out: &mut String, chain: &[Node], brackets: bool) {
    let Some((head, accessors)) = chain.split_first() else { return };
    match head {
        Node::Literal(Json::Number(text)) if !accessors.is_empty() => {
            out.push('(');
            out.push_str(text);
            out.push(')');
        }
        _ => write_node(out, head, brackets),
    }
    accessors.iter().for_each(|node| write_node(out, node, true));
}

/// An operand of `node`, in brackets when it doesn't bind tighter.
fn write_operand(out: &mut String, node: &Node, operand: &[Node]) {
    write_chain(out, operand, priority(operand.first()) <= priority(Some(node)));
}

fn write_node(out: &mut String, node: &Node, brackets: bool) {
    let bracketed =
        brackets && matches!(node, Node::Binary(..) | Node::LikeRegex(_) | Node::Unary(Unary::Plus | Unary::Minus, _));
    if bracketed {
        out.push('(');
    }
    match node {
        Node::Literal(json) => json.write(out),
        Node::Variable(name) => {
            out.push('$');
            write_escaped(out, name);
        }
        Node::Root => out.push('$'),
        Node::Current => out.push('@'),
        Node::Last => out.push_str("last"),
        Node::Binary(operator, operands) => {
            write_operand(out, node, &operands.0);
            out.push(' ');
            out.push_str(operator.symbol());
            out.push(' ');
            write_operand(out, node, &operands.1);
        }
        Node::Unary(operator, operand) => match operator {
            Unary::Plus | Unary::Minus => {
                out.push(if *operator == Unary::Plus { '+' } else { '-' });
                write_operand(out, node, operand);
            }
            Unary::Not => write_call(out, "!(", operand, ")"),
            Unary::IsUnknown => write_call(out, "(", operand, ") is unknown"),
            Unary::Exists => write_call(out, "exists (", operand, ")"),
        },
        Node::LikeRegex(like) => {
            write_operand(out, node, &like.expr);
            out.push_str(" like_regex ");
            write_escaped(out, &like.pattern);
            let flags = like.flags;
            let set =
                [(flags.icase, 'i'), (flags.dotall, 's'), (flags.mline, 'm'), (flags.wspace, 'x'), (flags.quote, 'q')];
            if set.iter().any(|(set, _)| *set) {
                out.push_str(" flag \"");
                out.extend(set.iter().filter(|(set, _)| *set).map(|(_, flag)| flag));
                out.push('"');
            }
        }
        Node::AnyArray => out.push_str("[*]"),
        Node::AnyKey => out.push_str(".*"),
        Node::Any(first, last) => write_levels(out, *first, *last),
        Node::Key(name) => {
            out.push('.');
            write_escaped(out, name);
        }
        Node::Index(ranges) => {
            out.push('[');
            for (i, (from, to)) in ranges.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_chain(out, from, false);
                if let Some(to) = to {
                    out.push_str(" to ");
                    write_chain(out, to, false);
                }
            }
            out.push(']');
        }
        Node::Filter(filter) => write_call(out, "?(", filter, ")"),
        Node::Method(method) => write_method(out, method),
    }
    if bracketed {
        out.push(')');
    }
}

fn write_call(out: &mut String, before: &str, operand: &[Node], after: &str) {
    out.push_str(before);
    write_chain(out, operand, false);
    out.push_str(after);
}

fn write_levels(out: &mut String, first: u32, last: u32) {
    let level = |level| if level == LAST_LEVEL { "last".to_string() } else { format!("{level}") };
    out.push_str(".**");
    if first == last {
        out.push_str(&format!("{{{}}}", level(first)));
    } else if first != 0 || last != LAST_LEVEL {
        out.push_str(&format!("{{{} to {}}}", level(first), level(last)));
    }
}

fn write_method(out: &mut String, method: &Method) {
    out.push('.');
    out.push_str(method.name());
    out.push('(');
    match method {
        Method::Decimal(precision, scale) => {
            out.push_str(precision.as_deref().unwrap_or_default());
            if let Some(scale) = scale {
                out.push(',');
                out.push_str(scale);
            }
        }
        Method::Datetime(Some(template)) => write_escaped(out, template),
        Method::Time(Some(precision))
        | Method::TimeTz(Some(precision))
        | Method::Timestamp(Some(precision))
        | Method::TimestampTz(Some(precision)) => out.push_str(precision),
        _ => {}
    }
    out.push(')');
}
