//! What every PostgreSQL has built in, by numbers and by names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use weir_values::array::Array;

use super::layout::PG_CATALOG;
use super::rows::{File, unescaped};

/// Things of one kind that have a name in a schema.
pub(crate) struct Named {
    by_oid: HashMap<u32, (u32, &'static str)>,
    by_name: HashMap<&'static str, Vec<u32>>,
}

impl Named {
    fn of(relation: &str, name: &str, namespace: &str) -> Self {
        let (mut by_oid, mut by_name) = (HashMap::new(), HashMap::<_, Vec<u32>>::new());
        let file = File::of(relation);
        for [oid, name, namespace] in file.iter().flat_map(|file| file.select(["oid", name, namespace])) {
            let Ok(oid) = oid.parse() else { continue };
            by_oid.insert(oid, (namespace.parse().unwrap_or(PG_CATALOG), name));
            by_name.entry(name).or_default().push(oid);
        }
        Self { by_oid, by_name }
    }

    /// Its schema, that of the catalogs for what is in none, and its name.
    pub fn get(&self, oid: u32) -> Option<(u32, &'static str)> {
        self.by_oid.get(&oid).copied()
    }

    /// All of a name.
    pub fn named(&self, name: &str) -> &[u32] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The one of a name in one of these schemas, or in any.
    pub fn find(&self, name: &str, namespace: Option<u32>) -> impl Iterator<Item = u32> {
        let is_there = move |oid: &u32| namespace.is_none() || self.get(*oid).map(|(schema, _)| schema) == namespace;
        self.named(name).iter().copied().filter(is_there)
    }
}

macro_rules! kinds {
    ($($kind:ident $relation:literal $name:literal $namespace:literal)*) => {
        $(pub(crate) static $kind: LazyLock<Named> = LazyLock::new(|| Named::of($relation, $name, $namespace));)*
    };
}

kinds! {
    TYPES "pg_type" "typname" "typnamespace"
    FUNCTIONS "pg_proc" "proname" "pronamespace"
    OPERATORS "pg_operator" "oprname" "oprnamespace"
    OPERATOR_CLASSES "pg_opclass" "opcname" "opcnamespace"
    OPERATOR_FAMILIES "pg_opfamily" "opfname" "opfnamespace"
    CONVERSIONS "pg_conversion" "conname" "connamespace"
    TABLESPACES "pg_tablespace" "spcname" ""
    COLLATIONS "pg_collation" "collname" "collnamespace"
    TEXT_CONFIGURATIONS "pg_ts_config" "cfgname" "cfgnamespace"
    TEXT_DICTIONARIES "pg_ts_dict" "dictname" "dictnamespace"
    TEXT_PARSERS "pg_ts_parser" "prsname" "prsnamespace"
    TEXT_TEMPLATES "pg_ts_template" "tmplname" "tmplnamespace"
}

/// The types of a function's arguments.
pub(crate) static ARGUMENTS: LazyLock<HashMap<u32, Vec<u32>>> = LazyLock::new(|| {
    let file = File::of("pg_proc");
    let rows = file.iter().flat_map(|file| file.select(["oid", "proargtypes"]));
    let types = |types: &str| types.split(' ').filter_map(|oid| oid.parse().ok()).collect();
    rows.filter_map(|[oid, arguments]| Some((oid.parse().ok()?, types(arguments)))).collect()
});

/// The types of an operator's operands, 0 for none.
pub(crate) static OPERANDS: LazyLock<HashMap<u32, [u32; 2]>> = LazyLock::new(|| {
    let file = File::of("pg_operator");
    let rows = file.iter().flat_map(|file| file.select(["oid", "oprleft", "oprright"]));
    rows.filter_map(|[oid, left, right]| Some((oid.parse().ok()?, [left.parse().ok()?, right.parse().ok()?]))).collect()
});

/// Words of the language: the word, its category, whether it can be a column's name without AS, and both in words.
pub(crate) static KEYWORDS: LazyLock<Vec<[&'static str; 5]>> = LazyLock::new(|| {
    let file = File::of("keywords");
    file.iter().flat_map(|file| file.select(["word", "catcode", "barelabel", "catdesc", "baredesc"])).collect()
});

