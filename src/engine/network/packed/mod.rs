//! Networks that run on packed calls.
//!
//! The [`Master`] holds calls span by span, and there sample by sample. Chains are run span by span: training turns the
//! way back, the update and the next batch's way forward of a few nodes into one visit, while
//! their calls, tables and weights are close. Spans belong to one thread each, and every sum
//! stays inside one node, so the number of threads changes no bit.

pub(in crate::engine) mod batch;
pub(in crate::engine) mod forward;
pub(in crate::engine) mod layout;
mod master;
mod shown;

pub use layout::Layout;
pub use master::Master;

use super::forward::{Workspace, forward_blocks};
use super::{InputData, Parameters, Pass};
use crate::compiler::plan::Plan;
use crate::kernel::isa::Isa;
use crate::kernel::packed::{CHUNK, Line};
use crate::kernel::pages::Array;
use batch::Batch;
use forward::{Bases, Net, Rows, Scratch, Slots, Visit};

/// Lines and room for running chains on one thread.
#[derive(Clone, Debug)]
pub struct Runner {
    pub(in crate::engine) lines: Array<Line>,
    scratch: Scratch,
}

impl Runner {
    /// For batches of up to `capacity` samples.
    #[must_use]
    pub fn new(inputs: &InputData<'_>, capacity: usize) -> Self {
        let lines = inputs.master().layout.lines() * capacity.div_ceil(CHUNK);
        Self { lines: Array::zeros(lines), scratch: Scratch::default() }
    }

    /// Runs `cohort_rows`, at most the workspace's capacity, through the network.
    ///
    /// # Panics
    /// When there are more rows than runner or workspace were made for, or the workspace was made
    /// for prediction and the pass is for learning.
    pub fn forward(
        &mut self,
        plan: &Plan,
        parameters: &Parameters<f32>,
        inputs: &InputData<'_>,
        cohort_rows: &[u32],
        pass: Pass,
        workspace: &mut Workspace<f32>,
    ) {
        let len = cohort_rows.len();
        assert!(len <= workspace.capacity(), "a batch fits its workspace");
        workspace.batch = len;
        if len == 0 {
            return;
        }
        let layout = &inputs.master().layout;
        inputs.fill_loose(cohort_rows, &mut workspace.activations[..plan.inputs.len() * len]);
        let batch = Batch::of(inputs, cohort_rows, pass);
        let net = Net { plan, inputs, isa: Isa::here() };
        let bases = Bases { row: plan.inputs.len(), ..Bases::default() };
        let mut rows = Rows {
            activations: &mut workspace.activations[plan.inputs.len() * len..],
            slopes: &mut workspace.slopes,
            normals: workspace.normals.all(),
            lines: &mut self.lines,
        };
        for (at, span) in layout.spans.iter().enumerate() {
            let next = layout.spans.get(at + 1);
            let visit = Visit { net, span, next, bases, batch: &batch };
            visit.forward(Slots::of(parameters), &mut rows, &mut self.scratch);
        }
        forward_blocks(plan, &plan.blocks[layout.blocks..], parameters, pass, workspace);
    }
}
