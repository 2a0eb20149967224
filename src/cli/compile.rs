//! `binnc compile SPEC`: the plan and what it costs, without a genotype call.

use super::args::{Compile, Emit};
use super::load::{self, Loaded, Opened};
use super::machine::Threads;
use super::print::{Console, cannot_write};
use super::review::{Asked, afresh, review};
use super::{Diagnostics, Failed, emit, error};
use crate::compiler::plan::Cost;
use crate::engine::pace::Pace;
use crate::engine::train::team_size;
use crate::io::World;
use crate::language::source::{Sources, Span};
use crate::language::spec::digest::canonical;
use crate::language::spec::{Spec, Via, unseeded};
use std::time::Duration;

/// How long kernels are timed.
const TIMED: Duration = Duration::from_millis(900);

pub(super) fn run(command: &Compile, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let path = &command.input.spec;
    let Opened { sources, file, spec, mut found, .. } =
        load::open_in(world, path, command.input.root.as_deref(), &command.input.set)?;
    if command.emit == Some(Emit::Ast) && !found.has_errors() {
        console.report(&found, &sources);
        console.result(&format!("{file:#?}\n"));
        return Ok(0);
    }
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    if command.emit == Some(Emit::Spec) {
        console.report(&found, &sources);
        console.result(&canonical(&spec));
        return Ok(0);
    }
    let shows_graph = command.output.is_some() || command.emit.is_some();
    if let (Some(span), true) = (learning(&spec), shows_graph) {
        found.push(error::learnt_by_fold(span));
        return Err(Failed { found, sources });
    }
    if command.input.reproducible {
        found.extend(unseeded(&spec));
    }
    let root = load::data_root(command.input.data_root.as_deref(), path);
    let cache = load::cache_folder(command.caching.cache.as_deref(), command.caching.no_cache, &root);
    let asked = Asked { path, root: &root, locked: command.locked, digests: true, cache: cache.as_deref() };
    let (reviewed, loaded) = if command.output.is_none() && command.emit.is_none() {
        (review(world, spec, &sources, asked), None)
    } else {
        afresh(world, spec, asked)
    };
    found.extend(reviewed.found);
    let (Some(built), false) = (reviewed.built, found.has_errors()) else {
        return Err(Failed { found, sources });
    };
    console.report(&found, &sources);
    reviewed.cache_notes.iter().for_each(|note| console.say(note));
    if let Some(loaded) = loaded {
        show(command, &loaded, world, console)?;
    }
    if command.emit.is_none() {
        console.result(&built.told());
        if command.timing {
            console.result(&timing(&built.forecast.own, world, console));
        }
    }
    Ok(0)
}

/// Where the spec says that links or nodes are learnt.
fn learning(spec: &Spec) -> Option<Span> {
    let links = spec.links.iter().find_map(|link| match &link.via {
        Via::Eqtl(eqtl) => Some(eqtl.span),
        _ => None,
    });
    links.or_else(|| spec.layers.iter().find_map(|layer| Some(layer.select.as_ref()?.span)))
}

/// How long a step is expected to take on this machine.
fn timing(cost: &Cost, world: &dyn World, console: &Console) -> String {
    let (threads, unclear) = Threads::of(None, world);
    if let Some(unclear) = unclear {
        console.report(&unclear.into(), &Sources::default());
    }
    let one = Pace::measured(cost.batch, TIMED).step_seconds(cost);
    let team = team_size(cost.forward() * cost.batch, threads.count);
    let shared = if team > 1 {
        format!(", {:.1} where a fit is alone on {team} threads", 1e6 * one / team as f64)
    } else {
        String::new()
    };
    format!(
        "time          {:.1} µs expected a step of {} samples on one thread{shared}\n",
        1e6 * one,
        cost.batch
    )
}

/// Writes the plan and prints the stage that was asked for.
fn show(command: &Compile, loaded: &Loaded, world: &dyn World, console: &Console) -> Result<(), Failed> {
    if let Some(output) = &command.output {
        let text = emit::plan(loaded).map_err(|why| Diagnostics::from(cannot_write(output, &why.into())))?;
        world.write(output, text.as_bytes()).map_err(|why| Diagnostics::from(cannot_write(output, &why)))?;
        console.say(&format!("plan written to {}", output.display()));
    }
    let text = match command.emit {
        Some(Emit::Graph) => emit::graph(loaded),
        Some(Emit::Plan) => emit::plan(loaded)
            .map_err(|why| Diagnostics::from(cannot_write(&command.input.spec, &why.into())))?,
        Some(Emit::Layout) => emit::layout(loaded),
        Some(Emit::Dot) => emit::dot(loaded),
        Some(Emit::Mermaid) => emit::mermaid(loaded),
        Some(Emit::Ast | Emit::Spec) | None => return Ok(()),
    };
    console.result(&text);
    Ok(())
}
