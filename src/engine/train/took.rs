//! What a fit took: steps, samples and time. Time is no part of a result.

/// Steps, samples and time of one fit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Took {
    /// Epochs run, those after the best one among them.
    pub epochs: usize,
    /// Steps of the optimizer.
    pub steps: u64,
    /// Samples that steps were made on, one counted in each epoch.
    pub samples: u64,
    /// Threads that shared the steps.
    pub threads: usize,
    /// Seconds in steps alone, by the clock.
    pub in_steps: f64,
    /// Seconds of the whole fit: first weights, steps, validation.
    pub seconds: f64,
}

impl Took {
    /// Samples a second of training, validation left out; `None` before the first step.
    #[must_use]
    pub fn samples_per_second(&self) -> Option<f64> {
        (self.in_steps > 0.0 && self.samples > 0).then(|| self.samples as f64 / self.in_steps)
    }

    /// Nanoseconds of training by the clock for each of so many edges and each sample.
    #[must_use]
    pub fn ns_per_edge(&self, edges: usize) -> Option<f64> {
        Some(1e9 / (self.samples_per_second()? * edges.max(1) as f64))
    }

    /// Seconds a step.
    #[must_use]
    pub fn step_seconds(&self) -> Option<f64> {
        (self.steps > 0).then(|| self.in_steps / self.steps as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Took;

    #[test]
    fn rates_follow_from_counts() {
        let took = Took { epochs: 4, steps: 8, samples: 400, threads: 2, in_steps: 0.2, seconds: 0.5 };
        assert_eq!(took.samples_per_second(), Some(2000.0));
        assert_eq!(took.ns_per_edge(1000), Some(500.0));
        assert_eq!(took.step_seconds(), Some(0.025));
        let nothing = Took::default();
        assert_eq!((nothing.samples_per_second(), nothing.step_seconds()), (None, None));
    }
}
