//! A fit that is stopped and goes on, against one that is never stopped: the same bits.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use binnc::engine::train::checkpoint::Kept;
use binnc::engine::train::{Epoch, FitOptions, Fitted, Split, Took, Unwatched, Watch, fit};
use binnc::language::diagnostics::{Code, Diagnostic};

use crate::fused::{ADAM, Data, SAMPLES, SGD, network, options};

/// Stops a fit after so many steps, and holds what was kept of it, as bytes.
struct Stopping {
    after: usize,
    looked: AtomicUsize,
    bytes: Mutex<Option<Vec<u8>>>,
}

impl Stopping {
    fn after(after: usize, bytes: Option<Vec<u8>>) -> Self {
        Self { after, looked: AtomicUsize::new(0), bytes: Mutex::new(bytes) }
    }
}

impl Watch for Stopping {
    fn epoch(&self, _: &Epoch) {}

    fn cancelled(&self) -> bool {
        self.looked.fetch_add(1, Ordering::Relaxed) > self.after
    }

    fn kept(&self) -> Result<Option<Kept>, Diagnostic> {
        let bytes = self.bytes.lock().expect("no panic before");
        Ok(bytes.as_deref().map(|bytes| Kept::from_bytes(bytes).expect("what was kept")))
    }

    fn keep(&self, state: &dyn Fn() -> Kept) -> Result<(), Diagnostic> {
        *self.bytes.lock().expect("no panic before") = Some(state().to_bytes());
        Ok(())
    }
}

fn without_time(fitted: Fitted) -> Fitted {
    let took = Took { in_steps: 0.0, seconds: 0.0, threads: 0, ..fitted.took };
    Fitted { took, ..fitted }
}

/// Fits in pieces of so many steps; gives the fit and the number of pieces.
fn in_pieces(data: &Data, options: &FitOptions, split: &Split<'_>, steps: usize) -> (Fitted, usize) {
    let plan = network();
    let inputs = data.inputs(&plan);
    let mut bytes = None;
    for piece in 1..1000 {
        let watch = Stopping::after(steps, bytes);
        // Results do not depend on threads, so a fit may go on with others.
        let options = options.on_threads(1 + piece % 3);
        match fit(&plan, &inputs, &data.targets, split, &options, &watch) {
            Ok(fitted) => return (without_time(fitted), piece),
            Err(stopped) => assert_eq!(stopped.code, Code::E0905),
        }
        bytes = watch.bytes.into_inner().expect("no panic before");
        assert!(bytes.is_some(), "a fit that stops is kept");
    }
    panic!("a fit in pieces of {steps} steps does not end");
}

#[test]
fn a_stopped_fit_goes_on_to_the_same_bits() {
    let (plan, data) = (network(), Data::new());
    let inputs = data.inputs(&plan);
    let rows: Vec<u32> = (0..SAMPLES as u32).collect();
    let (train, validation) = rows.split_at(180);
    let mut pieces = Vec::new();
    for (rule, batch, patience) in [(ADAM, 50, None), (ADAM, 64, Some(2)), (SGD, 180, None)] {
        let options = FitOptions { patience, epochs: 6, ..options(rule, batch) };
        let split = Split { fit: train, validation };
        let whole = fit(&plan, &inputs, &data.targets, &split, &options, &Unwatched).expect("fits");
        let whole = without_time(whole);
        for steps in [1, 2, 5] {
            let (found, count) = in_pieces(&data, &options, &split, steps);
            assert_eq!(found.took, whole.took);
            assert_eq!(found.history, whole.history, "{rule:?}, batches of {batch}, {steps} steps at once");
            assert!(found == whole, "{rule:?}, batches of {batch}, {steps} steps at once");
            pieces.push(count);
        }
    }
    assert!(pieces.iter().all(|count| *count > 1), "every fit was stopped: {pieces:?}");
    assert!(pieces.iter().max() > Some(&15), "and some after every step: {pieces:?}");
}

#[test]
fn a_fit_that_is_over_is_not_repeated() {
    let (plan, data) = (network(), Data::new());
    let inputs = data.inputs(&plan);
    let rows: Vec<u32> = (0..SAMPLES as u32).collect();
    let split = Split { fit: &rows, validation: &[] };
    let options = options(ADAM, 64);
    let watch = Stopping::after(1000, None);
    let first = fit(&plan, &inputs, &data.targets, &split, &options, &watch).expect("fits");
    let looked = watch.looked.load(Ordering::Relaxed);
    let second = fit(&plan, &inputs, &data.targets, &split, &options, &watch).expect("is over");
    assert_eq!(first, second, "with the time that it took");
    assert_eq!(watch.looked.load(Ordering::Relaxed), looked + 1, "nobody steps again");
}
