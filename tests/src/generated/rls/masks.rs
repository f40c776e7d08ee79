//! Masks as expressions of PostgreSQL's, and the functions that they call.

use crate::generated::data::{Column, Kind, Table, granted_name};
use crate::generated::folder::{literal, quoted};
use crate::generated::rules::{Mask, Rules, With};
use crate::generated::sql::AUTHOR;

/// A hash is looked up, and must be there. Of an address PostgreSQL makes a network: but a text that Weir takes for no
/// address, since its numbers begin with 0, is none, and an IPv4 address in IPv6's clothes is one of IPv4.
pub(super) const FUNCTIONS: &str = "
CREATE TABLE hashes (kind text, value text, hash text, PRIMARY KEY (kind, value));
GRANT SELECT ON hashes TO PUBLIC;
CREATE FUNCTION hash_of(text, text) RETURNS text STABLE STRICT LANGUAGE plpgsql AS $$
DECLARE found text; BEGIN
  SELECT hash INTO STRICT found FROM public.hashes WHERE kind = $1 AND value = $2;
  RETURN found;
END $$;
CREATE FUNCTION domain_of(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
  SELECT CASE WHEN $1 ~ '@[[:alnum:]-]+([.][[:alnum:]-]+)+$' THEN '***@' || substring($1 FROM '[^@]*$')
         WHEN $1 IS NOT NULL THEN '***' END $$;
CREATE FUNCTION network_of(text) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE written text := split_part(btrim($1), '/', 1); address inet; BEGIN
  IF written !~ '[.:]' OR written ~ '(^|[.])0[0-9]' THEN RETURN '***'; END IF;
  address := written;
  IF address <<= '::ffff:0:0/96' THEN address := split_part(host(address), ':', 4); END IF;
  RETURN host(network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END)));
EXCEPTION WHEN invalid_text_representation THEN RETURN '***';
END $$;
";

/// What shows of a column: a field of a record is masked by itself, then with the record.
pub(super) fn masked(table: &Table, column: &Column, rules: &Rules) -> String {
    let own = quoted(&column.name);
    let whole = granted_name(&column.name);
    let shown = match whole == column.name {
        true => own,
        false => first(table, column, rules, own, |name| name == Some(column.name.as_str())),
    };
    first(table, column, rules, shown, |name| name.is_none_or(|name| name == whole))
}

/// The first mask of the columns that are meant which doesn't spare whoever asks, of a value.
fn first(table: &Table, column: &Column, rules: &Rules, value: String, means: impl Fn(Option<&str>) -> bool) -> String {
    let covers =
        |mask: &&Mask| mask.objects.iter().any(|object| object.covers(table) && means(object.column.as_deref()));
    let when = |mask: &Mask| {
        let spared: Vec<String> = mask.unless.iter().map(|role| format!("has_role('{role}')")).collect();
        let spared = if spared.is_empty() { "false".to_owned() } else { spared.join(" OR ") };
        let type_name = column.kind.sql_name();
        format!("WHEN NOT ({spared}) THEN CAST({} AS {type_name})", expression(&mask.with, column.kind, &value))
    };
    let whens: Vec<String> = rules.masks.iter().filter(covers).map(when).collect();
    if whens.is_empty() { value } else { format!("CASE {} ELSE {value} END", whens.join(" ")) }
}

fn expression(with: &With, kind: Kind, value: &str) -> String {
    match with {
        With::Null => "NULL".to_owned(),
        With::Hash => format!("hash_of('{}', CAST({value} AS text))", kind.sql_name()),
        With::Email => format!("domain_of({value})"),
        With::Ip => format!("network_of({value})"),
        With::Redact { text } => format!("CASE WHEN {value} IS NOT NULL THEN {} END", literal(text)),
        With::Partial { keep_first, keep_last } => format!(
            "CASE WHEN char_length({value}) <= {keep_first} + {keep_last} THEN repeat('*', char_length({value}))
             ELSE left({value}, {keep_first}) || repeat('*', char_length({value}) - {keep_first} - {keep_last})
                  || right({value}, {keep_last}) END"
        ),
        With::Truncate { to } if kind == Kind::Date => format!("date_trunc('{to}', {value}::timestamp)"),
        With::Truncate { to } => format!("date_trunc('{to}', {value} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"),
        With::Bucket { size } if matches!(kind, Kind::Int | Kind::Long) => {
            format!("{value} - (({value} % {size}) + {size}) % {size}")
        }
        With::Bucket { size } => format!("floor({value} / {size}) * {size}"),
        With::Sql { expression } => {
            let expression = expression.written(AUTHOR);
            format!("(SELECT {expression} FROM (SELECT {value} AS value) AS masked)")
        }
    }
}
