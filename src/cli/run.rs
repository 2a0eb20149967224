//! `binnc run SPEC`: compile, train by fold beside the baselines, fit, write the run folder.

use super::args::Run;
use super::figures::Figures;
use super::load::{self, Depth, Loaded, Opened};
use super::lock::{Asked, verify};
use super::machine::{self, Allowed, Held, Threads};
use super::print::Console;
use super::progress::{Interrupt, Reporter};
use super::report;
use super::review::{Built, forecast};
use super::run_folder::{self, Left, Record, Store};
use super::{Diagnostics, Failed};
use crate::engine::train::error::more_parameters_than_samples;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Spec, unseeded};
use crate::study::derive::concrete::learns;
use crate::study::evaluate::{self, Crew, Outcome, compared_by};
use crate::study::explain::{DEVIATIONS, agreement};
use crate::study::report::{Summary, curve, differences_table, ranking_table, summarise};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Parameters a sample from which W0507 is worth saying.
const MANY_PARAMETERS: usize = 10;
/// Seconds before the first fit that somebody should know of.
const LONG_DECOMPOSITION: f64 = 60.0;
/// Nodes that a run ends with, over the layers of a trait, and at least of each.
const SHOWN: usize = 20;
const FEWEST_SHOWN: usize = 3;

pub(super) fn run(
    command: &Run,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    let started = Instant::now();
    command.how.pinning.apply();
    let path = &command.how.input.spec;
    let Opened { sources, spec, mut found, input, .. } =
        load::open_in(world, path, command.how.input.root.as_deref(), &command.how.input.set)?;
    let Some(mut spec) = spec else { return Err(Failed { found, sources }) };
    let root = load::data_root(command.how.input.data_root.as_deref(), path);
    let caching = &command.how.caching;
    let cache = load::cache_folder(caching.cache.as_deref(), caching.no_cache, &root);
    let verified = verify(world, &spec, path, &root, Asked { locked: command.how.locked, files: true });
    found.extend(verified.found.clone());
    if command.how.input.reproducible {
        found.extend(unseeded(&spec));
    }
    if let Some(seed) = command.how.seed {
        spec.train.seed = seed;
    }
    let loaded = match load::load_cached(world, spec, &root, Depth::Calls, cache.as_deref()) {
        Ok((loaded, said)) => {
            found.extend(said);
            loaded.cache_notes.iter().for_each(|note| console.say(note));
            // A seed given on the command line is no part of the graph.
            found.extend(verified.graph(&loaded));
            loaded
        }
        Err(said) => {
            found.extend(said);
            return Err(Failed { found, sources });
        }
    };
    if found.has_errors() {
        return Err(Failed { found, sources });
    }
    let out = command.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(&loaded.spec.model.value));
    let (threads, unclear) = Threads::of(command.how.threads, world);
    found.extend(unclear);
    let mut record = Record::new(&loaded, input.as_ref(), overrides(command, command.nulls), &threads);
    if command.nulls.is_some() {
        found.extend(evaluate::check_nulls(&loaded.spec, &loaded.plan).err());
        if found.has_errors() {
            return Err(Failed { found, sources });
        }
    }
    let Some(_held) = run_folder::take(world, &out, &record, command.how.force)? else {
        return complete(world, &out, &record, console);
    };
    console.say(&Built::of(&loaded, true).told());
    console.say(&coverage_table(&loaded));
    found.extend(warnings(&loaded));
    let allowed = Allowed::of(command.how.memory, world);
    let forecast = match Held::of(world) {
        Some(held) => forecast(&loaded).with_held(held.now, held.most),
        None => forecast(&loaded),
    };
    let forecast = match command.nulls {
        Some(_) => forecast.with_nulls(loaded.cohort.samples.len()),
        None => forecast,
    };
    let crew = match machine::crew(&forecast, threads.count, allowed.as_ref()) {
        Ok((crew, little)) => {
            found.extend(little);
            crew
        }
        Err(over) => {
            found.push(over);
            return Err(Failed { found, sources });
        }
    };
    console.report(&found, &sources);
    let learnt = learns(&loaded.spec);
    let mut figures = Figures::expected(&forecast, &crew, allowed.as_ref(), loaded.imported_in, learnt);
    console.say(&figures.outlook());
    if forecast.decomposition_seconds() > LONG_DECOMPOSITION {
        console.say(&decomposing(forecast.decomposed, forecast.decomposition_seconds()));
    }
    run_folder::forget_other(world, &out, &record)?;
    let interval = command.how.checkpoint_every;
    let (store, left) = Store::open(world, &out, &record, interval, interrupt.checkpoint(), console)?;
    going_on(left).iter().for_each(|said| console.say(said));
    let reporter = Reporter::new(console, interrupt, &store);
    let mut outcome = match evaluate(&loaded, &threads, &crew, &reporter) {
        Ok(outcome) => outcome,
        Err(mut found) => {
            found.extend(store.stopped(&found).err());
            return Err(Failed { found, sources });
        }
    };
    console.report(&outcome.found, &sources);
    found.extend(outcome.found.clone());
    figures.measured(&outcome);
    if let Some(replicates) = command.nulls {
        // A run that is whole without them stands before they are tried.
        let mut plain = Record::new(&loaded, input.as_ref(), overrides(command, None), &threads);
        plain.finish(started.elapsed(), figures.clone(), &found);
        // From now on a run stands here that is not this one.
        store.flush()?;
        run_folder::write(world, &out, &loaded, &outcome, &mut plain)?;
        if let Err(mut why) =
            judge(&mut outcome, replicates, &loaded, (&threads, &crew), (console, &reporter))
        {
            why.extend(store.flush().err());
            console.say(&format!("{}: complete, without p and q", out.display()));
            return Err(Failed { found: why, sources });
        }
    }
    record.finish(started.elapsed(), figures, &found);
    store.flush()?;
    run_folder::write(world, &out, &loaded, &outcome, &mut record)?;
    store.remove()?;
    console.result(&results(&loaded, &outcome));
    console.result(&importance(&loaded, &outcome));
    console.say(&format!("\nrun folder {}, {:.1} s", out.display(), started.elapsed().as_secs_f64()));
    let signs = report::write(world, &out)?;
    console.say(&format!("report {}", out.join(report::PAGE).display()));
    match signs {
        0 => {}
        1 => console.say(&format!("1 sign of trouble: `binnc diagnose {}` names it", out.display())),
        some => {
            console.say(&format!("{some} signs of trouble: `binnc diagnose {}` names them", out.display()))
        }
    }
    Ok(0)
}

