//! Function calls: which function a name means for these arguments.

use std::sync::Arc;

use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::ScalarFunction;
use pg_query::NodeEnum;
use pg_query::protobuf::{FuncCall, Node};

use super::catalog::{self, Function, Kind};
use super::coerce::freed;
use super::expr::{inner, parts};
use super::resolve::{Chosen, Undecided, choose};
use super::scope::Scope;
use super::sets::{AGGREGATES, WINDOWS};
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg;

/// An argument as it is written.
pub(super) struct Argument<'q> {
    pub name: Option<&'q str>,
    pub typed: Typed,
    pub location: i32,
}

/// A call whose function is known: its arguments have the types that it takes.
pub(super) struct Call<'q> {
    pub node: &'q FuncCall,
    pub function: &'static Function,
    pub arguments: Vec<Typed>,
    pub result: PgType,
}

/// Whether a function is one of `information_schema`: none of `pg_catalog` has such a name.
fn is_of_standard(name: &str) -> bool {
    name.starts_with("_pg_") && !catalog::functions(name).is_empty()
}

impl Binder<'_> {
    /// The value of a call.
    pub(super) fn call(&mut self, node: &FuncCall, scope: &Scope<'_>) -> Result<Typed> {
        if self.names_empty_schema(node) {
            let arguments = node.args.iter().map(|argument| Ok(self.argument(argument, scope)?.typed.ty));
            let types = arguments.collect::<Result<Vec<_>>>()?;
            return Err(self.no_function(node, &types, Undecided::None));
        }
        let name = self.function_name(node)?;
        let is_aggregate = || catalog::functions(name).iter().any(|function| function.kind == Kind::Aggregate);
        match node.over.is_some() {
            true => self.within(WINDOWS, |binder| binder.call_of(name, node, scope)),
            false if is_aggregate() => self.within(AGGREGATES, |binder| binder.call_of(name, node, scope)),
            false => self.call_of(name, node, scope),
        }
    }

    fn call_of(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Typed> {
        if let Some(value) = self.of_principal(node)? {
            return Ok(value);
        }
        if name == "pg_collation_for"
            && let Some(collation) = self.collation_for(node, scope)?
        {
            return Ok(collation);
        }
        if let Some(value) = self.of_session(name, node, scope)? {
            return Ok(value);
        }
        if let Some(value) = self.json_call(name, node, scope)? {
            return Ok(value);
        }
        if let Some(value) = self.input_check(name, node, scope)? {
            return Ok(value);
        }
        if let Some(cast) = self.cast_by_name(name, node, scope)? {
            return Ok(cast);
        }
        let call = self.resolved(name, node, scope)?;
        match call.function.kind {
            Kind::Aggregate => self.aggregate_call(call, scope),
            Kind::Window => self.window_call(call, scope),
            Kind::Scalar => {
                self.only_scalar(node, name)?;
                match call.function.returns_set {
                    true => self.set_in_list(call),
                    false => self.scalar(call),
                }
            }
        }
    }

    pub(super) fn function_name<'q>(&self, node: &'q FuncCall) -> Result<&'q str> {
        let position = self.position(node.location);
        match parts(&node.funcname)?.as_slice() {
            [name] | ["pg_catalog", name] if !is_of_standard(name) => Ok(*name),
            ["information_schema", name] if is_of_standard(name) => Ok(*name),
            [schema, _] if !self.knows_schema(schema) => Err(super::type_names::no_schema(schema, position)),
            _ => Err(not_yet("a function of another schema")),
        }
    }

    /// Whether a call names a schema that is there and has no such function, whatever its arguments.
    fn names_empty_schema(&self, node: &FuncCall) -> bool {
        match parts(&node.funcname).as_deref() {
            Ok([name] | ["pg_catalog", name]) => is_of_standard(name),
            Ok(["information_schema", name]) => !is_of_standard(name),
            Ok([schema, _]) => self.knows_schema(schema),
            _ => false,
        }
    }

    /// The function that a call means, its arguments converted to what it takes.
    pub(super) fn resolved<'q>(&mut self, name: &str, node: &'q FuncCall, scope: &Scope<'_>) -> Result<Call<'q>> {
        let functions = catalog::functions(name);
        let mut arguments = node.args.iter().map(|arg| self.argument(arg, scope)).collect::<Result<Vec<_>>>()?;
        if node.agg_within_group {
            for by in &node.agg_order {
                let NodeEnum::SortBy(by) = inner(Some(by))? else { return Err(not_yet("this ORDER BY")) };
                arguments.push(self.argument(by.node.as_deref().ok_or_else(|| not_yet("this ORDER BY"))?, scope)?);
            }
        }
        if arguments.iter().any(|argument| argument.name.is_some()) {
            self.check_names(node)?;
            return self.resolved_by_names(functions, node, arguments);
        }
        if node.func_variadic {
            return self.resolved_variadic(functions, node, arguments);
        }
        let types: Vec<PgType> = arguments.iter().map(|argument| argument.typed.ty.without_modifier()).collect();
        // A window function needs its window, and an aggregate of the same name its WITHIN GROUP.
        let can_be = |f: &&Function| f.kind != Kind::Window || !node.agg_within_group;
        let chosen = choose(functions.iter().filter(can_be), &types);
        let chosen = chosen.map_err(|why| self.no_function(node, &types, why))?;
        self.arranged(chosen, node, arguments)
    }

    /// Converts the arguments, and adds those that were left out.
    pub(super) fn arranged<'q>(
        &mut self,
        chosen: Chosen<'static, Function>,
        node: &'q FuncCall,
        arguments: Vec<Argument<'_>>,
    ) -> Result<Call<'q>> {
        let Chosen { candidate: function, arguments: wants, result } = chosen;
        let given = arguments.len();
        let mut converted = Vec::with_capacity(wants.len());
        for (argument, want) in arguments.into_iter().zip(wants) {
            converted.push(match function.source == "pg_typeof" {
                // What has no type yet is told to have none.
                true => argument.typed,
                false => self.coerce(argument.typed, want, Coercion::Implicit, argument.location)?,
            });
        }
        if function.is_variadic
            && let Some((last, fixed)) = function.arguments.split_last()
            && last.is_array
            && converted.len() > fixed.len()
        {
            let items = converted.split_off(fixed.len());
            converted.push(self.gathered(items)?);
        }
        if given < function.arguments.len() && !function.is_variadic {
            let missing = function.arguments.len() - given;
            converted.extend(self.defaults(function, missing)?);
        }
        Ok(Call { node, function, arguments: converted, result })
    }

    /// Variadic arguments as the array that the function takes.
    fn gathered(&mut self, items: Vec<Typed>) -> Result<Typed> {
        let ty = items.first().map_or(Base::Text.into(), |item| item.ty.without_modifier());
        let items = items.into_iter().map(|item| Ok(freed(item)?.expr)).collect::<Result<Vec<_>>>()?;
        let data = ty.array_of().storage();
        Ok(Typed { expr: pg::call("array_of", items, data.clone()), ty: ty.array_of(), data })
    }

    /// What the last arguments are if they are left out.
    pub(super) fn defaults(&mut self, function: &'static Function, count: usize) -> Result<Vec<Typed>> {
        let sql = format!("SELECT {}", function.default_values);
        let query = crate::parse::grammar_of(&sql).ok_or_else(|| not_yet("the defaults of this function"))?;
        let skipped = query.target_list.len().saturating_sub(count);
        let first = function.arguments.len() - count;
        let mut values = Vec::with_capacity(count);
        for (node, want) in query.target_list.iter().skip(skipped).zip(&function.arguments[first..]) {
            let NodeEnum::ResTarget(target) = inner(Some(node))? else { return Err(not_yet("this default")) };
            let value = self.expr(inner(target.val.as_deref())?, &Scope::default())?;
            values.push(self.coerce(value, *want, Coercion::Implicit, -1)?);
        }
        Ok(values)
    }

    fn argument<'q>(&mut self, node: &'q Node, scope: &Scope<'_>) -> Result<Argument<'q>> {
        let node = inner(Some(node))?;
        let (name, value) = match node {
            NodeEnum::NamedArgExpr(named) => (Some(named.name.as_str()), inner(named.arg.as_deref())?),
            value => (None, value),
        };
        Ok(Argument { name, typed: self.expr(value, scope)?, location: super::expr::location(value) })
    }

    /// `f(a, VARIADIC array)`: the items are the rest of the arguments.
    fn resolved_variadic<'q>(
        &mut self,
        functions: &'static [Function],
        node: &'q FuncCall,
        arguments: Vec<Argument<'_>>,
    ) -> Result<Call<'q>> {
        let variadic = functions.iter().find(|f| f.is_variadic && f.arguments.len() == arguments.len());
        let types: Vec<PgType> = arguments.iter().map(|argument| argument.typed.ty.without_modifier()).collect();
        let Some(function) = variadic else {
            return Err(self.no_function(node, &types, Undecided::None));
        };
        if let Some(last) = arguments.last()
            && !last.typed.ty.is_array
            && function.arguments.last().is_some_and(|want| want.is(Base::Any))
        {
            let message = "VARIADIC argument must be an array".to_owned();
            return Err(PlanError::Mismatch { message, position: self.position(last.location) });
        }
        let mut converted = Vec::with_capacity(arguments.len());
        for (argument, want) in arguments.into_iter().zip(&function.arguments) {
            let want = if want.base.is_polymorphic() { argument.typed.ty } else { *want };
            converted.push(self.coerce(argument.typed, want, Coercion::Implicit, argument.location)?);
        }
        Ok(Call { node, function, arguments: converted, result: function.result })
    }

    pub(super) fn no_function(&self, node: &FuncCall, types: &[PgType], why: Undecided) -> PlanError {
        if why == Undecided::Undetermined {
            let message = "could not determine polymorphic type because input has type unknown".to_owned();
            return PlanError::Mismatch { message, position: None };
        }
        if types.iter().any(|ty| ty.base == Base::Opaque) {
            return not_yet("a function of this type");
        }
        let shown = node.args.iter().map(Some).chain(std::iter::repeat(None)).zip(types).map(|(argument, ty)| {
            match argument.and_then(|argument| argument.node.as_ref()) {
                Some(NodeEnum::NamedArgExpr(named)) => format!("{} => {ty}", named.name),
                _ => ty.to_string(),
            }
        });
        let names = parts(&node.funcname).unwrap_or_default();
        let name = format!("{}({})", names.join("."), shown.collect::<Vec<_>>().join(", "));
        let position = self.position(node.location);
        PlanError::UndefinedFunction { name, is_ambiguous: why == Undecided::Several, position }
    }

    /// `int4('5')`: a type's name calls for a conversion.
    fn cast_by_name(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let ([argument], Some(to)) = (node.args.as_slice(), PgType::named(name)) else { return Ok(None) };
        if node.over.is_some() || node.agg_star || node.func_variadic || node.agg_distinct || node.agg_filter.is_some()
        {
            return Ok(None);
        }
        let argument = self.argument(argument, scope)?;
        let from = argument.typed.ty;
        let has_exact = catalog::functions(name).iter().any(|f| f.arguments.len() == 1 && f.arguments[0].same(from));
        let converts = from.is(Base::Unknown)
            || matches!(catalog::cast(from, to, Coercion::Explicit), Some(catalog::Cast::Same | catalog::Cast::Text));
        match argument.name.is_none() && !has_exact && converts {
            true => Ok(Some(self.coerce(argument.typed, to, Coercion::Explicit, argument.location)?)),
            false => Ok(None),
        }
    }

    /// What only aggregates and window functions may have beside their arguments.
    pub(super) fn only_scalar(&self, node: &FuncCall, name: &str) -> Result<()> {
        let position = self.position(node.location);
        let wrong = |message: String| Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, position));
        match () {
            () if node.agg_star => wrong(format!("{name}(*) specified, but {name} is not an aggregate function")),
            () if node.agg_distinct => wrong(format!("DISTINCT specified, but {name} is not an aggregate function")),
            () if node.agg_within_group => {
                wrong(format!("WITHIN GROUP specified, but {name} is not an aggregate function"))
            }
            () if !node.agg_order.is_empty() => {
                wrong(format!("ORDER BY specified, but {name} is not an aggregate function"))
            }
            () if node.agg_filter.is_some() => {
                wrong(format!("FILTER specified, but {name} is not an aggregate function"))
            }
            () if node.over.is_some() => {
                wrong(format!("OVER specified, but {name} is not a window function nor an aggregate function"))
            }
            () => Ok(()),
        }
    }

    /// The engine's function of a name.
    pub(super) fn engine_function(&self, name: &str, arguments: Vec<Expr>) -> Result<Expr> {
        let function = self.runtime.state.scalar_functions().get(name);
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        Ok(Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments)))
    }
}
