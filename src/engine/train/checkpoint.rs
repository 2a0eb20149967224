//! A fit between two steps, or at its end, as bytes.
//!
//! A fit that goes on from its state ends with the same bits as one that was never stopped. The
//! bytes are safetensors: parameters and moments (float32), losses and time (float64), counts
//! (uint64). Whether they are whole is for their keeper to tell.

use super::fit::{Epoch, Fitted};
use super::objective::Terms;
use super::took::Took;
use super::trainer::Done;
use crate::engine::network::Parameters;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::BTreeMap;

/// What is kept of a fit.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// It was stopped between two steps.
    Underway(Box<State>),
    /// It is over.
    Finished(Box<Fitted>),
}

/// A fit between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The network and its optimizer.
    pub moving: Moving,
    /// The epoch under way, from 1.
    pub epoch: usize,
    /// How far it has come.
    pub done: Done,
    /// Epochs that are over.
    pub history: Vec<Epoch>,
    /// The best of them so far.
    pub best: Best,
    /// What it took so far.
    pub took: Took,
}

/// What a step moves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moving {
    /// The network.
    pub parameters: Parameters<f32>,
    /// Velocities, or first moments.
    pub first: Parameters<f32>,
    /// Second moments.
    pub second: Parameters<f32>,
    /// β1 and β2 to the power of the number of steps.
    pub powers: [f64; 2],
    /// Steps done in all epochs.
    pub steps: u64,
}

/// The epoch of least validation loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Its number; 0 before the first.
    pub epoch: usize,
    /// Its loss; infinite before the first.
    pub loss: f64,
    /// The network after it.
    pub parameters: Option<Parameters<f32>>,
}

impl Best {
    pub(super) fn none() -> Self {
        Self { epoch: 0, loss: f64::INFINITY, parameters: None }
    }

    pub(super) fn keep(&mut self, epoch: usize, loss: f64, parameters: &Parameters<f32>) {
        (self.epoch, self.loss) = (epoch, loss);
        match &mut self.parameters {
            Some(kept) => {
                kept.weights.copy_from_slice(&parameters.weights);
                kept.biases.copy_from_slice(&parameters.biases);
                kept.state.copy_from_slice(&parameters.state);
            }
            None => self.parameters = Some(parameters.clone()),
        }
    }
}

/// Numbers of an epoch in the tensor `history`.
const OF_EPOCH: usize = 5;

impl Kept {
    /// The bytes of [`Self::from_bytes`].
    ///
    /// # Panics
    /// Never: shapes and names are of our own making.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors = Tensors::default();
        match self {
            Self::Underway(state) => tensors.state(state),
            Self::Finished(fitted) => tensors.fitted(fitted),
        }
        tensors.serialized()
    }

    /// What was kept; `None` where the bytes are not those of [`Self::to_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let tensors = Read(SafeTensors::deserialize(bytes).ok()?);
        let counts: [u64; 10] = tensors.values::<u64>("counts", Dtype::U64)?.try_into().ok()?;
        let numbers: [f64; 8] = tensors.values::<f64>("numbers", Dtype::F64)?.try_into().ok()?;
        let [finished, epoch, batches, steps, best_epoch, has_best, epochs, of_took, samples, threads] =
            counts;
        let [beta1, beta2, traits, supervision, penalty, best_loss, in_steps, seconds] = numbers;
        let count = |value: u64| usize::try_from(value).ok();
        let took = Took {
            epochs: count(epochs)?,
            steps: of_took,
            samples,
            threads: count(threads)?,
            in_steps,
            seconds,
        };
        let (parameters, history) = (tensors.parameters("now")?, tensors.history()?);
        if finished == 1 {
            let best_epoch = count(best_epoch)?;
            return Some(Self::Finished(Box::new(Fitted { parameters, best_epoch, history, took })));
        }
        let (first, second) = (tensors.parameters("first")?, tensors.parameters("second")?);
        let best = if has_best == 1 { Some(tensors.parameters("best")?) } else { None };
        Some(Self::Underway(Box::new(State {
            moving: Moving { parameters, first, second, powers: [beta1, beta2], steps },
            epoch: count(epoch)?,
            done: Done { batches: count(batches)?, losses: Terms { traits, supervision, penalty } },
            history,
            best: Best { epoch: count(best_epoch)?, loss: best_loss, parameters: best },
            took,
        })))
    }
}

#[derive(Default)]
struct Tensors(BTreeMap<String, (Dtype, Vec<u8>)>);

impl Tensors {
    fn state(&mut self, state: &State) {
        let State { moving, epoch, done: Done { batches, losses }, history, best, took } = state;
        self.parameters("now", &moving.parameters);
        self.parameters("first", &moving.first);
        self.parameters("second", &moving.second);
        if let Some(parameters) = &best.parameters {
            self.parameters("best", parameters);
        }
        let place = [0, *epoch as u64, *batches as u64, moving.steps, best.epoch as u64];
        self.counts(place, best.parameters.is_some(), took);
        let Terms { traits, supervision, penalty } = *losses;
        let [beta1, beta2] = moving.powers;
        self.numbers([beta1, beta2, traits, supervision, penalty, best.loss], took);
        self.history(history);
    }

    fn fitted(&mut self, fitted: &Fitted) {
        let Fitted { parameters, best_epoch, history, took } = fitted;
        self.parameters("now", parameters);
        self.counts([1, 0, 0, 0, *best_epoch as u64], false, took);
        self.numbers([0.0; 6], took);
        self.history(history);
    }