/// Says that nothing is left to do, and does what may be left of it.
fn complete(world: &dyn World, out: &Path, record: &Record, console: &Console) -> Result<u8, Failed> {
    run_folder::finished(world, out)?;
    run_folder::clear_up(world, out, record);
    if !world.exists(&out.join(report::PAGE)) {
        report::write(world, out)?;
    }
    console.say(&format!("{}: already complete; `--force` runs it again", out.display()));
    Ok(0)
}

/// What an earlier process left of the same run.
fn going_on(left: Left) -> Option<String> {
    let networks = |count: usize| if count == 1 { "1 network".into() } else { format!("{count} networks") };
    let Left { finished, under_way } = left;
    (left != Left::default()).then(|| {
        format!(
            "going on with a run that was cut off: {} trained, {} under way",
            networks(finished),
            networks(under_way)
        )
    })
}

/// What takes long before the first network is fitted, and how to do without.
fn decomposing(samples: usize, seconds: f64) -> String {
    let minutes = seconds / 60.0;
    let time =
        if minutes < 90.0 { format!("{minutes:.0} minutes") } else { format!("{:.0} hours", minutes / 60.0) };
    format!(
        "first, relationships of {samples} samples are decomposed for GBLUP and what rests on it, some {time} on a core for \
         each fold;\n`baselines = []` leaves it out where nothing else needs it (fixed effects, `polygenic = gblup`, `--nulls`)"
    )
}

fn evaluate(
    loaded: &Loaded,
    threads: &Threads,
    crew: &Crew,
    reporter: &Reporter<'_>,
) -> Result<Outcome, Diagnostics> {
    let (spec, study) = (&loaded.spec, loaded.study());
    let pool = threads.start()?;
    let outcome = pool.install(|| evaluate::run(&study, crew, reporter));
    reporter.clear();
    let mut outcome = outcome?;
    outcome.found = spec.accept(std::mem::take(&mut outcome.found));
    Ok(outcome)
}

