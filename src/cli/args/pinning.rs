//! Which instruction set a network runs on.

use crate::kernel::isa::Isa;
use clap::Args;

#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Pinning {
    /// Run the network on one instruction set, and without `gemm`: scalar, avx2 or avx512. Its own
    /// arithmetic is then the same on every machine [default: the widest here].
    #[arg(long, value_name = "SET", value_parser = instruction_set)]
    pub(in crate::cli) isa: Option<Isa>,
}

impl Pinning {
    /// Pins the set, before anything else runs on one.
    pub(in crate::cli) fn apply(&self) {
        if let Some(isa) = self.isa {
            assert!(isa.pin(), "a set is pinned before any other is in use");
        }
    }
}

fn instruction_set(name: &str) -> Result<Isa, String> {
    let isa = Isa::ALL.into_iter().find(|isa| isa.name() == name);
    let isa = isa.ok_or("give `scalar`, `avx2` or `avx512`")?;
    if isa.is_here() { Ok(isa) } else { Err(format!("this machine does not have {name}")) }
}
