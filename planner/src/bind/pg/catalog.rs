//! What PostgreSQL 17 has built in, from its catalogs (`tests/data/catalog.sh` wrote the tables): operators, functions and
//! conversions.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::types::{Base, Coercion, PgType};

/// A line of `pg_operator`.
pub(super) struct Operator {
    /// One of a prefix operator, else two.
    pub arguments: Vec<PgType>,
    pub result: PgType,
    /// `pg_proc.prosrc` of its function.
    pub source: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Aggregate,
    Window,
}

/// A line of `pg_proc`.
pub(super) struct Function {
    pub name: &'static str,
    pub kind: Kind,
    pub arguments: Vec<PgType>,
    pub is_variadic: bool,
    /// How many of the last arguments may be left out, and what they are then.
    pub defaults: usize,
    pub default_values: &'static str,
    pub returns_set: bool,
    pub result: PgType,
    pub source: &'static str,
    /// Names of all arguments, or of none.
    pub names: Vec<&'static str>,
    /// Columns of what returns rows.
    pub outputs: Vec<(&'static str, PgType)>,
}

/// How one type becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cast {
    /// It is the same.
    Same,
    /// By a function, `pg_proc.prosrc`.
    Function(&'static str),
    /// By way of its text.
    Text,
}

fn type_of(name: &str) -> Option<PgType> {
    PgType::of_typname(name)
}

fn types(names: &str) -> Option<Vec<PgType>> {
    names.split(',').filter(|name| !name.is_empty()).map(type_of).collect()
}

static OPERATORS: LazyLock<HashMap<&'static str, Vec<Operator>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<Operator>> = HashMap::new();
    for line in include_str!("catalog/operators.tsv").lines() {
        let [name, left, right, result, source] = fields(line);
        let arguments = types(&format!("{left},{right}"));
        if let (Some(arguments), Some(result)) = (arguments, type_of(result)) {
            all.entry(name).or_default().push(Operator { arguments, result, source });
        }
    }
    all
});

static FUNCTIONS: LazyLock<HashMap<&'static str, Vec<Function>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<Function>> = HashMap::new();
    for function in include_str!("catalog/functions.tsv").lines().filter_map(function) {
        all.entry(function.name).or_default().push(function);
    }
    all
});

static CASTS: LazyLock<HashMap<(Base, Base), (Coercion, Cast)>> = LazyLock::new(|| {
    let cast = |line| {
        let [from, to, context, method, source] = fields(line);
        let (from, to) = (type_of(from)?, type_of(to)?);
        let context = match context {
            "i" => Coercion::Implicit,
            "a" => Coercion::Assignment,
            _ => Coercion::Explicit,
        };
        let cast = match method {
            "b" => Cast::Same,
            "f" => Cast::Function(source),
            _ => Cast::Text,
        };
        Some(((from.base, to.base), (context, cast)))
    };
    include_str!("catalog/casts.tsv").lines().filter_map(cast).collect()
});

fn fields<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut fields = line.split('\t');
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

fn function(line: &'static str) -> Option<Function> {
    let [
        name,
        kind,
        arguments,
        variadic,
        defaults,
        default_values,
        set,
        result,
        _strict,
        _volatility,
        source,
        names,
        outputs,
    ] = fields(line);
    let names: Vec<&str> = names.split(',').filter(|_| !names.is_empty()).collect();
    let output = |(at, field): (usize, &'static str)| {
        let (mode, ty) = field.split_once(':')?;
        let name = names.get(at).copied().unwrap_or_default();
        matches!(mode, "o" | "t" | "b").then(|| Some((name, type_of(ty)?)))?
    };
    let outputs = outputs.split(',').enumerate().filter_map(output).collect();
    Some(Function {
        name,
        kind: match kind {
            "a" => Kind::Aggregate,
            "w" => Kind::Window,
            _ => Kind::Scalar,
        },
        arguments: types(arguments)?,
        is_variadic: variadic == "v",
        defaults: defaults.parse().ok()?,
        default_values,
        returns_set: set == "s",
        result: type_of(result)?,
        source,
        names,
        outputs,
    })
}

pub(super) fn operators(name: &str) -> &'static [Operator] {
    OPERATORS.get(name).map_or(&[], Vec::as_slice)
}

/// The operator that a function computes (`pg_proc.prosrc`), of these types.
pub(super) fn operator_of(source: &str, arguments: &[PgType]) -> Option<&'static str> {
    static NAMES: LazyLock<HashMap<&str, Vec<(&str, &Operator)>>> = LazyLock::new(|| {
        let mut all: HashMap<&str, Vec<(&str, &Operator)>> = HashMap::new();
        for (name, operators) in OPERATORS.iter() {
            for operator in operators {
                all.entry(operator.source).or_default().push((name, operator));
            }
        }
        all
    });
    let is_meant = |(_, operator): &&(&str, &Operator)| {
        operator.arguments.len() == arguments.len()
            && operator.arguments.iter().zip(arguments).all(|(want, have)| want.same(*have))
    };
    NAMES.get(source)?.iter().find(is_meant).map(|(name, _)| *name)
}

