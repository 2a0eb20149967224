//! `binnc simulate`: a generator's data as files.

use super::args::{Effects, Generator, Simulate, Variant};
use super::print::{Console, cannot_write};
use super::{Diagnostics, Failed};
use crate::data::simulate::{shoot_branching, write_files};
use crate::io::World;
use crate::language::spec::{SimulateEffects, SimulateOptions, SimulateVariant};

pub(super) fn run(command: &Simulate, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let Generator::ShootBranching = command.what;
    let simulated = shoot_branching(&options(command)).map_err(Diagnostics::from)?;
    let failed = |why: std::io::Error| Diagnostics::from(cannot_write(&command.out, &why));
    world.create_folder(&command.out).map_err(failed)?;
    let written = write_files(world, &command.out, &simulated).map_err(failed)?;
    for path in written {
        console.result(&format!("{}\n", path.display()));
    }
    Ok(0)
}

fn options(command: &Simulate) -> SimulateOptions {
    SimulateOptions {
        variant: match command.variant {
            Variant::Narrow => SimulateVariant::Narrow,
            Variant::Free => SimulateVariant::Free,
        },
        samples: command.n,
        markers: command.markers,
        seed: command.seed,
        effects: match command.effects {
            Effects::Equal => SimulateEffects::Equal,
            Effects::Normal => SimulateEffects::Normal,
            Effects::Random => SimulateEffects::Random,
        },
        metabolite_noise: command.metabolite_noise,
        trait_noise: command.trait_noise,
        measured: command.measured,
    }
}
