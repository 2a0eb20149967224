//! Fits that outlive a run that is cut off.
//!
//! A fit is known by a digest of all that decides its result, so that what was kept of it is never
//! taken for another's.

use super::Progress;
use super::compiled::Compiled;
use super::error;
use crate::engine::model::{InputScale, Preprocessing};
use crate::engine::train::checkpoint::Kept;
use crate::engine::train::{Epoch, FitOptions, Split, Targets, Watch};
use crate::language::diagnostics::Diagnostic;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What one fit is known by: BLAKE3 over plan, scales, targets, rows and options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FitKey(pub [u8; 32]);

/// Who keeps fits.
pub trait Checkpoints: Sync {
    /// What was kept of a fit, as [`Kept::to_bytes`] made it.
    ///
    /// # Errors
    /// E0808 where something was kept and is damaged, as well as what was kept before it.
    fn kept(&self, fit: &FitKey) -> Result<Option<Vec<u8>>, Diagnostic>;

    /// How long a fit may go on before it is kept.
    fn interval(&self) -> Duration;

    /// How often somebody has asked for all to be kept at once.
    fn asked(&self) -> usize;

    /// Keeps a fit in place of what was kept of it before.
    ///
    /// # Errors
    /// E0901 where it could not be kept several times, one interval after another.
    fn keep(&self, fit: &FitKey, bytes: Vec<u8>, finished: bool) -> Result<(), Diagnostic>;
}

impl FitKey {
    pub(super) fn of(
        network: &Compiled,
        preprocessing: &Preprocessing,
        targets: &Targets,
        split: &Split<'_>,
        options: &FitOptions,
    ) -> Self {
        let mut content = Content::default();
        content.hasher.update(network.digest().as_bytes());
        content.preprocessing(preprocessing);
        content.targets(targets);
        content.numbers(split.fit);
        content.numbers(split.validation);
        let FitOptions { optimizer, epochs, batch, patience, seed, threads: _ } = options;
        // Numbers are written with all digits that tell them apart.
        content.hasher.update(format!("{optimizer:?} {epochs} {batch:?} {patience:?} {seed}").as_bytes());
        Self(*content.hasher.finalize().as_bytes())
    }
}

#[derive(Default)]
struct Content {
    hasher: blake3::Hasher,
}

impl Content {
    fn numbers<T: bytemuck::NoUninit>(&mut self, numbers: &[T]) {
        self.hasher.update(&(numbers.len() as u64).to_le_bytes());
        self.hasher.update(bytemuck::cast_slice(numbers));
    }

    fn preprocessing(&mut self, preprocessing: &Preprocessing) {
        let Preprocessing { inputs, traits, supervised } = preprocessing;
        for input in inputs {
            match input {
                InputScale::Variant(table) => self.hasher.update(bytemuck::cast_slice(table)),
                InputScale::Numeric(scale) => {
                    self.hasher.update(bytemuck::cast_slice(&[scale.mean, scale.sd]))
                }
                InputScale::Level => self.hasher.update(b"level"),
            };
        }
        for scale in traits.iter().chain(supervised).flatten() {
            self.numbers(&[scale.mean, scale.sd]);
        }
    }

    fn targets(&mut self, targets: &Targets) {
        let Targets { heads, weights, supervised } = targets;
        for target in heads.iter().flatten() {
            self.numbers(&target.values);
            self.numbers(target.offsets.as_deref().unwrap_or_default());
        }
        self.numbers(weights.as_deref().unwrap_or_default());
        supervised.iter().flatten().for_each(|latent| self.numbers(latent));
    }
}

/// One fit, with whoever looks on and keeps it.
pub(super) struct Watched<'a> {
    progress: &'a dyn Progress,
    keeper: Option<(&'a dyn Checkpoints, FitKey)>,
    /// When the fit was last kept, and how often all had been asked for by then.
    last: Mutex<(Instant, usize)>,
}

impl<'a> Watched<'a> {
    pub(super) fn new(progress: &'a dyn Progress, key: impl FnOnce() -> FitKey) -> Self {
        let keeper = progress.checkpoints().map(|keeper| (keeper, key()));
        let asked = keeper.map_or(0, |(keeper, _)| keeper.asked());
        Self { progress, keeper, last: Mutex::new((Instant::now(), asked)) }
    }
}

impl Watch for Watched<'_> {
    fn epoch(&self, _: &Epoch) {}

    fn cancelled(&self) -> bool {
        self.progress.cancelled()
    }

    fn kept(&self) -> Result<Option<Kept>, Diagnostic> {
        let Some((keeper, key)) = &self.keeper else { return Ok(None) };
        let Some(bytes) = keeper.kept(key)? else { return Ok(None) };
        Kept::from_bytes(&bytes).map(Some).ok_or_else(error::checkpoint_of_another_build)
    }

    fn is_due(&self) -> bool {
        let Some((keeper, _)) = self.keeper else { return false };
        let (since, asked) = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        keeper.asked() > asked || since.elapsed() >= keeper.interval()
    }

    fn keep(&self, state: &dyn Fn() -> Kept) -> Result<(), Diagnostic> {
        let Some((keeper, key)) = &self.keeper else { return Ok(()) };
        let (asked, state) = (keeper.asked(), state());
        keeper.keep(key, state.to_bytes(), matches!(state, Kept::Finished(_)))?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), asked);
        Ok(())
    }
}