/// Whether a function (`pg_proc.prosrc`, or a name of our own) gives the same for the same arguments whatever is set, so that
/// PostgreSQL computes it of constants before a statement runs.
pub(crate) fn is_settled(source: &str) -> bool {
    static KNOWN: LazyLock<HashMap<&str, bool>> = LazyLock::new(|| {
        let mut known = HashMap::new();
        for line in include_str!("catalog/functions.tsv").lines() {
            let [_, _, _, _, _, _, _, _, _, volatility, source] = fields(line);
            *known.entry(source).or_insert(true) &= volatility == "i";
        }
        known
    });
    // Input and output functions, which aren't among those that are called, and what has a syntax of its own.
    const UNSETTLED: [&str; 16] = [
        "date_in",
        "time_in",
        "timetz_in",
        "timestamp_in",
        "timestamptz_in",
        "interval_in",
        "array_in",
        "enum_in",
        "record_in",
        "cash_in",
        "text_of",
        "range_out",
        "limit_count",
        "offset_count",
        "rows_of",
        "nullable",
    ];
    let by_rule = || {
        let of_syntax = ["json_", "sqljson_", "sample_"].iter().any(|begin| source.starts_with(begin));
        let of_names = source.starts_with("reg") && (source.ends_with("in") || source.ends_with("out"));
        !UNSETTLED.contains(&source)
            && !of_names
            && !source.ends_with("range_in")
            && (!of_syntax || source == "json_in")
    };
    KNOWN.get(source).copied().unwrap_or_else(by_rule)
}

pub(super) fn functions(name: &str) -> &'static [Function] {
    FUNCTIONS.get(name).map_or(&[], Vec::as_slice)
}

/// `pg_cast`, and what holds without it: every type converts to and from text, to it by assignment, from it if asked for.
pub(super) fn cast(from: PgType, to: PgType, how: Coercion) -> Option<Cast> {
    if from.same(to) {
        return Some(Cast::Same);
    }
    if from.base.vector_of().is_some() && !from.is_array && to.is_array {
        return cast(from.or_array(), to, how);
    }
    let (a, b) = (from.element(), to.element());
    match (from.is_array, to.is_array) {
        // Arrays convert as their items do.
        (true, true) => return cast(a, b, how),
        (false, false) => {
            if let Some((context, cast)) = CASTS.get(&(from.base, to.base)) {
                return (how >= *context).then_some(*cast);
            }
        }
        _ => {}
    }
    let needed = match (to.is_string(), from.is_string()) {
        (true, _) => Coercion::Assignment,
        (_, true) => Coercion::Explicit,
        _ => return None,
    };
    (how >= needed).then_some(Cast::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_whole() {
        let lines = |text: &str| text.lines().count();
        let operators: usize = OPERATORS.values().map(Vec::len).sum();
        assert_eq!(operators, lines(include_str!("catalog/operators.tsv")));
        let functions: usize = FUNCTIONS.values().map(Vec::len).sum();
        assert_eq!(functions, lines(include_str!("catalog/functions.tsv")));
        assert_eq!(CASTS.len(), lines(include_str!("catalog/casts.tsv")));
        let make = &super::functions("make_interval")[0];
        assert_eq!((make.defaults, make.names.len(), make.arguments.len()), (7, 7, 7));
    }

    #[test]
    fn conversions_are_postgresqls() {
        let ty = |name| PgType::of_typname(name).unwrap();
        for (from, to, how, expected) in [
            ("int4", "int8", Coercion::Implicit, Some(Cast::Function("int48"))),
            ("int8", "int4", Coercion::Implicit, None),
            ("int8", "int4", Coercion::Assignment, Some(Cast::Function("int84"))),
            ("text", "varchar", Coercion::Implicit, Some(Cast::Same)),
            ("date", "text", Coercion::Implicit, None),
            ("date", "text", Coercion::Assignment, Some(Cast::Text)),
            ("text", "date", Coercion::Explicit, Some(Cast::Text)),
            ("_int4", "_int8", Coercion::Implicit, Some(Cast::Function("int48"))),
            ("_int4", "text", Coercion::Explicit, Some(Cast::Text)),
            ("date", "int4", Coercion::Explicit, None),
        ] {
            assert_eq!(cast(ty(from), ty(to), how), expected, "{from} to {to}");
        }
    }
}