/// How a function was declared.
pub(crate) struct Procedure {
    pub language: &'static str,
    pub cost: &'static str,
    pub rows: &'static str,
    /// What helps to plan it, 0 for nothing.
    pub support: u32,
    /// `pg_proc.prokind`
    pub kind: &'static str,
    pub is_definers: bool,
    pub is_leakproof: bool,
    pub is_strict: bool,
    pub returns_set: bool,
    pub volatility: &'static str,
    pub parallel: &'static str,
    /// How many of the last arguments that go in have a default, and the list of these.
    pub defaults: usize,
    pub default_values: Cow<'static, str>,
    pub result: u32,
    pub arguments: Vec<Parameter>,
    pub source: Cow<'static, str>,
    /// The statement that it is of, where it isn't text.
    pub body: Option<Cow<'static, str>>,
    /// How many arguments of an aggregate come before those that it orders by, if it does.
    pub direct: Option<usize>,
}

/// An argument of a function.
pub(crate) struct Parameter {
    /// `i`n, `o`ut, `b`oth, `v`ariadic, a column of a `t`able.
    pub mode: char,
    /// Empty if it has none.
    pub name: String,
    pub ty: u32,
}

pub(crate) static PROCEDURES: LazyLock<HashMap<u32, Procedure>> = LazyLock::new(|| procedures().unwrap_or_default());

fn procedures() -> Option<HashMap<u32, Procedure>> {
    let languages: HashMap<&str, &str> =
        File::of("pg_language")?.select(["oid", "lanname"]).map(|[oid, name]| (oid, name)).collect();
    let aggregates = File::of("pg_aggregate")?;
    let ordering = aggregates.select(["aggfnoid", "aggkind", "aggnumdirectargs"]).filter(|[_, kind, _]| *kind != "n");
    let direct: HashMap<&str, usize> =
        ordering.filter_map(|[function, _, count]| Some((function, count.parse().ok()?))).collect();
    let columns = [
        "oid",
        "prolang",
        "procost",
        "prorows",
        "prosupport",
        "prokind",
        "prosecdef",
        "proleakproof",
        "proisstrict",
        "proretset",
        "provolatile",
        "proparallel",
        "pronargdefaults",
        "proargdefaults",
        "prorettype",
        "proargtypes",
        "proallargtypes",
        "proargmodes",
        "proargnames",
        "prosrc",
        "prosqlbody",
    ];
    let row = |cells: [&'static str; 21]| {
        let [
            oid,
            language,
            cost,
            rows,
            support,
            kind,
            definers,
            leakproof,
            strict,
            set,
            volatility,
            parallel,
            defaults,
            default_values,
            result,
            types,
            all_types,
            modes,
            names,
            source,
            body,
        ] = cells;
        let procedure = Procedure {
            language: languages.get(language).copied()?,
            cost,
            rows,
            support: support.parse().ok()?,
            kind,
            is_definers: definers == "t",
            is_leakproof: leakproof == "t",
            is_strict: strict == "t",
            returns_set: set == "t",
            volatility,
            parallel,
            defaults: defaults.parse().ok()?,
            default_values: unescaped(default_values),
            result: result.parse().ok()?,
            arguments: parameters(types, all_types, modes, names)?,
            source: unescaped(source),
            body: (body != NULL).then(|| unescaped(body)),
            direct: direct.get(oid).copied(),
        };
        Some((oid.parse().ok()?, procedure))
    };
    File::of("pg_proc")?.select(columns).map(row).collect()
}

/// What a file holds for NULL.
const NULL: &str = "\\N";

fn parameters(types: &str, all_types: &str, modes: &str, names: &'static str) -> Option<Vec<Parameter>> {
    let items = |array: &'static str| -> Option<Vec<String>> {
        let array: Array = Array::parse(&unescaped(array)).ok()?;
        Some(array.items.into_iter().map(Option::unwrap_or_default).collect())
    };
    let bare = |array: &str| array.trim_matches(['{', '}']).to_owned();
    let names = if names == NULL { Vec::new() } else { items(names)? };
    let mut names = names.into_iter();
    let (types, modes) = match all_types == NULL {
        true => (types.replace(' ', ","), String::new()),
        false => (bare(all_types), bare(modes)),
    };
    let mut modes = modes.split(',').filter_map(|mode| mode.chars().next());
    let types = types.split(',').filter(|ty| !ty.is_empty());
    let parameter = |ty: &str| {
        let (mode, name) = (modes.next().unwrap_or('i'), names.next().unwrap_or_default());
        Some(Parameter { mode, name, ty: ty.parse().ok()? })
    };
    types.map(parameter).collect()
}