    fn counts(&mut self, place: [u64; 5], has_best: bool, took: &Took) {
        let Took { epochs, steps, samples, threads, .. } = *took;
        let [finished, epoch, batches, moved, best] = place;
        let counts = [
            finished,
            epoch,
            batches,
            moved,
            best,
            u64::from(has_best),
            epochs as u64,
            steps,
            samples,
            threads as u64,
        ];
        self.add("counts", Dtype::U64, &counts);
    }

    fn numbers(&mut self, first: [f64; 6], took: &Took) {
        let numbers: Vec<f64> = first.into_iter().chain([took.in_steps, took.seconds]).collect();
        self.add("numbers", Dtype::F64, &numbers);
    }

    fn history(&mut self, history: &[Epoch]) {
        let numbers = history.iter().flat_map(|epoch| {
            let Terms { traits, supervision, penalty } = epoch.train;
            [epoch.epoch as f64, traits, supervision, penalty, epoch.validation.unwrap_or(f64::NAN)]
        });
        self.add("history", Dtype::F64, &numbers.collect::<Vec<f64>>());
    }

    fn parameters(&mut self, which: &str, parameters: &Parameters<f32>) {
        self.add(&format!("{which}.weights"), Dtype::F32, &parameters.weights);
        self.add(&format!("{which}.biases"), Dtype::F32, &parameters.biases);
        self.add(&format!("{which}.state"), Dtype::F32, &parameters.state);
    }

    fn add<T: bytemuck::NoUninit>(&mut self, name: &str, dtype: Dtype, values: &[T]) {
        self.0.insert(name.to_string(), (dtype, bytemuck::cast_slice(values).to_vec()));
    }

    fn serialized(&self) -> Vec<u8> {
        let views = self.0.iter().map(|(name, (dtype, bytes))| {
            let width = dtype.bitsize() / 8;
            let view = TensorView::new(*dtype, vec![bytes.len() / width], bytes);
            (name.as_str(), view.expect("as many bytes as the shape says"))
        });
        serialize(views, None).expect("tensors of one dimension")
    }
}

struct Read<'a>(SafeTensors<'a>);

impl Read<'_> {
    fn values<T: bytemuck::AnyBitPattern>(&self, name: &str, dtype: Dtype) -> Option<Vec<T>> {
        let tensor = self.0.tensor(name).ok().filter(|tensor| tensor.dtype() == dtype)?;
        let width = std::mem::size_of::<T>();
        Some(tensor.data().chunks_exact(width).map(bytemuck::pod_read_unaligned).collect())
    }

    fn parameters(&self, which: &str) -> Option<Parameters<f32>> {
        let values = |what: &str| self.values(&format!("{which}.{what}"), Dtype::F32);
        Some(Parameters { weights: values("weights")?, biases: values("biases")?, state: values("state")? })
    }

    fn history(&self) -> Option<Vec<Epoch>> {
        let numbers: Vec<f64> = self.values("history", Dtype::F64)?;
        let epoch = |numbers: &[f64]| Epoch {
            epoch: numbers[0] as usize,
            train: Terms { traits: numbers[1], supervision: numbers[2], penalty: numbers[3] },
            validation: Some(numbers[4]).filter(|loss| !loss.is_nan()),
        };
        let whole = numbers.len().is_multiple_of(OF_EPOCH);
        whole.then(|| numbers.chunks_exact(OF_EPOCH).map(epoch).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(from: f32) -> Parameters<f32> {
        Parameters { weights: vec![from, -0.0, f32::MIN_POSITIVE], biases: vec![from * 2.0], state: vec![] }
    }

    fn kept() -> [Kept; 3] {
        let epoch = |epoch, validation| Epoch {
            epoch,
            train: Terms { traits: 0.1 + 0.2, supervision: 1e-300, penalty: 0.0 },
            validation,
        };
        let took = Took { epochs: 2, steps: 7, samples: 70, threads: 2, in_steps: 0.5, seconds: 0.75 };
        let history = vec![epoch(1, Some(0.7)), epoch(2, None)];
        let best = Best { epoch: 1, loss: 0.7, parameters: Some(parameters(3.0)) };
        let moving = Moving {
            parameters: parameters(1.0),
            first: parameters(2.0),
            second: Parameters::default(),
            powers: [0.9 * 0.9, 0.999],
            steps: 9,
        };
        let done = Done { batches: 2, losses: Terms { traits: 0.3, supervision: 0.2, penalty: 0.1 } };
        let state = State { moving, epoch: 3, done, history: history.clone(), best, took };
        let at_start = State { best: Best::none(), history: Vec::new(), ..state.clone() };
        let fitted = Fitted { parameters: parameters(5.0), best_epoch: 1, history, took };
        [
            Kept::Underway(Box::new(state)),
            Kept::Underway(Box::new(at_start)),
            Kept::Finished(Box::new(fitted)),
        ]
    }

    #[test]
    fn what_is_kept_comes_back() {
        for kept in kept() {
            let bytes = kept.to_bytes();
            assert_eq!(Kept::from_bytes(&bytes), Some(kept));
        }
    }

    #[test]
    fn other_bytes_are_nothing() {
        for kept in kept() {
            let bytes = kept.to_bytes();
            assert_eq!(Kept::from_bytes(&bytes[..bytes.len() - 1]), None);
            assert_eq!(Kept::from_bytes(&bytes[1..]), None);
        }
        assert_eq!(Kept::from_bytes(b""), None);
    }
}