/// Gives importances their p and q.
fn judge(
    outcome: &mut Outcome,
    replicates: u64,
    loaded: &Loaded,
    (threads, crew): (&Threads, &Crew),
    (console, reporter): (&Console, &Reporter<'_>),
) -> Result<(), Diagnostics> {
    if outcome.importance.is_empty() {
        console.say("nothing to judge under a null: no fold tests enough individuals to clamp a node");
        return Ok(());
    }
    console.say(&format!("\nimportances under a null: the trait drawn from GBLUP {replicates} times"));
    let study = loaded.study();
    let pool = threads.start()?;
    let nulls = pool.install(|| evaluate::nulls(&study, &outcome.folds, replicates as usize, crew, reporter));
    reporter.clear();
    outcome.judge_by(&nulls?);
    Ok(())
}

/// What the command line says otherwise than the spec.
fn overrides(command: &Run, nulls: Option<u64>) -> Vec<(String, String)> {
    let seed = command.how.seed.map(|seed| ("seed".to_string(), seed.to_string()));
    let set = command.how.input.set.iter().map(|one| (format!("let {}", one.name), one.value.clone()));
    let nulls = nulls.map(|nulls| (run_folder::NULLS.to_string(), nulls.to_string()));
    seed.into_iter().chain(nulls).chain(set).collect()
}

fn warnings(loaded: &Loaded) -> Option<Diagnostic> {
    let (parameters, samples) = (loaded.summary.parameters, loaded.cohort.individual_count());
    // Of links that are learnt, only the largest number is known.
    let known = !learns(&loaded.spec);
    (known && parameters > MANY_PARAMETERS * samples)
        .then(|| more_parameters_than_samples(parameters, samples))
}

/// Every join with its counts, before anything is trained.
fn coverage_table(loaded: &Loaded) -> String {
    let mut text = String::from("joins\n");
    for join in loaded.coverage() {
        text += &format!("  {}\n", join.join);
        let sides = [
            (&join.left, join.left_matched, join.left_only, &join.left_examples),
            (&join.right, join.right_matched, join.right_only, &join.right_examples),
        ];
        for (what, matched, unmatched, examples) in sides {
            let shown =
                if examples.is_empty() { String::new() } else { format!(": {}", examples.join(", ")) };
            text += &format!("    {what}: {matched} matched, {unmatched} unmatched{shown}\n");
        }
    }
    let pruned = loaded.graph.graph().pruned.len();
    if pruned > 0 {
        text += &format!("  pruned nodes: {pruned}, listed in coverage.tsv\n");
    }
    text
}

/// The table of methods, with units beside traits.
fn results(loaded: &Loaded, outcome: &Outcome) -> String {
    let wanted = &loaded.spec.evaluate.metrics;
    if outcome.metrics.is_empty() {
        return "no folds (`evaluate none`): the final model alone was fitted\n".to_string();
    }
    let folds = outcome.folds.len();
    let units = |name: &str| unit_of(&loaded.spec, name);
    let table = Summary::table(&summarise(&outcome.metrics, wanted), wanted, &units);
    let over = if folds == 1 { "one fold".to_string() } else { format!("mean ± SD over {folds} folds") };
    let curve = wanted.first().map_or(String::new(), |metric| curve(&outcome.metrics, *metric, &units));
    let curve = if curve.is_empty() { curve } else { format!("\n{curve}") };
    let beside = differences_table(&outcome.differences, compared_by(&loaded.spec.evaluate.scheme), &units);
    let beside = if beside.is_empty() { beside } else { format!("\n{beside}") };
    format!("\n{over}\n\n{table}{beside}{curve}")
}

/// The first nodes of each layer, fewer of each where there are many layers.
fn importance(loaded: &Loaded, outcome: &Outcome) -> String {
    let all = &outcome.importance;
    if all.is_empty() {
        return String::new();
    }
    let traits = loaded.spec.trait_names();
    let layers = all.chunk_by(|one, other| one.layer == other.layer && one.at == other.at).count();
    let top = (SHOWN / layers.div_ceil(traits.len())).max(FEWEST_SHOWN);
    let agreed = agreement(&outcome.inside.clamped, top);
    let null = if all.iter().any(|one| one.q.is_nan()) {
        ""
    } else {
        "\nq: of the nodes with a q as low, the share that is expected there by relatives alone"
    };
    let measure = format!(
        "\nhow far predictions move with a node at its mean ± {DEVIATIONS} SDs, tested individuals{null}\n\n"
    );
    measure + ranking_table(all, &traits, &agreed, top).trim_end() + "\n"
}

fn unit_of(spec: &Spec, column: &str) -> Option<String> {
    let mut columns = spec.tables.iter().flat_map(|table| &table.columns);
    columns.find(|declared| declared.name.value == column).and_then(|declared| declared.unit.clone())
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_decompositions_are_told_in_minutes_and_hours() {
        let said = super::decomposing(16_000, 1440.0);
        assert!(said.contains("16000 samples") && said.contains("some 24 minutes on a core"), "{said}");
        assert!(super::decomposing(30_000, 9500.0).contains("some 3 hours on a core"));
    }
}
